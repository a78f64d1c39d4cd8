package import Bytes
internal import Ledger
package import Projections

/// How many others a trouble hit (I5): the entities that events with the same marks are about.
package struct Blast: Sendable {
    /// One of them.
    package struct Entity: Sendable {
        /// The events' subject; of a projection the row's key.
        package let name: String
        package var events: UInt64 = 0
        package var first: UInt64
        package var last: UInt64
        package var firstTime: Timestamp
        package var lastTime: Timestamp
        /// The money at stake: the newest amount that one of the events says; of a projection what
        /// the row says now.
        package var amount: ExactAmount?
        /// Which column says the money.
        package var amountFrom: String?
    }

    /// By the first event of each.
    package private(set) var entities: [Entity] = []
    package private(set) var events: UInt64 = 0
    /// Events that name no entity.
    package private(set) var unassigned: UInt64 = 0
    /// Entities for which no amount is known.
    package private(set) var withoutAmount: UInt64 = 0
    package private(set) var sums = MoneySums()
    private var places: [String: Int] = [:]

    /// Finds what the events of a selection are about that meet conditions.
    ///
    /// With `projection` an entity is a row that the event shaped, else the event's subject.
    package init(
        _ conditions: EventConditions,
        _ selection: EventSelection,
        projection: String?,
        size: UInt64,
        views: Views,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws {
        var found: [Found] = []
        try views.ledger.read { snapshot in
            try selection.forEach(in: snapshot, size: size) { sequence, line in
                if sequence & 0xFFF == 0 { progress(sequence, size) }
                guard conditions.match(line), let time = line.recordedTime else { return true }
                found.append(Found(sequence, time, line.text(.subject)))
                return true
            }
        }
        events = UInt64(found.count)
        if let projection {
            try group(found, by: projection, size, views, progress)
        } else {
            try group(found, views)
        }
        for entity in entities {
            if let amount = entity.amount { sums.add(amount) } else { withoutAmount += 1 }
        }
    }

    /// An event that meets the conditions.
    private struct Found {
        let sequence: UInt64
        let time: Timestamp
        let subject: String?

        init(_ sequence: UInt64, _ time: Timestamp, _ subject: String?) {
            self.sequence = sequence
            self.time = time
            self.subject = subject
        }
    }

    // MARK: - Subjects

    private mutating func group(_ found: [Found], _ views: Views) throws {
        var subjects: [UInt64: String] = [:]
        for event in found {
            guard let subject = event.subject else {
                unassigned += 1
                continue
            }
            subjects[event.sequence] = subject
            add(event, to: subject)
        }
        guard let first = found.first, let last = found.last else { return }
        // Payments know best what is at stake; what else says money comes after them.
        let all = try views.names()
        let names = all.filter { $0 == "payments" } + all.filter { $0 != "payments" }
        var said: [Int: UInt64] = [:]
        try views.forEachAmount(in: first.sequence..<(last.sequence + 1), projections: names) {
            guard let subject = subjects[$0.sequence], let place = places[subject],
                said[place] != $0.sequence
            else { return }
            said[place] = $0.sequence
            entities[place].amount = ExactAmount(Int128($0.amount), $0.currency)
            entities[place].amountFrom = "\($0.projection).\($0.column)"
        }
    }

    // MARK: - Rows

    private mutating func group(
        _ found: [Found],
        by projection: String,
        _ size: UInt64,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void
    ) throws {
        let request = ViewRequest(projection)
        let keys = try views.keys(of: found.map(\.sequence), in: request, progress: progress)
        for (event, keys) in zip(found, keys) {
            if keys.isEmpty { unassigned += 1 }
            for key in keys { add(event, to: key) }
        }
        guard !entities.isEmpty, size > 0 else { return }
        try views.forEachRow(request, at: .asAt(sequence: size - 1), progress: progress) { row in
            guard let place = places[row.key] else { return true }
            for cell in row.cells {
                guard case .money(let minor, let currency)? = cell.value else { continue }
                entities[place].amount = ExactAmount(minor, currency)
                entities[place].amountFrom = cell.name
                break
            }
            return true
        }
    }

    private mutating func add(_ event: Found, to name: String) {
        let place = places[name] ?? entities.count
        if place == entities.count {
            places[name] = place
            entities.append(
                Entity(
                    name: name,
                    first: event.sequence,
                    last: event.sequence,
                    firstTime: event.time,
                    lastTime: event.time
                )
            )
        }
        entities[place].events += 1
        entities[place].last = event.sequence
        entities[place].lastTime = event.time
    }
}
