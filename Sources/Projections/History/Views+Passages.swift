package import Bytes
internal import Ledger

/// How a row stood before and after a stretch of the log.
package struct RowPassage: Sendable {
    package let projection: String
    /// The row's key at the stretch's end; for a row that waits for one the first of its names.
    package let key: String
    /// All names of the row, in the order of their bytes.
    package let names: [String]
    /// Whether no key is known for it yet: then it is no row that others see.
    package let isWaiting: Bool
    /// `nil` where there was no such row.
    package let before: Row?
    package let after: Row?
    /// The events of the stretch that told the row something, in the log's order.
    package let touched: [UInt64]
    /// What each of the events that were asked about changed when it came.
    package let steps: [UInt64: [Change]]

    /// What differs between the two ends.
    package var changes: [Change] { Change.between(before, after) }
}

/// Which rows are followed through a stretch of the log.
package struct PassageRequest: Sendable {
    /// The stretch; nothing after its end is looked at.
    package var range: Range<UInt64>
    /// The moments that windows and `now` go by, before and after.
    package var moments: (before: Timestamp, after: Timestamp)
    /// Events whose own changes are asked for.
    package var steps: Set<UInt64>
    /// Events before the end whose rows are followed, too, though nothing of the stretch told
    /// them anything.
    package var also: Set<UInt64>

    /// Takes the stretch, and what is asked about it.
    package init(
        _ range: Range<UInt64>,
        moments: (before: Timestamp, after: Timestamp),
        steps: Set<UInt64> = [],
        also: Set<UInt64> = []
    ) {
        self.range = range
        self.moments = moments
        self.steps = steps
        self.also = also
    }
}

extension Views {
    /// Calls `body` with the passage of every row that the events of a stretch told something, in
    /// the order of projections and keys, by the definitions that answer.
    ///
    /// It goes by the log up to the stretch's end and by nothing else, so it says the same however
    /// much was appended since. Each projection costs a fold of the log up to that end.
    package func forEachPassage(
        _ request: PassageRequest,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in },
        _ body: (RowPassage) throws -> Void
    ) throws {
        let names = try names()
        let total = request.range.upperBound * UInt64(names.count)
        for (place, name) in names.enumerated() {
            let plan = try plan(of: view(name))
            let start = request.range.upperBound * UInt64(place)
            try ledger.read { snapshot in
                var follower = PassageFollower(name, plan, request)
                try follower.fold(snapshot) { progress(start + $0, total) }
                try follower.forEachPassage(snapshot, body)
            }
        }
    }

    /// The columns of a projection that can say any text: not words of a closed list, and not
    /// numbers, times or money.
    package func freeColumns(of name: String) throws -> Set<String> {
        let definition = try plan(of: view(name)).definition
        let stored = definition.columns.map { $0.type == .text || $0.by != nil }
        var derived: [Bool] = []
        for derivation in definition.derivations {
            guard case .choices(let choices) = derivation.rule else {
                derived.append(false)
                continue
            }
            let isFree = choices.contains { choice in
                switch choice.value {
                case .column(.stored(let place)): stored[place]
                case .column(.derived(let place)): derived[place]
                case .text, .integer, .boolean: false
                }
            }
            derived.append(isFree)
        }
        let columns = zip(definition.columns.map(\.name), stored)
        let derivations = zip(definition.derivations.map(\.name), derived)
        return Set((Array(columns) + Array(derivations)).filter(\.1).map(\.0))
    }

    /// The rows that single events told something, by the definitions that answer, with the names
    /// by which each knew them.
    package func rowsTouched(
        by sequences: [UInt64],
        _ body: (_ projection: String, _ name: String, _ key: String) throws -> Void
    ) throws {
        for name in try names() {
            let view = try open(ViewRequest(name))
            let plan = try plan(of: view)
            try ledger.read { snapshot in
                var folding = Folding(plan)
                try folding.fold(snapshot, sequences)
                var seen: Set<UInt32> = []
                for touch in folding.fold.touches where seen.insert(touch.row).inserted {
                    let known = folding.fold.names.text(Int(touch.row))
                    try body(name, known, key(of: known, view, plan, snapshot))
                }
            }
        }
    }
}

/// Follows the rows of one projection.
private struct PassageFollower: ~Copyable {
    private let projection: String
    private let plan: Plan
    private let request: PassageRequest
    private let maker: RowMaker
    private var folding: Folding

    init(_ projection: String, _ plan: Plan, _ request: PassageRequest) {
        self.projection = projection
        self.plan = plan
        self.request = request
        maker = RowMaker(plan.definition)
        folding = Folding(plan, capacity: Int(min(request.range.upperBound / 4, 1 << 20)))
    }

    mutating func fold(
        _ snapshot: borrowing Snapshot,
        _ progress: (UInt64) -> Void
    ) throws {
        try folding.fold(snapshot, 0..<request.range.upperBound) { progress($0) }
    }

    /// The events that touched each row which is followed, by the row's place among `groups`.
    private func followed(_ groups: [FoldedRows.Group]) -> [Int: [UInt64]] {
        var groupOf = [Int](repeating: -1, count: folding.fold.count)
        for (place, group) in groups.enumerated() {
            for member in group.members { groupOf[member] = place }
        }
        var sequences: [Int: [UInt64]] = [:]
        for touch in folding.fold.touches
        where touch.sequence >= request.range.lowerBound || request.also.contains(touch.sequence) {
            sequences[groupOf[Int(touch.row)]] = []
        }
        for touch in folding.fold.touches {
            let group = groupOf[Int(touch.row)]
            // Several names of one row may be told something by one event.
            if let last = sequences[group]?.last, last == touch.sequence { continue }
            sequences[group]?.append(touch.sequence)
        }
        return sequences
    }

    func forEachPassage(
        _ snapshot: borrowing Snapshot,
        _ body: (RowPassage) throws -> Void
    ) throws {
        let groups = try FoldedRows(folding.fold, plan.aliases, snapshot).groups
        let followed = followed(groups)
        for (place, group) in groups.enumerated() {
            if let sequences = followed[place] {
                try body(passage(of: group, sequences, snapshot))
            }
        }
    }

    private func passage(
        of group: FoldedRows.Group,
        _ sequences: [UInt64],
        _ snapshot: borrowing Snapshot
    ) throws -> RowPassage {
        var names = NameTable()
        for member in group.members { _ = names.number(of: folding.fold.names[member]) }
        let key = folding.fold.names.text(group.name)
        var small = Folding(plan)
        small.only = names
        var passed = sequences[...].prefix { $0 < request.range.lowerBound }
        try small.fold(snapshot, Array(passed))
        let touched = sequences[passed.endIndex...]
        let before = try row(key, of: small, request.moments.before, snapshot)
        var steps: [UInt64: [Change]] = [:]
        passed = touched.prefix(0)
        for sequence in touched where request.steps.contains(sequence) {
            try small.fold(snapshot, touched[passed.endIndex...].filter { $0 < sequence })
            guard let line = try snapshot.line(at: sequence) else { continue }
            let moment = line.recordedTime ?? .min
            let old = try row(key, of: small, moment, snapshot)
            try small.fold(snapshot, [sequence])
            let new = try row(key, of: small, moment, snapshot)
            steps[sequence] = Change.between(old, new)
            passed = touched.prefix { $0 <= sequence }
        }
        try small.fold(snapshot, Array(touched[passed.endIndex...]))
        return RowPassage(
            projection: projection,
            key: key,
            names: group.members.map { folding.fold.names.text($0) },
            isWaiting: group.isWaiting,
            before: before,
            after: try row(key, of: small, request.moments.after, snapshot),
            touched: Array(touched),
            steps: steps
        )
    }

    private func row(
        _ key: String,
        of folding: borrowing Folding,
        _ moment: Timestamp,
        _ snapshot: borrowing Snapshot
    ) throws -> Row? {
        try Views.row(key, of: folding, maker, moment: moment.microseconds, snapshot)
    }
}
