internal import Bytes
internal import LMDB
internal import Ledger
internal import POSIX

extension Views {
    /// Events that are folded in one transaction when catching up.
    private static let batch: UInt64 = 1 << 16

    /// Folds what the log has and a view has not; does nothing for rows that are being built.
    ///
    /// It goes up to the log's end as it is at the start: events that come meanwhile would keep it
    /// from ever ending, in ever smaller steps. `progress` is told how many events are folded of how
    /// many; it ends early when `goesOn` says `false`, or at `limit` events.
    func catchUp(
        _ view: StoredView,
        upTo limit: UInt64 = .max,
        while goesOn: () -> Bool = { true },
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws {
        let plan = try plan(of: view)
        let limit = min(limit, try ledger.read { try $0.size })
        while goesOn() {
            // Before the log, which grows: rows that another process folds meanwhile would else be
            // taken for those of a longer log.
            let rows = try rows(of: view)
            let isDone = try ledger.read { snapshot in
                let end = try LogEnd(snapshot)
                return try catchUp(view, rows, plan, upTo: limit, snapshot, end, progress)
            }
            if isDone { return }
        }
    }

    /// One step of it: a transaction.
    ///
    /// - Returns: whether the rows stand at the end of the log.
    private func catchUp(
        _ view: StoredView,
        _ rows: StoredRows,
        _ plan: Plan,
        upTo limit: UInt64,
        _ snapshot: borrowing Snapshot,
        _ end: LogEnd,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> Bool {
        guard rows.build == nil else { return true }
        try requireSameLog(view, rows, snapshot, end)
        let last = min(end.size, limit)
        guard rows.position < last else { return true }
        let range = rows.position..<min(rows.position + Self.batch, last)
        let started = Clock.monotonicNanoseconds
        var folding = Folding(plan)
        try folding.fold(snapshot, range)
        let root =
            try range.upperBound == end.size ? end.root : snapshot.root(size: range.upperBound)
        try store.write { transaction in
            // Another process has folded them meanwhile, or put others in their place.
            guard var now = try catalogue.rows(rows.number, in: transaction),
                now.position == rows.position, now.build == nil
            else { return }
            try commit(
                &folding,
                &now,
                isFresh: rows.position == 0,
                followsLog: true,
                snapshot,
                &transaction
            )
            now.position = range.upperBound
            now.root = root
            let elapsed = Clock.monotonicNanoseconds - started
            if elapsed > 100_000_000 {
                now.rate = UInt64(range.count) * 1_000_000_000 / elapsed
            }
            try catalogue.put(now, in: &transaction)
        }
        progress(range.upperBound, end.size)
        // Whether they stand there is looked up again, as it may have been another's doing.
        return false
    }

    /// Stores what was folded, with the counts and what is quarantined.
    func commit(
        _ folding: inout Folding,
        _ rows: inout StoredRows,
        isFresh: Bool,
        followsLog: Bool,
        _ snapshot: borrowing Snapshot,
        _ transaction: inout WriteTransaction
    ) throws {
        try store.flush(
            &folding.fold,
            into: rows.number,
            isFresh: isFresh,
            followsLog: followsLog,
            folding.plan.aliases,
            snapshot,
            in: &transaction
        )
        for (sequence, misfit) in folding.misfits {
            let key = ViewKey.quarantined(rows.number, sequence)
            let record = misfit.record
            try transaction.put(record.span, for: key.span, in: store.quarantine)
        }
        rows.tally += folding.tally
        rows.movedAt = Clock.microseconds
        rows.lastError = ""
    }

    /// Refuses rows that were folded from another log, or from a part of this one that was cut.
    private func requireSameLog(
        _ view: StoredView,
        _ rows: StoredRows,
        _ snapshot: borrowing Snapshot,
        _ end: LogEnd
    ) throws {
        guard rows.position > 0 else { return }
        if rows.position == end.size, rows.root == end.root { return }
        guard rows.position <= end.size, try snapshot.root(size: rows.position) == rows.root else {
            throw ViewError.otherLog(name: view.name, position: rows.position)
        }
    }

    /// Brings all views up to the log's end; an error of one does not keep the others back.
    ///
    /// - Returns: what went wrong, by projection.
    package func followAll(
        while goesOn: () -> Bool = { true }
    ) throws -> [(name: String, error: any Error)] {
        var failures: [(name: String, error: any Error)] = []
        for definition in files.definitions {
            do { _ = try view(definition.name) } catch { failures.append((definition.name, error)) }
        }
        var seen: Set<UInt32> = []
        for view in try store.environment.read({ try catalogue.views(in: $0) })
        where seen.insert(view.rows).inserted {
            do {
                try catchUp(view, while: goesOn)
            } catch ViewError.noVersion {
                // It was dropped meanwhile.
            } catch {
                failures.append((view.name, error))
                try? note(error, for: view)
            }
        }
        return failures
    }

    /// Keeps why rows do not move, for the status.
    private func note(_ error: any Error, for view: StoredView) throws {
        try store.write { transaction in
            guard var rows = try catalogue.rows(view.rows, in: transaction) else { return }
            let text = "\(error)"
            guard rows.lastError != text else { return }
            rows.lastError = text
            try catalogue.put(rows, in: &transaction)
        }
    }
}

extension Misfit {
    var record: [UInt8] {
        var output: [UInt8] = []
        RecordWriter.varint(UInt64(line), &output)
        RecordWriter.varint(isErased ? 1 : 0, &output)
        RecordWriter.text(what.utf8Span.span, &output)
        return output
    }

    init?(record: Span<UInt8>) {
        var reader = RecordReader(record)
        guard let line = reader.varint(), let isErased = reader.varint(), let what = reader.string()
        else { return nil }
        self.init(Int(line), what, isErased: isErased == 1)
    }
}
