internal import CCurl
internal import Synchronization

/// Many transfers at once, on one thread.
///
/// Connections are kept and used again, with HTTP/2 shared as well. Hosts must prove who they are
/// (TLS 1.2 or later), redirects are not followed, no cookie, credential or alternative service is
/// used, and every request is sent once at most: libcurl's own repetition on a connection that
/// died is refused, since the host may have acted on what it got.
package final class TransferLoop: Sendable {
    private let inbox: Inbox
    private let thread: Mutex<Thread?>
    private let lastNumber = Atomic<UInt64>(0)

    /// Starts the thread.
    package init() throws(HTTPClientError) {
        let inbox = try Inbox()
        let engine = try TransferEngine(inbox)
        self.inbox = inbox
        let started = try Thread { engine.run() }
        thread = Mutex(started)
    }

    deinit {
        // Its last holder can be the thread itself, which cannot wait for its own end.
        guard let left = thread.withLock({ $0 }) else { return }
        _ = inbox.post(.stop)
        left.detach()
    }

    /// Begins a transfer; from any thread, also from a receiver.
    ///
    /// Whatever cannot be sent is told by `ended`. Once the loop has stopped, that is called at
    /// once, on this thread, with `.cancelled`.
    @discardableResult
    package func start(
        _ request: ClientRequest,
        _ rules: TransferRules,
        _ receiver: any TransferReceiver
    ) -> TransferID {
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let id = TransferID(number: number)
        let start = TransferStart(
            id: id,
            request: request,
            rules: rules,
            receiver: receiver,
            moment: monotonicNanoseconds()
        )
        if !inbox.post(.start(start)) { start.cancel() }
        return id
    }

    /// Lets the answer go on after `received` gave `false`; from any thread.
    package func resume(_ id: TransferID) {
        _ = inbox.post(.resume(id))
    }

    /// Ends a transfer with `.cancelled`, if it has not ended yet; from any thread.
    package func cancel(_ id: TransferID) {
        _ = inbox.post(.cancel(id))
    }

    /// Runs something on the loop's thread, soon; from any thread.
    ///
    /// After `stop` it does not run.
    package func perform(_ body: @escaping @Sendable () -> Void) {
        _ = inbox.post(.perform(body))
    }

    /// Runs something on the loop's thread once a time has passed; from any thread.
    ///
    /// Those that are due at one moment run in the order in which they were asked for. After
    /// `stop` none runs.
    package func perform(after nanoseconds: UInt64, _ body: @escaping @Sendable () -> Void) {
        let (moment, isBeyond) = monotonicNanoseconds().addingReportingOverflow(nanoseconds)
        _ = inbox.post(.performAt(isBeyond ? .max : moment, body))
    }

    /// Cancels all and ends the thread; must not be called on it.
    package func stop() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        _ = inbox.post(.stop)
        running.join()
    }
}

extension TransferStart {
    /// Ends the transfer before it has begun.
    func cancel() {
        end(.cancelled)
    }

    /// Ends the transfer before anything of it was sent.
    func end(_ problem: HTTPClientError) {
        receiver.ended(
            TransferEnd(
                problem: problem,
                wasSent: false,
                microseconds: Int64((monotonicNanoseconds() - moment) / 1000),
                isCut: false
            )
        )
    }
}
