package import Bytes
package import Ledger
internal import Outbound
internal import POSIX

/// What is delivered and what is not, over the log alone: beside a server, or without one.
package final class Deliveries {
    private let ledger: Ledger
    private let appending: AppendingLedger?

    /// Events of orders that are recorded in one commit.
    private static let group = 512

    /// Opens the ledger in a folder; `appends` for giving orders.
    package init(ledger path: String, appends: Bool, actor: Actor? = nil) throws {
        appending = appends ? try AppendingLedger(path: path, actor: actor) : nil
        ledger = try appending?.ledger ?? Ledger(path: path, options: .init(appends: false))
    }

    /// Ends the writer after what waits is written.
    package func close() { appending?.close() }

    /// The events of a rule, or of all, that fit, in the log's order.
    ///
    /// - Throws: `ConfigurationProblem` for a rule that the log does not know.
    package func rows(of rule: String?, _ filter: DeliveryFilter) throws -> [DeliveryRow] {
        let now = Timestamp(microseconds: Clock.microseconds)
        return try ledger.read { snapshot in
            try DeliverySurvey(names(rule, snapshot), filter, snapshot).rows(at: now, snapshot)
        }
    }

    /// Orders that the events of a rule that fit and are settled be sent again.
    ///
    /// - Returns: how many that are.
    /// - Throws: `ConfigurationProblem` for a rule that the log does not know.
    package func retry(_ rule: String, _ filter: DeliveryFilter) throws -> Int {
        guard let writer = appending?.writer else { throw AppendError.stopped }
        let sequences = try ledger.read { snapshot in
            try DeliverySurvey(names(rule, snapshot), filter, snapshot).settled(snapshot)
        }
        var drafts: [Draft] = []
        for (index, sequence) in sequences.enumerated() {
            drafts.append(DeliveryEvent.order(.retry, rule: rule, event: sequence))
            guard drafts.count == Self.group || index == sequences.count - 1 else { continue }
            _ = try writer.append(drafts)
            drafts = []
        }
        return sequences.count
    }

    /// Orders that nothing of a rule be sent until it is resumed; the order's sequence.
    package func pause(_ rule: String) throws -> UInt64 { try order(.paused, rule) }

    /// Orders that a rule go on that was paused, or stopped by its destination.
    package func resume(_ rule: String) throws -> UInt64 { try order(.resumed, rule) }

    private func order(_ order: DeliveryEvent.Order, _ rule: String) throws -> UInt64 {
        guard let writer = appending?.writer else { throw AppendError.stopped }
        _ = try ledger.read { try names(rule, $0) }
        return try writer.append([DeliveryEvent.order(order, rule: rule)])[0].sequence
    }

    /// The rule by its name, or all that the log knows.
    private func names(_ rule: String?, _ snapshot: borrowing Snapshot) throws -> [String] {
        if let rule {
            let id = DeliveryEvent.firstID(ofRule: rule)
            if try snapshot.sequence(source: AdminEvent.source, id: id) != nil { return [rule] }
        }
        var names: [String] = []
        try snapshot.forEachLine(from: 0) { _, line in
            if let name = DeliveryEvent.firstRule(line) { names.append(name) }
            return true
        }
        guard let rule else { return names }
        let known = names.isEmpty ? "none yet" : names.sorted().joined(separator: ", ")
        throw ConfigurationProblem(
            "no rule of deliveries is called \"\(rule)\"; the log knows \(known)"
        )
    }
}

/// Which deliveries are meant.
package struct DeliveryFilter: Sendable {
    /// How they stand.
    package var states: Set<DeliveryState>
    /// The event with this sequence only.
    package var sequence: UInt64?
    /// What the event's line says, and when it was recorded.
    package var query = LogQuery()

    /// Takes how they stand.
    package init(_ states: Set<DeliveryState>) {
        self.states = states
    }
}

/// How a delivery stands.
package enum DeliveryState: String, CaseIterable, Sendable {
    /// Neither delivered nor given up, and due.
    case pending
    /// Neither delivered nor given up, and not to be sent yet: its next attempt is due later, an
    /// earlier event of its subject goes first, or the rule is stopped.
    case waiting
    /// Given up.
    case dead
    /// Delivered.
    case done
}

/// An event and how its delivery stands.
package struct DeliveryRow: Sendable {
    /// The rule's name.
    package let rule: String
    /// The event's sequence.
    package let sequence: UInt64
    /// The event's type.
    package let type: String?
    /// The event's subject.
    package let subject: String?
    /// How it stands.
    package let state: DeliveryState
    /// Attempts since it was last ordered to be sent again.
    package let attempts: Int
    /// The status of the newest attempt's answer.
    package let status: UInt64?
    /// Why the newest attempt failed without a status, or else what it waits for.
    package let reason: String?
    /// When it is sent again, at the earliest.
    package let next: Timestamp?
}
