package import Bytes
internal import LMDB
internal import Ledger

/// What one event did to one row.
package struct Explanation: Sendable {
    package let sequence: UInt64
    /// When it was recorded.
    package let recorded: Timestamp?
    package let source: String
    package let type: String
    package let id: String
    /// The moment that it speaks for.
    package let at: Timestamp?
    /// The line of the rule in the definition.
    package let ruleLine: Int
    /// The names under which it knows the row.
    package let names: [String]
    /// What it changed when it came; nothing if later words were known already.
    package let changes: [Change]
}

extension Views {
    /// Every event that shaped a row, in the order in which the log has them, with what each
    /// changed when it came and by which rule.
    ///
    /// - Throws: `ViewError.noRow` if there is none.
    package func explain(_ request: ViewRequest, key: String) throws -> [Explanation] {
        let view = try open(request)
        let plan = try plan(of: view)
        let explanations = try ledger.read { snapshot in
            // Whatever it is asked by, the story is that of the row.
            try explain(self.key(of: key, view, plan, snapshot), view, plan, snapshot)
        }
        guard !explanations.isEmpty else {
            throw ViewError.noRow(projection: request.name, key: key)
        }
        return explanations
    }

    func explain(
        _ key: String,
        _ view: StoredView,
        _ plan: Plan,
        _ snapshot: borrowing Snapshot,
        _ batch: Batch = Batch()
    ) throws -> [Explanation] {
        let touching = try touching(key, view, plan)
        let maker = RowMaker(plan.definition)
        var folding = Folding(plan, batch)
        folding.only = touching.names
        var explanations: [Explanation] = []
        var before: Row?
        for sequence in touching.sequences {
            let known = folding.fold.touches.count
            try folding.fold(snapshot, [sequence])
            guard let line = try snapshot.line(at: sequence) else { continue }
            let moment = line.recordedTime?.microseconds ?? 0
            let after = try Self.row(key, of: folding, maker, moment: moment, snapshot)
            let touches = folding.fold.touches[known...]
            let names = touches.map { folding.fold.names.text(Int($0.row)) }
            let told = folding.lastApplied
            explanations.append(
                Explanation(
                    sequence: sequence,
                    recorded: line.recordedTime,
                    source: line.text(.source) ?? "",
                    type: line.text(.type) ?? "",
                    id: line.text(.id) ?? "",
                    at: told.map { Timestamp(microseconds: $0.at) },
                    ruleLine: told.map { plan.rules[$0.rule].line } ?? 0,
                    names: names,
                    changes: Change.between(before, after)
                )
            )
            before = after
        }
        return explanations
    }
}
