internal import Bytes
internal import LMDB
internal import Ledger

/// What an event did to a row of a projection.
package struct ProjectionEffect: Sendable {
    package let projection: String
    package let key: String
    /// Nothing if later words were known already.
    package let changes: [Change]

    package init(projection: String, key: String, changes: [Change]) {
        self.projection = projection
        self.key = key
        self.changes = changes
    }
}

/// Finds what events did to rows; each row's history is folded once for all its events.
struct EffectFinder {
    private let views: Views
    private let active: [(view: StoredView, plan: Plan)]
    private var histories: [String: [UInt64: [Change]]] = [:]
    /// What the last event that was asked about is part of: with a new one for each event, each
    /// part of a request would have all of it read again.
    let batch = Batch()
    /// The same for rows' histories, which go elsewhere.
    let historyBatch = Batch()

    /// Rows whose history is kept at once.
    private static let limit = 1000

    /// Looks at the views that answer, of these projections or of all.
    init(_ views: Views, projections: [String] = []) throws {
        self.views = views
        var active: [(view: StoredView, plan: Plan)] = []
        for name in projections.isEmpty ? try views.names() : projections {
            let view = try views.open(ViewRequest(name))
            active.append((view, try views.plan(of: view)))
        }
        self.active = active
    }

    /// What the event at a sequence did, in the order of projections and rows.
    mutating func effects(
        of sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> [ProjectionEffect] {
        var effects: [ProjectionEffect] = []
        for (view, plan) in active {
            var folding = Folding(plan, batch)
            try folding.fold(snapshot, [sequence])
            var keys: [String] = []
            for touch in folding.fold.touches {
                let name = folding.fold.names.text(Int(touch.row))
                let key = try views.key(of: name, view, plan, snapshot)
                if !keys.contains(key) { keys.append(key) }
            }
            for key in keys {
                let changes = try history(of: key, view, plan, snapshot)[sequence] ?? []
                effects.append(
                    ProjectionEffect(projection: view.name, key: key, changes: changes)
                )
            }
        }
        return effects
    }

    private mutating func history(
        of key: String,
        _ view: StoredView,
        _ plan: Plan,
        _ snapshot: borrowing Snapshot
    ) throws -> [UInt64: [Change]] {
        let place = "\(view.name)\u{0}\(key)"
        if let history = histories[place] { return history }
        if histories.count >= Self.limit { histories.removeAll() }
        var history: [UInt64: [Change]] = [:]
        for explanation in try views.explain(key, view, plan, snapshot, historyBatch) {
            history[explanation.sequence] = explanation.changes
        }
        histories[place] = history
        return history
    }
}

extension Views {
    /// The key of the row that a name belongs to; the name itself if it has none.
    func key(
        of name: String,
        _ view: StoredView,
        _ plan: Plan,
        _ snapshot: borrowing Snapshot
    ) throws -> String {
        try store.environment.read { transaction in
            let component = try Component(
                of: Array(name.utf8),
                store,
                rows(of: view, in: transaction).number,
                in: transaction
            )
            let group = try component.group(plan.aliases, snapshot)
            return String(decoding: component.names[group.key ?? 0], as: UTF8.self)
        }
    }
}
