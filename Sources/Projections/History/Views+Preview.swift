package import Bytes
internal import Ledger

/// What an event that is not in the log would do.
package struct Preview: Sendable {
    /// A row that it would speak of.
    package struct Row: Sendable {
        package let projection: String
        package let key: String
        /// The row as it stands; `nil` if there is none.
        package let before: Projections.Row?
        /// The row as it would be; `nil` while no key is known for it.
        package let after: Projections.Row?

        /// What would be different.
        package var changes: [Change] { Change.between(before, after) }
    }

    /// A definition that could not read it: it would be quarantined.
    package struct Misfit: Hashable, Sendable {
        package let projection: String
        package let what: String
    }

    /// In the order of projections and of names; those that would stay as they are, too.
    package var rows: [Row] = []
    package var misfits: [Misfit] = []
}

extension Views {
    /// What the event of a line and a body record would do if it were appended now, in all
    /// projections that answer.
    ///
    /// The line's sequence must be the log's end, and it must be part of no other event. Nothing
    /// is stored: each row that it names is folded from its history, without the event and with it.
    package func preview(line: [UInt8], record: [UInt8], moment: Timestamp) throws -> Preview {
        var preview = Preview()
        for name in try names() {
            let view = try open(ViewRequest(name))
            let plan = try plan(of: view)
            try ledger.read { snapshot in
                try self.preview(line, record, view, plan, moment, snapshot, &preview)
            }
        }
        return preview
    }

    private func preview(
        _ line: [UInt8],
        _ record: [UInt8],
        _ view: StoredView,
        _ plan: Plan,
        _ moment: Timestamp,
        _ snapshot: borrowing Snapshot,
        _ preview: inout Preview
    ) throws {
        var events = ProposedEvents(line: line)
        let sequence = events.sequence
        var probe = Folding(plan)
        try probe.take(sequence, Line(line.span), record.span, events)
        for misfit in probe.misfits {
            preview.misfits.append(.init(projection: view.name, what: misfit.misfit.what))
        }
        guard probe.fold.count > 0 else { return }
        var only = NameTable()
        var sequences: Set<UInt64> = []
        for number in 0..<probe.fold.count {
            let touching = try touching(probe.fold.names.text(number), view, plan)
            for other in 0..<touching.names.count { _ = only.number(of: touching.names[other]) }
            sequences.formUnion(touching.sequences)
        }
        for sequence in sequences { events.ids[sequence] = try snapshot.id(of: sequence) }

        var names: [String] = []
        for touch in probe.fold.touches {
            let name = probe.fold.names.text(Int(touch.row))
            if !names.contains(name) { names.append(name) }
        }
        let maker = RowMaker(plan.definition)
        let now = moment.microseconds
        var folding = Folding(plan)
        folding.only = only
        try folding.fold(snapshot, sequences.sorted())
        let before = try names.map { name in
            try Self.row(name, of: folding, maker, moment: now, events)
        }
        try folding.take(sequence, Line(line.span), record.span, events)
        var keys: Set<String> = []
        for (name, before) in zip(names, before) {
            let after = try Self.row(name, of: folding, maker, moment: now, events)
            let key = (after ?? before)?.key ?? name
            guard keys.insert(key).inserted else { continue }
            preview.rows.append(
                .init(projection: view.name, key: key, before: before, after: after)
            )
        }
    }
}

/// The events that a preview needs: one that is not in the log, and the ids of those that are.
private struct ProposedEvents: LoggedEvents {
    let sequence: UInt64
    var ids: [UInt64: [UInt8]]

    init(line: [UInt8]) {
        let line = Line(line.span)
        sequence = line.sequence ?? 0
        ids = [sequence: line.identity]
    }

    func id(of sequence: UInt64) -> [UInt8] { ids[sequence] ?? [] }

    // What is proposed is part of nothing, so nothing is looked up.

    @_lifetime(borrow self)
    func line(at sequence: UInt64) -> Line? { nil }

    @_lifetime(borrow self)
    func body(at sequence: UInt64) -> Span<UInt8>? { nil }

    @_lifetime(borrow self)
    func keptBody(at sequence: UInt64) -> Span<UInt8>? { nil }
}
