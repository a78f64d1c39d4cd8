package import HTTPClient
package import Ledger
internal import POSIX
internal import Synchronization

/// Passes requests on to services, within their limits, and records every attempt.
package final class Gateway: Sendable {
    /// Bytes of requests that may be held at once.
    private static let mostHeldBytes = 256 << 20

    private let lanes: [String: ServiceLane]
    private let mostUnderWay: Int
    private let context: CallContext

    /// Makes a gateway to the services given.
    ///
    /// At most `mostUnderWay` requests wait or are under way at once, lest webhooks find no
    /// connection. `keepSecret` is told what a provider puts in the place of a secret, with the reference that
    /// the old one was read from.
    package init(
        _ services: [OutboundService],
        mostUnderWay: Int,
        loop: TransferLoop,
        writer: Writer,
        keepSecret: @escaping @Sendable (_ reference: String, _ value: [UInt8]) -> Void
    ) {
        let context = CallContext(
            loop: loop,
            writer: writer,
            clock: SteadyClock(),
            keepSecret: keepSecret
        )
        self.context = context
        self.mostUnderWay = mostUnderWay
        lanes = Dictionary(
            uniqueKeysWithValues: services.map { ($0.name, ServiceLane($0, context)) }
        )
    }

    /// The service of a name; `nil` if none is configured so.
    package func service(named name: String) -> OutboundService? { lanes[name]?.service }

    /// How each service stands, by name.
    package var status: [ServiceStatus] {
        lanes.values.map(\.status).sorted { $0.name < $1.name }
    }

    /// The first intent whose outcome is not recorded yet; `nil` if all are.
    package var firstOpenIntent: UInt64? { context.firstOpen }

    /// Passes a request on; its answer, or why there is none, goes to `answerer`.
    package func call(
        _ request: GatewayRequest,
        of service: String,
        _ answerer: any CallAnswerer
    ) {
        guard let lane = lanes[service] else {
            answerer.refuse(CallProblem(.badTarget, "no such service"), call: nil)
            return
        }
        guard context.heldBytes.load(ordering: .relaxed) < Self.mostHeldBytes,
            context.underWay.load(ordering: .relaxed) < mostUnderWay
        else {
            answerer.refuse(
                CallProblem(.busy, "too much is under way", retryAfter: .seconds(1)),
                call: nil
            )
            return
        }
        CallRun(request, lane, answerer).ask()
    }

    /// Closes what earlier processes left open, and goes on counting where they stopped.
    ///
    /// - Returns: how many intents had no outcome.
    package func restore(_ recall: CallRecall) throws -> Int {
        for (service, calls) in recall.arrivals(at: context.clock.now) {
            lanes[service]?.restore(calls)
        }
        let closed = recall.closings()
        if !closed.isEmpty { _ = try context.writer.append(closed) }
        return closed.count
    }

    /// Waits until every request is answered and every call recorded, but not for long: to be
    /// called when the loop has stopped, before the ledger closes.
    package func drain() {
        for _ in 0..<300 where context.underWay.load(ordering: .relaxed) > 0 {
            sleepMilliseconds(10)
        }
    }

    /// Lets no further attempt begin, and answers those who wait; what is under way goes on.
    package func stop() {
        context.isStopping.store(true, ordering: .relaxed)
        for lane in lanes.values { lane.stop() }
    }
}
