internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server, plain or with TLS, over libmicrohttpd.
///
/// Stop it before letting it go: dropping a running server stops it without grace, and may not
/// happen on one of its own threads.
package final class HTTPServer: Sendable {
    /// The port in use.
    package let port: UInt16

    private let state: ServerState
    private let workers: [Worker]
    private let housekeeper: Housekeeper
    private let isStopped = Mutex(false)

    /// Starts to serve; port 0 takes any free one.
    ///
    /// `address` is an IP address, or a name of which the first address is taken; `::` is all of
    /// IPv6 and IPv4. `threads` is the number of worker threads; one more accepts.
    package init(
        address: String,
        port: UInt16,
        threads: Int,
        limits: HTTPLimits = HTTPLimits(),
        tls: TLSFiles? = nil,
        handler: any HTTPHandler
    ) throws(HTTPServerError) {
        let listener = try Listener(address: address, port: port)
        var workers: [Worker] = []
        do throws(HTTPServerError) {
            let state = try ServerState(limits: limits, handler: handler)
            for _ in 0..<max(1, threads) { workers.append(try Worker(server: state, tls: tls)) }
            self.housekeeper = try Housekeeper(state: state, listener: listener, workers: workers)
            self.state = state
        } catch {
            for worker in workers { worker.end() }
            close(listener.descriptor)
            throw error
        }
        self.port = listener.port
        self.workers = workers
    }

    deinit {
        stop(graceSeconds: 0)
    }

    /// Connections accepted and not yet closed.
    package var openConnections: Int { state.table.open.load(ordering: .relaxed) }

    /// Requests that wait for their responder.
    package var suspendedRequests: Int {
        workers.reduce(0) { $0 + $1.suspended.load(ordering: .relaxed) }
    }

    /// Takes no more connections, finishes the requests it has, then ends.
    ///
    /// Gives the number of requests that were cut off when the grace was over. A handler that
    /// blocks is waited for in any case. Further calls do nothing. Not to be called by a handler.
    @discardableResult
    package func stop(graceSeconds: Double) -> Int {
        isStopped.withLock { isStopped in
            if isStopped { return 0 }
            isStopped = true
            return end(graceSeconds)
        }
    }

    private func end(_ graceSeconds: Double) -> Int {
        state.isStopping.store(true, ordering: .releasing)
        state.wakeUp.signal()
        let deadline = monotonicNanoseconds() + UInt64(max(0, graceSeconds) * 1e9)
        var now = monotonicNanoseconds()
        while openConnections > 0 && now < deadline {
            state.table.shutDownIdle(at: now, for: idleNanoseconds)
            usleep(5000)
            now = monotonicNanoseconds()
        }
        let cut = state.table.busy
        housekeeper.end()
        for worker in workers { worker.end() }
        return cut
    }

    /// A client that has just connected, or just got its answer, may have a request under way.
    private var idleNanoseconds: UInt64 { 100_000_000 }
}
