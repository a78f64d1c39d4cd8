internal import Bytes
internal import HTTPClient
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
    private let syncs: SyncWatcher
    /// The log's size at the last look, before which every intent is known of.
    private let lastSize: Mutex<UInt64>

    /// Begins, after having closed what an earlier process left open.
    init(
        _ ledger: Ledger,
        _ writer: Writer,
        _ configuration: Configuration,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        let loop = try TransferLoop()
        self.ledger = ledger
        self.loop = loop
        let path = ledger.path
        do {
            gateway = Gateway(configuration.services, loop: loop, writer: writer) {
                reference,
                value in
                do {
                    try Secrets.keep(value, as: reference, ledger: path)
                } catch {
                    report("\(error)")
                }
            }
            position = CallPosition(ledger)
            let windows = configuration.services.flatMap(\.limits.windows).map(
                \.rate.window.seconds
            )
            let now = Timestamp(microseconds: Clock.microseconds)
            let (recall, size) = try position.recall(window: windows.max() ?? 0, at: now)
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
        guard let size = try? ledger.read({ try $0.size }) else { return }
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
        syncs.stop()
        deliveries?.stop()
        loop.stop()
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
        // Whoever answers at length has answered all the same.
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
