internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// The one thread beside the workers: accepts, ends what is overdue, drains what lingers.
final class Housekeeper: Sendable {
    private let state: ServerState
    private let listener: Listener
    private let workers: [Worker]
    private let isEnding = Atomic<Bool>(false)
    private let thread = Mutex<Thread?>(nil)

    private static let sweepMilliseconds: Int32 = 200
    /// A flood of connections must not keep the thread from its other duties.
    private static let acceptsMax = 64

    init(state: ServerState, listener: Listener, workers: [Worker]) throws(HTTPServerError) {
        self.state = state
        self.listener = listener
        self.workers = workers
        let started = try Thread { [self] in run() }
        thread.withLock { $0 = started }
    }

    /// Ends the thread and waits for it.
    func end() {
        isEnding.store(true, ordering: .releasing)
        state.wakeUp.signal()
        thread.withLock { $0 }?.join()
        state.lingering.closeAll()
    }

    private func run() {
        var isListening = true
        var isExhausted = false
        var next = 0
        var swept = monotonicNanoseconds()
        while !isEnding.load(ordering: .acquiring) {
            if isListening && state.isStopping.load(ordering: .acquiring) {
                close(listener.descriptor)
                isListening = false
            }
            let open = state.table.open.load(ordering: .relaxed)
            let takesMore = isListening && open < state.limits.connections && !isExhausted
            let isQuiet = open == 0 && !isExhausted
            let isReady = wait(forConnections: takesMore, isQuiet: isQuiet)
            isExhausted = isReady ? accept(&next) : false
            let now = monotonicNanoseconds()
            state.lingering.drain(at: now)
            if now - swept >= UInt64(Self.sweepMilliseconds) * 1_000_000 {
                state.table.shutDownOverdue(at: now)
                for connection in state.table.abandoned {
                    connection.worker.wake(Wake(connection: connection, isGone: true))
                }
                swept = now
            }
        }
        if isListening { close(listener.descriptor) }
    }

    /// Sleeps until something is to be done; true if connections wait.
    private func wait(forConnections: Bool, isQuiet: Bool) -> Bool {
        var events = [pollfd(fd: state.wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        // Negative descriptors are skipped.
        let listening = forConnections ? listener.descriptor : -1
        events.append(pollfd(fd: listening, events: Int16(POLLIN), revents: 0))
        for descriptor in state.lingering.descriptors {
            events.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
        }
        let hasDeadlines = !isQuiet || events.count > 2
        unsafe poll(&events, nfds_t(events.count), hasDeadlines ? Self.sweepMilliseconds : -1)
        if events[0].revents != 0 { state.wakeUp.clear() }
        return events[1].revents != 0
    }

    /// Accepts what waits, up to the limit; true if the process is out of descriptors.
    private func accept(_ next: inout Int) -> Bool {
        for _ in 0..<Self.acceptsMax
        where state.table.open.load(ordering: .relaxed) < state.limits.connections {
            switch listener.accept() {
            case .nothing: return false
            case .exhausted: return true
            case .socket(let socket):
                let limit = state.limits.connectionsPerAddress
                if state.table.reserve(socket.address, limit: limit) {
                    next = (next + 1) % workers.count
                    workers[next].serve(socket)
                } else {
                    close(socket.descriptor)
                }
            }
        }
        return false
    }
}
