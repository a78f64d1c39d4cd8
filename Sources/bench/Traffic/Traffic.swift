import Arguments
import Bytes
import Digest
import Ledger
import POSIX

/// The command `bench traffic`: a month of a retailer's webhooks, appended to a ledger.
enum Traffic {
    static let command = Command(
        "traffic",
        "appends realistic webhooks to a ledger",
        discussion: """
            Orders of WooCommerce and Shopify, payments, parcels, members and stock, in the order \
            in which they arrive: three in ten come late, one in ten comes again. Nothing is signed.
            """,
        options: [
            Option(
                "events",
                "webhooks to append, repeats included",
                value: "N",
                kind: .integer(1...100_000_000),
                default: "2000000"
            ),
            Option(
                "seed",
                "the same number makes the same webhooks",
                value: "N",
                kind: .integer(0...1_000_000_000),
                default: "1"
            ),
        ],
        operands: [Operand("LEDGER", "the ledger's folder", kind: .directory)]
    )

    /// Webhooks in one commit.
    private static let group = 4096

    static func run(_ invocation: Invocation) throws {
        let ledger = try Ledger(
            path: invocation.string("LEDGER") ?? "",
            options: .init(appends: true)
        )
        guard let writer = ledger.writer else { throw AppendError.stopped }
        defer { ledger.close() }
        let start = Clock.monotonicNanoseconds
        let simulation = Simulation(
            seed: UInt64(invocation.integer("seed") ?? 1),
            count: invocation.integer("events") ?? 2_000_000
        )
        let queue = Queue(writer)
        var salts = SaltSource()
        var bytes = 0
        for first in stride(from: 0, to: simulation.arrivals.count, by: group) {
            let end = min(first + group, simulation.arrivals.count)
            var drafts: [Draft] = []
            drafts.reserveCapacity(end - first)
            for arrival in simulation.arrivals[first..<end] {
                guard let webhook = simulation.webhook(arrival) else { continue }
                bytes += webhook.body.utf8.count
                drafts.append(draft(webhook, &salts))
            }
            try queue.append(drafts)
        }
        let duplicates = try queue.finish()
        try printMeasures([
            ("events", "\(simulation.arrivals.count)"),
            ("duplicates", "\(duplicates)"),
            ("bytes", "\(bytes)"),
            ("seconds", rounded(seconds(since: start))),
        ])
    }

    /// The event as the intake makes it.
    private static func draft(_ webhook: Webhook, _ salts: inout SaltSource) -> Draft {
        var draft = Draft(
            source: webhook.source,
            id: webhook.id,
            type: webhook.type,
            kind: .webhook
        )
        draft[.provider] = webhook.provider
        draft[.time] = Written.utc(webhook.time)
        draft[.subject] = webhook.subject
        draft[.datacontenttype] = "application/json"
        draft[.authtype] = webhook.authentication.scheme
        draft[.authid] = webhook.authentication.secret
        let salt = salts.next()
        let meta = webhook.meta
        draft.body = Body(
            salt: salt.span,
            meta: meta.utf8Span.span,
            content: webhook.body.utf8Span.span
        )
        return draft
    }

    /// Groups on their way to the disk, while the next ones are made.
    private final class Queue: Sendable {
        private struct State {
            var underway = 0
            var duplicates = 0
            var failure: AppendError?
        }

        private let writer: Writer
        private let state = Monitor(State())

        init(_ writer: Writer) { self.writer = writer }

        func append(_ drafts: [Draft]) throws {
            let failure = state.wait(until: { $0.underway < 3 }) { state in
                state.underway += 1
                return state.failure
            }
            if let failure { throw failure }
            try writer.submit(drafts) { [state] result in
                state.withLock { state in
                    state.underway -= 1
                    switch result {
                    case .success(let receipts):
                        state.duplicates += receipts.count { $0.outcome == .duplicate }
                    case .failure(let error): state.failure = error
                    }
                }
                state.signal()
            }
        }

        /// Waits for all; how many were repeats.
        func finish() throws -> Int {
            let (duplicates, failure) = state.wait(until: { $0.underway == 0 }) {
                ($0.duplicates, $0.failure)
            }
            if let failure { throw failure }
            return duplicates
        }
    }
}
