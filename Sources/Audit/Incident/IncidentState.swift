internal import Projections

/// What an incident left changed in the rows of one projection.
struct IncidentState {
    /// One row that differs.
    struct Difference {
        let passage: RowPassage
        /// Whether it belongs to an entity that was affected.
        let isAffected: Bool
        let changes: [Change]
    }

    /// Rows of a projection that are shown; the rest is counted.
    static let limit = 25

    let projection: String
    private(set) var added = 0
    private(set) var removed = 0
    private(set) var changed = 0
    /// Rows that events told something that they said already.
    private(set) var unchanged = 0
    /// Those of affected entities first, then by key.
    private(set) var differences: [Difference] = []
    private(set) var omitted = 0

    /// The projections of which some row was touched, in their order.
    static func all(_ passages: [RowPassage], _ subjects: IncidentSubjects) -> [IncidentState] {
        var affected: Set<String> = []
        for subject in subjects.affected.values {
            for row in subject.rows { affected.insert(place(row)) }
        }
        var states: [IncidentState] = []
        for passage in passages where !passage.isWaiting && !passage.touched.isEmpty {
            if states.last?.projection != passage.projection {
                states.append(IncidentState(projection: passage.projection))
            }
            states[states.count - 1].take(passage, affected.contains(place(passage)))
        }
        for place in states.indices { states[place].finish() }
        return states
    }

    private init(projection: String) { self.projection = projection }

    private mutating func take(_ passage: RowPassage, _ isAffected: Bool) {
        let changes = passage.changes
        switch (passage.before, passage.after) {
        case (nil, nil): return
        case (nil, _?): added += 1
        case (_?, nil): removed += 1
        case (_?, _?) where changes.isEmpty:
            unchanged += 1
            return
        case (_?, _?): changed += 1
        }
        differences.append(
            Difference(passage: passage, isAffected: isAffected, changes: changes)
        )
    }

    private mutating func finish() {
        // Stable by key, in which order they came.
        let sorted = differences.filter(\.isAffected) + differences.filter { !$0.isAffected }
        differences = Array(sorted.prefix(Self.limit))
        omitted = sorted.count - differences.count
    }

    private static func place(_ row: RowPassage) -> String { "\(row.projection)\u{0}\(row.key)" }
}
