internal import Bytes
internal import HTTPClient
internal import HTTPServer
internal import Ledger
internal import Outbound
internal import POSIX
internal import Synchronization

/// All that goes out of the service: calls of the gateway, deliveries, and the watch over syncs.
final class OutboundSide: Sendable {
    let gateway: Gateway
    private let ledger: Ledger
    private let loop: TransferLoop
    private let position: CallPosition
    private let deliveries: DeliveryEngine?
    private let syncs: SyncWatcher?
    /// The log's size at the last look, before which every intent is known of.
    private let lastSize: Mutex<UInt64>

    /// Nobody else calls out for this ledger meanwhile.
    private let lock: FileLock?

    /// Begins, after having closed what an earlier process left open.
    init(
        _ ledger: Ledger,
        _ writer: Writer,
        _ configuration: Configuration,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        lock = try Self.lock(ledger.path, configuration)
        let loop = try TransferLoop()
        self.ledger = ledger
        self.loop = loop
        let path = ledger.path
        do {
            gateway = Gateway(
                configuration.services,
                mostUnderWay: configuration.limits.connections / 2,
                loop: loop,
                writer: writer
            ) { reference, value in
                do {
                    try Secrets.keep(value, as: reference, ledger: path)
                } catch {
                    report("\(error)")
                }
            }
            position = CallPosition(ledger)
            guard configuration.goesOut else {
                deliveries = nil
                syncs = nil
                lastSize = Mutex(0)
                return
            }
            let now = Timestamp(microseconds: Clock.microseconds)
            let (recall, size) = try position.recall(configuration.services, at: now)
            let closed = try gateway.restore(recall)
            if closed > 0 { report("\(closed) calls had no outcome and are recorded as failed") }
            try position.store(size)
            lastSize = Mutex(size)
            let deliveries = try Self.deliveries(ledger, configuration.deliveries, loop, report)
            self.deliveries = deliveries
            do {
                syncs = try SyncWatcher(ledger, configuration.syncs, report: report)
            } catch {
                deliveries?.stop()
                throw error
            }
        } catch {
            loop.stop()
            throw error
        }
    }

    /// Two servers would close each other's calls, exceed limits and deliver all twice.
    private static func lock(_ ledger: String, _ configuration: Configuration) throws -> FileLock? {
        guard configuration.goesOut else { return nil }
        guard let lock = try FileLock("\(ledger)/serve.lock") else {
            throw ConfigurationProblem(
                "another daybook serves \(ledger), and only one may call out for a ledger; stop it, "
                    + "or leave services, deliveries and syncs out of this one's configuration"
            )
        }
        return lock
    }

    private static func deliveries(
        _ ledger: Ledger,
        _ rules: [DeliveryRule],
        _ loop: TransferLoop,
        _ report: @escaping @Sendable (String) -> Void
    ) throws -> DeliveryEngine? {
        guard !rules.isEmpty else { return nil }
        return try DeliveryEngine(ledger, rules: rules) { request, done in
            var rules = TransferRules()
            rules.seconds = Double(request.timeout) / 1000
            rules.firstByteSeconds = rules.seconds
            rules.connectSeconds = min(rules.connectSeconds, rules.seconds)
            rules.reachesPrivate = request.allowsPrivate
            rules.allowsPlainHTTP = request.allowsPrivate
            rules.bodyBytes = DeliveryLimits.answerBytes
            let sent = ClientRequest(
                method: "POST",
                url: request.url,
                headers: request.headers,
                body: request.body
            )
            loop.start(sent, rules, DeliveryReceiver(done))
        } report: { rule, problem in
            report(rule.isEmpty ? "deliveries: \(problem)" : "deliveries of \(rule): \(problem)")
        }
    }

    /// Notes from where on the log must be read at the next start; called now and then.
    func keepPosition() {
        guard lock != nil, let size = try? ledger.read({ try $0.size }) else { return }
        let known = lastSize.withLock { last in
            defer { last = size }
            return last
        }
        try? position.store(min(known, gateway.firstOpenIntent ?? known))
    }

    /// Lets no further attempt begin, while what is under way goes on.
    func finish() { gateway.stop() }

    /// Ends what is under way and all threads.
    func close() {
        syncs?.stop()
        deliveries?.stop()
        loop.stop()
        gateway.drain()
    }
}

/// Collects a destination's answer, of which the beginning is enough.
private final class DeliveryReceiver: TransferReceiver {
    private let done: @Sendable (DeliveryResult) -> Void
    private let state = Mutex<(head: AnswerHead?, body: [UInt8])>((nil, []))

    init(_ done: @escaping @Sendable (DeliveryResult) -> Void) {
        self.done = done
    }

    func began(_ head: AnswerHead) { state.withLock { $0.head = head } }

    func received(_ piece: Span<UInt8>) -> Bool {
        let piece = [UInt8](copying: piece)
        state.withLock { $0.body += piece }
        return true
    }

    func ended(_ end: TransferEnd) {
        let (head, body) = state.withLock { $0 }
        // Whoever answers at length has answered all the same; who does not end has not.
        let problem = end.isCut ? nil : end.problem
        done(
            DeliveryResult(
                status: problem == nil ? head?.status : nil,
                headers: head?.headers ?? [],
                body: body,
                problem: problem.map { CallProblem($0).reason },
                milliseconds: UInt64(max(0, end.microseconds / 1000))
            )
        )
    }
}
