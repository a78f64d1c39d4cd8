package import Ledger
internal import POSIX

/// Delivers events to the destinations of the rules, while a ledger is served.
///
/// One thread follows the log, sends what is due and records each attempt. A slow destination keeps
/// none but its own rule waiting.
package final class DeliveryEngine: Sendable {
    /// Begins to send a request; `done` is to be called once, from any thread, and is quick.
    package typealias Send =
        @Sendable (
            _ request: DeliveryRequest,
            _ done: @escaping @Sendable (DeliveryResult) -> Void
        ) -> Void

    private let mailbox = DeliveryMailbox()
    private let thread: BackgroundThread

    /// Begins to deliver; events that come after this returns are delivered by new rules as well.
    ///
    /// `report` is told what keeps events from being delivered or recorded, once each time.
    /// - Throws: `AppendError` when the ledger takes no events, or what reading it throws.
    package init(
        _ ledger: Ledger,
        rules: [DeliveryRule],
        send: @escaping Send,
        report: @escaping @Sendable (_ rule: String, _ problem: String) -> Void
    ) throws {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        let unknown = try ledger.read { snapshot in
            try rules.filter { rule in
                let id = DeliveryEvent.firstID(ofRule: rule.name)
                return try snapshot.sequence(source: AdminEvent.source, id: id) == nil
            }
        }
        let first = unknown.map { DeliveryEvent.rule($0.terms, isFirst: true) }
        if !first.isEmpty { _ = try writer.append(first) }
        let books = try ledger.read { snapshot in
            let mark = try DeliveryMark.load(ledger: ledger.path, snapshot)
            return try DeliveryBooks(names: rules.map(\.name), mark, snapshot)
        }
        let byName = rules.reduce(into: [:]) { $0[$1.name] = $1 }
        thread = try BackgroundThread("deliveries") { [mailbox] in
            var worker = DeliveryWorker(
                ledger: ledger,
                writer: writer,
                rules: byName,
                send: send,
                report: report,
                mailbox: mailbox,
                books: books
            )
            worker.run()
        }
    }

    /// How the rules stand, as of a moment ago; none before the log has been read to its end.
    package var statuses: [DeliveryStatus] { mailbox.statuses }

    /// Begins no more attempts, waits for those under way as long as the grace allows, and ends.
    ///
    /// Attempts that end later are not recorded: they are made again at the next start.
    package func stop(graceMilliseconds: UInt64 = 3_000) {
        mailbox.stop(by: Clock.monotonicNanoseconds + graceMilliseconds * 1_000_000)
        thread.join()
    }
}
