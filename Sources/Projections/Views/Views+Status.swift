package import Bytes
internal import LMDB
internal import Ledger
internal import POSIX

/// How a version of a projection stands.
package struct ProjectionStatus: Sendable {
    /// What it is doing.
    package enum Condition: String, Sendable {
        /// At the end of the log.
        case following
        /// Moves, or has moved a moment ago.
        case behind
        /// Its rows are being built, or the build was interrupted.
        case building
        /// There are events that it should have folded, and it does not move.
        case stuck
    }

    package let name: String
    package let version: Int
    /// Whether it answers.
    package let isActive: Bool
    package let condition: Condition
    /// Events that its rows stand on.
    package let position: UInt64
    package let logSize: UInt64
    package var lagEvents: UInt64 { logSize - min(position, logSize) }
    /// How long ago the first event was recorded that is not folded; 0 if there is none.
    package let lagSeconds: Double
    /// Events folded a second, in the last transaction that took a tenth of a second or more.
    package let rate: Double?
    package let tally: Tally
    /// Rows for which no key is known.
    package let waiting: Int
    /// Links that are not followed as they would join two rows.
    package let conflicts: Int
    package let lastError: String?
    /// When rows or position last moved.
    package let movedAt: Timestamp?
}

/// An event that could not be folded.
package struct QuarantinedEvent: Sendable {
    package let sequence: UInt64
    /// The line of the definition that asks for what is not there.
    package let line: Int
    package let reason: String
}

extension Views {
    /// How long a view may have events to fold without moving before it is stuck.
    private static let patienceMicroseconds: Int64 = 10_000_000

    /// How all versions of all projections stand, by name and version.
    ///
    /// With `catchesUp` the views that answer are folded to the end of the log first.
    package func status(catchesUp: Bool) throws -> [ProjectionStatus] {
        if catchesUp, !isReadOnly { _ = try followAll() }
        return try store.environment.read { transaction in
            // The log is looked at after the views, so that it has all that they stand on.
            try ledger.read { snapshot in
                let end = try LogEnd(snapshot)
                return try catalogue.views(in: transaction).map { view in
                    guard let rows = try catalogue.rows(view.rows, in: transaction) else {
                        throw ViewError.damaged
                    }
                    let active = try catalogue.version(.active, of: view.name, in: transaction)
                    let links = try LinkReport(
                        StoredRowReader(store, view.rows, plan(of: view)),
                        in: transaction,
                        snapshot
                    )
                    return try Self.status(view, rows, active, links, end, snapshot)
                }
            }
        }
    }

    private static func status(
        _ view: StoredView,
        _ rows: StoredRows,
        _ active: Int?,
        _ links: LinkReport,
        _ end: LogEnd,
        _ snapshot: borrowing Snapshot
    ) throws -> ProjectionStatus {
        let now = Clock.microseconds
        var lag: Int64 = 0
        if rows.position < end.size,
            let recorded = try snapshot.line(at: rows.position)?.recordedTime
        {
            lag = max(0, now - recorded.microseconds)
        }
        let condition: ProjectionStatus.Condition =
            if rows.build != nil {
                .building
            } else if rows.position >= end.size {
                rows.position > end.size ? .stuck : .following
            } else if !rows.lastError.isEmpty
                || (lag > patienceMicroseconds && now - rows.movedAt > patienceMicroseconds)
            {
                .stuck
            } else {
                .behind
            }
        return ProjectionStatus(
            name: view.name,
            version: view.version,
            isActive: active == view.version,
            condition: condition,
            position: rows.position,
            logSize: end.size,
            lagSeconds: Double(lag) / 1_000_000,
            rate: rows.rate == 0 ? nil : Double(rows.rate),
            tally: rows.tally,
            waiting: links.waiting,
            conflicts: links.conflicts.count,
            lastError: rows.lastError.isEmpty ? nil : rows.lastError,
            movedAt: rows.movedAt == 0 ? nil : Timestamp(microseconds: rows.movedAt)
        )
    }

    /// The events of a view that could not be folded, and those whose links are not followed, in
    /// the log's order.
    package func quarantined(_ request: ViewRequest) throws -> [QuarantinedEvent] {
        let view = try open(request)
        let plan = try plan(of: view)
        return try ledger.read { snapshot in
            try store.environment.read { transaction in
                let number = try rows(of: view, in: transaction).number
                var events = try misfits(number, in: transaction).map { sequence, misfit in
                    QuarantinedEvent(
                        sequence: sequence,
                        line: misfit.line,
                        reason: misfit.what
                    )
                }
                let links = try LinkReport(
                    StoredRowReader(store, number, plan),
                    in: transaction,
                    snapshot
                )
                for conflict in links.conflicts {
                    events.append(
                        QuarantinedEvent(
                            sequence: conflict.stamp.sequence,
                            line: plan.rules.indices.contains(conflict.stamp.rule)
                                ? plan.rules[conflict.stamp.rule].line : 0,
                            reason:
                                "its link of \(conflict.from) and \(conflict.to) would join two "
                                + "rows; what it says of its own row counts"
                        )
                    )
                }
                return events.sorted { $0.sequence < $1.sequence }
            }
        }
    }

    private func misfits(
        _ rows: UInt32,
        in transaction: borrowing ReadTransaction
    ) throws -> [(sequence: UInt64, misfit: Misfit)] {
        let prefix = ViewKey.prefix(rows)
        var found: [(sequence: UInt64, misfit: Misfit)] = []
        var cursor = try transaction.cursor(over: store.quarantine, from: prefix)
        while try cursor.next() {
            guard cursor.keyBytes.hasPrefix(prefix.span) else { break }
            guard let sequence = BigEndian.uint64(cursor.keyBytes, at: prefix.count),
                let misfit = Misfit(record: cursor.value)
            else { throw ViewError.damaged }
            found.append((sequence, misfit))
        }
        return found
    }

    /// Folds the quarantined events of a view again, such as after the program learned to.
    ///
    /// - Returns: how many were tried, and how many are folded now.
    package func retry(_ request: ViewRequest) throws -> (retried: Int, applied: Int) {
        let view = try open(request)
        let plan = try plan(of: view)
        return try ledger.read { snapshot in
            try store.write { transaction in
                guard var rows = try catalogue.rows(view.rows, in: transaction) else {
                    throw ViewError.damaged
                }
                let waiting = try quarantine(of: rows.number, in: transaction)
                var folding = Folding(plan)
                try folding.fold(snapshot, waiting)
                let still = Set(folding.misfits.map(\.sequence))
                for sequence in waiting where !still.contains(sequence) {
                    let key = ViewKey.quarantined(rows.number, sequence)
                    _ = try transaction.remove(key.span, in: store.quarantine)
                }
                rows.tally.quarantined -= UInt64(waiting.count)
                try commit(
                    &folding,
                    &rows,
                    isFresh: false,
                    followsLog: false,
                    snapshot,
                    &transaction
                )
                try catalogue.put(rows, in: &transaction)
                return (waiting.count, waiting.count - still.count)
            }
        }
    }

    private func quarantine(
        of rows: UInt32,
        in transaction: borrowing WriteTransaction
    ) throws -> [UInt64] {
        let prefix = ViewKey.prefix(rows)
        var found: [UInt64] = []
        var cursor = try transaction.cursor(over: store.quarantine, from: prefix)
        while try cursor.next() {
            guard cursor.keyBytes.hasPrefix(prefix.span),
                let sequence = BigEndian.uint64(cursor.keyBytes, at: prefix.count)
            else { break }
            found.append(sequence)
        }
        return found
    }
}
