internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// One thread that serves its share of the connections.
///
/// Everything libmicrohttpd does for them happens on this thread. What comes from others, new
/// connections, late answers and more of streams, comes through an inbox; whoever finds it empty
/// wakes the worker, so a batch of answers costs one system call.
final class Worker: Sendable {
    let server: ServerState
    /// Requests that wait for their responder.
    let suspended = Atomic<Int>(0)
    /// The socket libmicrohttpd told last that it started with.
    let started = Atomic<Int32>(-1)
    private let inbox = Mutex(Inbox())
    private let signal: WakeUp
    private let isEnding = Atomic<Bool>(false)
    private let thread = Mutex<Thread?>(nil)

    struct Inbox {
        var sockets: [AcceptedSocket] = []
        var answers: [LateAnswer] = []
        var wakes: [Wake] = []
        var isClosed = false
        var isEmpty: Bool { sockets.isEmpty && answers.isEmpty && wakes.isEmpty }
    }

    init(server: ServerState, tls: TLSFiles?) throws(HTTPServerError) {
        self.server = server
        self.signal = try WakeUp()
        let daemon = try Daemon(worker: self, tls: tls)
        do throws(HTTPServerError) {
            try daemon.wake(by: signal)
            let started = try Thread { [self] in run(daemon) }
            thread.withLock { $0 = started }
        } catch {
            daemon.stop()
            throw error
        }
    }

    deinit {
        close(signal.descriptor)
    }

    /// Serves a connection; from any thread.
    func serve(_ socket: AcceptedSocket) {
        post { $0.sockets.append(socket) }
    }

    /// Answers a request that waits; from any thread.
    func settle(_ answer: LateAnswer) {
        post { $0.answers.append(answer) }
    }

    /// Goes on with a stream; from any thread.
    func wake(_ wake: Wake) {
        post { $0.wakes.append(wake) }
    }

    /// Lets libmicrohttpd look once more at what it has.
    func turn() {
        signal.signal()
    }

    /// Ends the thread, breaking what is still open, and waits for it.
    func end() {
        isEnding.store(true, ordering: .releasing)
        signal.signal()
        thread.withLock { $0 }?.join()
    }

    private func post(_ change: (inout Inbox) -> Void) {
        let isFirst = inbox.withLock { inbox in
            if inbox.isClosed { return false }
            let isFirst = inbox.isEmpty
            change(&inbox)
            return isFirst
        }
        if isFirst { signal.signal() }
    }

    private func run(_ daemon: Daemon) {
        blockBrokenPipeSignal()
        var spare = Inbox()
        while !isEnding.load(ordering: .acquiring) {
            inbox.withLock { swap(&$0, &spare) }
            let isIdle = spare.isEmpty
            take(&spare, daemon)
            daemon.run(mayWait: isIdle)
        }
        inbox.withLock { inbox in
            swap(&inbox, &spare)
            inbox.isClosed = true
        }
        for socket in spare.sockets { server.discard(socket) }
        for connection in server.table.snapshot where connection.worker === self {
            connection.resume(with: nil)
            connection.wake(isGone: true)
            if connection.breaksByReset.load(ordering: .relaxed) { connection.shutDown() }
        }
        daemon.stop()
    }

    /// Empties `inbox`, which keeps its memory.
    private func take(_ inbox: inout Inbox, _ daemon: Daemon) {
        for socket in inbox.sockets {
            started.store(-1, ordering: .relaxed)
            // A connection that started before it failed has been taken leave of already.
            if !daemon.add(socket) && started.load(ordering: .relaxed) < 0 {
                server.table.release(socket.address, limit: server.limits.connectionsPerAddress)
            }
        }
        inbox.sockets.removeAll(keepingCapacity: true)
        for late in inbox.answers where late.turn == late.connection.turn {
            late.connection.resume(with: late.answer)
        }
        inbox.answers.removeAll(keepingCapacity: true)
        for wake in inbox.wakes { wake.connection.wake(isGone: wake.isGone) }
        inbox.wakes.removeAll(keepingCapacity: true)
    }
}

/// An answer on its way to the worker.
struct LateAnswer: Sendable {
    let connection: Connection
    let turn: Int
    let answer: HTTPAnswer
}

/// Word to the worker that a stream has more, has ended, or has no client any more.
struct Wake: Sendable {
    let connection: Connection
    var isGone = false
}

extension Connection {
    /// Rests until the responder given to `start` has answered.
    func suspend(_ start: (Responder) -> Void) {
        turn += 1
        isWaiting = true
        worker.suspended.add(1, ordering: .relaxed)
        unsafe MHD_suspend_connection(handle)
        start(Responder(promise: Promise(connection: self, turn: turn)))
    }

    /// Goes on with an answer, or breaks the connection; does nothing if it does not wait.
    func resume(with answer: HTTPAnswer?) {
        guard isWaiting else { return }
        isWaiting = false
        lateAnswer = answer
        worker.suspended.subtract(1, ordering: .relaxed)
        unsafe MHD_resume_connection(handle)
    }
}

/// Writing to a client that is gone must be an error, not the end of the process.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
}
