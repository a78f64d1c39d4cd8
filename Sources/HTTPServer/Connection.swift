internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// One client connection, from accept to close.
///
/// It may cross threads, for its mutable state is divided: `slot` is guarded by the table's lock,
/// `progress` is atomic, and all other variables belong to the connection's worker thread.
@safe
final class Connection: @unchecked Sendable {
    let worker: Worker
    /// libmicrohttpd's connection.
    let handle: OpaquePointer
    let peer: String
    let address: PeerAddress
    /// Valid until the closed notification; the table's lock keeps it from being reused before.
    let descriptor: Int32
    /// Where the table keeps this connection; guarded by the table's lock.
    var slot = 0

    var request: HTTPRequest?
    /// Whether unread input is to be drained after closing, so that the answer arrives.
    var lingers = false

    /// Counts the requests that ever waited, so that a stale responder cannot answer a later one.
    var turn = 0
    /// Whether the request of this turn waits for its answer.
    var isWaiting = false
    var lateAnswer: HTTPAnswer?

    // The deadline in nanoseconds, shifted left by two, and the phase in the two lowest bits: one
    // word, so that the hot path pays one store for both.
    private let progress: Atomic<UInt64>

    init(
        worker: Worker,
        handle: OpaquePointer,
        address: PeerAddress,
        descriptor: Int32
    ) {
        self.worker = worker
        unsafe self.handle = unsafe handle
        self.address = address
        self.peer = address.text
        self.descriptor = descriptor
        let deadline = monotonicNanoseconds() + worker.server.requestNanoseconds
        self.progress = Atomic(deadline << 2 | UInt64(Phase.idle.rawValue))
    }

    var server: ServerState { worker.server }

    enum Phase: UInt8 {
        /// Between requests: nothing is lost by closing.
        case idle
        case receiving
        /// The handler has it; no deadline of ours.
        case working
        case answering
    }

    var phase: Phase {
        Phase(rawValue: UInt8(truncatingIfNeeded: progress.load(ordering: .relaxed) & 3)) ?? .idle
    }

    /// Enters a phase that must end before `deadline`.
    func enter(_ phase: Phase, deadline: UInt64) {
        progress.store(deadline << 2 | UInt64(phase.rawValue), ordering: .relaxed)
    }

    /// Enters a phase under the running deadline.
    func enter(_ phase: Phase) {
        let deadline = progress.load(ordering: .relaxed) >> 2
        enter(phase, deadline: deadline)
    }

    /// Whether `now` is past the deadline; while working there is none.
    func isOverdue(at now: UInt64) -> Bool {
        let word = progress.load(ordering: .relaxed)
        return word & 3 != UInt64(Phase.working.rawValue) && word >> 2 < now
    }

    /// Whether nothing happened since an answer, or the start, for so long.
    func isIdle(at now: UInt64, for nanoseconds: UInt64) -> Bool {
        let word = progress.load(ordering: .relaxed)
        return word & 3 == UInt64(Phase.idle.rawValue)
            && word >> 2 < now + server.requestNanoseconds - nanoseconds
    }

    /// Ends both directions, upon which libmicrohttpd closes.
    ///
    /// To be called under the table's lock, or on the worker.
    func shutDown() {
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}
