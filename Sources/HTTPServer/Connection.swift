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
    /// Whether the answer's stream has nothing to send, and the connection is suspended for that.
    var isStarving = false
    /// Whether the client would take an ordinary end of the connection for that of the answer.
    let breaksByReset = Atomic<Bool>(false)

    // The deadline in nanoseconds, shifted left by three, and the phase in the three lowest bits:
    // one word, so that the hot path pays one store for both.
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
        self.progress = Atomic(deadline << 3 | UInt64(Phase.idle.rawValue))
    }

    var server: ServerState { worker.server }

    enum Phase: UInt8 {
        /// Between requests: nothing is lost by closing.
        case idle
        case receiving
        /// The handler has it; no deadline of ours.
        case working
        case answering
        /// The client has all that there is of a stream; no deadline of ours.
        case streaming
    }

    var phase: Phase {
        Phase(rawValue: UInt8(truncatingIfNeeded: progress.load(ordering: .relaxed) & 7)) ?? .idle
    }

    /// Enters a phase that must end before `deadline`.
    func enter(_ phase: Phase, deadline: UInt64) {
        progress.store(deadline << 3 | UInt64(phase.rawValue), ordering: .relaxed)
    }

    /// Enters a phase under the running deadline.
    func enter(_ phase: Phase) {
        enter(phase, deadline: deadline)
    }

    /// When the phase must have ended, in nanoseconds.
    var deadline: UInt64 { progress.load(ordering: .relaxed) >> 3 }

    /// Whether `now` is past the deadline; while we ourselves are waited for there is none.
    func isOverdue(at now: UInt64) -> Bool {
        let word = progress.load(ordering: .relaxed)
        let phase = word & 7
        return phase != UInt64(Phase.working.rawValue)
            && phase != UInt64(Phase.streaming.rawValue) && word >> 3 < now
    }

    /// Whether nothing happened since an answer, or the start, for so long.
    func isIdle(at now: UInt64, for nanoseconds: UInt64) -> Bool {
        let word = progress.load(ordering: .relaxed)
        return word & 7 == UInt64(Phase.idle.rawValue)
            && word >> 3 < now + server.requestNanoseconds - nanoseconds
    }

    /// Ends both directions, upon which libmicrohttpd closes.
    ///
    /// To be called under the table's lock, or on the worker.
    func shutDown() {
        if breaksByReset.load(ordering: .relaxed) {
            // On Linux this resets the connection and leaves the descriptor open.
            var nowhere = sockaddr()
            nowhere.sa_family = sa_family_t(AF_UNSPEC)
            unsafe connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
        } else {
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }
}
