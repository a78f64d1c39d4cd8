package import Bytes
package import Ledger

/// What is past its time, by class, and what a hold keeps all the same.
///
/// Nothing is deleted by it.
package struct RetentionReport: Sendable {
    /// How a class of events stands.
    package struct Row: Sendable {
        /// As in daybook.yaml: `webhooks`.
        package let name: String
        package let time: RetentionTime
        /// The moment before which its events are past their time; `nil` if none ever is.
        package let limit: Timestamp?
        package fileprivate(set) var events: UInt64 = 0
        /// Events whose body is there.
        package fileprivate(set) var bodies: UInt64 = 0
        /// When the oldest of those was recorded.
        package fileprivate(set) var oldest: Timestamp?
        /// Bodies past their time that nothing keeps: what may be erased.
        package fileprivate(set) var past: UInt64 = 0
        /// Bytes of their content.
        package fileprivate(set) var pastBytes: UInt64 = 0
        /// The first and the last of them.
        package fileprivate(set) var pastRange: ClosedRange<UInt64>?
        /// Bodies past their time that a hold keeps.
        package fileprivate(set) var held: UInt64 = 0
    }

    /// In the order of the policy's classes.
    package private(set) var rows: [Row]

    /// Looks at the first `size` events as they stand at `now`.
    ///
    /// `isHeld` says whether a hold is in force for an event.
    package init(
        _ policy: RetentionPolicy,
        in snapshot: borrowing Snapshot,
        size: UInt64,
        now: Timestamp,
        isHeld: (_ sequence: UInt64, _ line: borrowing Line) throws -> Bool = { _, _ in false }
    ) throws {
        rows = RetentionPolicy.classes.map { name, kind in
            let time = policy.time(of: kind)
            return Row(name: name, time: time, limit: time.limit(at: now))
        }
        var places: [String: Int] = [:]
        for (place, entry) in RetentionPolicy.classes.enumerated() {
            places[entry.kind.rawValue] = place
        }
        var events = try snapshot.events(in: 0..<size)
        while try events.next() {
            guard let place = places[events.line.text(.kind) ?? ""] else { continue }
            rows[place].events += 1
            guard events.body != nil, let recorded = events.line.recordedTime else { continue }
            rows[place].bodies += 1
            rows[place].oldest = rows[place].oldest ?? recorded
            guard let limit = rows[place].limit, recorded < limit else { continue }
            if try isHeld(events.sequence, events.line) {
                rows[place].held += 1
            } else {
                rows[place].addPast(events.sequence, events.line.integer(.bodysize) ?? 0)
            }
        }
    }
}

extension RetentionReport.Row {
    fileprivate mutating func addPast(_ sequence: UInt64, _ bytes: UInt64) {
        past += 1
        pastBytes += bytes
        pastRange = (pastRange?.lowerBound ?? sequence)...sequence
    }
}
