package import Bytes
internal import LMDB
internal import Ledger
internal import POSIX
internal import Synchronization

/// How rows are rebuilt.
package struct RebuildOptions: Sendable {
    /// Threads that fold chunks side by side.
    package var threads = 1
    /// Events in a chunk, which is committed whole: what a kill loses at most.
    package var chunkSize: UInt64 = 1 << 19
    /// Sets events aside that cannot be folded, instead of ending with an error.
    package var quarantines = false
    /// Begins again, also where a build was interrupted or nothing has changed.
    package var anew = false
    /// Works out the digest at the end.
    package var digests = true

    package init() {}
}

/// What a rebuild did.
package struct RebuildReport: Sendable {
    package let name: String
    package let version: Int
    /// Events that the rows stand on.
    package let position: UInt64
    /// Events folded by this run.
    package let folded: UInt64
    /// Events that an interrupted run had folded before.
    package let resumed: UInt64
    /// Whether only what is derived differs from rows that are there, so that none were folded.
    package let sharesRows: Bool
    /// Whether this version answers.
    package let isActive: Bool
    /// `nil` if it was not asked for.
    package let digest: Hash256?
}

extension Views {
    /// Builds the rows of a projection's definition beside those that answer.
    ///
    /// An interrupted build goes on where it was. The version that answers stays the same, unless
    /// there is none, or it is the one that is built.
    package func rebuild(
        _ name: String,
        _ options: RebuildOptions = RebuildOptions(),
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> RebuildReport {
        try requireUnchanged(name)
        guard let definition = files.definition(named: name) else {
            throw ViewError.unknown(name: name, known: try names())
        }
        var resumed: UInt64 = 0
        var folded: UInt64 = 0
        var sharesRows = false
        if let shared = try sharedRows(definition), !options.anew {
            sharesRows = true
            try finish(definition, rows: shared)
        } else {
            let rows = try beginBuild(definition, options)
            resumed = rows.position
            try buildChunks(definition, rows.number, options, progress)
            folded = try ended(rows.number) - resumed
            try finish(definition, rows: rows.number)
        }
        try recordDefinitions(named: name)
        let request = ViewRequest(name, version: definition.version)
        let view = try open(request)
        return RebuildReport(
            name: name,
            version: definition.version,
            position: try self.rows(of: view).position,
            folded: folded,
            resumed: resumed,
            sharesRows: sharesRows,
            isActive: try active(name)?.version == definition.version,
            digest: try options.digests ? digest(request) : nil
        )
    }

    /// The rows of another version that has the same columns and rules; `nil` if there are none,
    /// or the version has rows already.
    private func sharedRows(_ definition: Definition) throws -> UInt32? {
        try store.environment.read { transaction in
            if try catalogue.view(definition.name, definition.version, in: transaction) != nil {
                return nil
            }
            let views = try catalogue.views(in: transaction)
            for view in views where view.name == definition.name {
                guard let rows = try catalogue.rows(view.rows, in: transaction) else { continue }
                if rows.foldHash == definition.foldHash, rows.build == nil { return rows.number }
            }
            return nil
        }
    }

    /// The rows of an interrupted build, or new ones.
    private func beginBuild(
        _ definition: Definition,
        _ options: RebuildOptions
    ) throws -> StoredRows {
        let size = try ledger.read { try $0.size }
        let unfinished = try store.environment.read { transaction in
            let used = Set(try catalogue.views(in: transaction).map(\.rows))
            return try catalogue.allRows(in: transaction).filter {
                $0.foldHash == definition.foldHash && $0.build != nil && !used.contains($0.number)
            }
        }
        if let rows = unfinished.last, !options.anew, rows.build?.end ?? .max <= size {
            return rows
        }
        for rows in unfinished { try removeRows(rows.number) }
        return try store.write { transaction in
            var rows = try catalogue.makeRows(definition.foldHash, in: &transaction)
            let chunks = (size + options.chunkSize - 1) / options.chunkSize
            rows.build = StoredRows.Build(
                end: size,
                chunkSize: options.chunkSize,
                done: [Bool](repeating: false, count: Int(chunks))
            )
            try catalogue.put(rows, in: &transaction)
            return rows
        }
    }

    /// Folds the chunks that are not done, on several threads.
    private func buildChunks(
        _ definition: Definition,
        _ number: UInt32,
        _ options: RebuildOptions,
        _ progress: @escaping @Sendable (UInt64, UInt64) -> Void
    ) throws {
        let rows = try store.environment.read { try catalogue.rows(number, in: $0) }
        guard let build = rows?.build else { return }
        let work = Mutex(ChunkWork(build))
        let plan = Plan(definition)
        try runThreads(max(1, min(options.threads, build.done.count))) {
            while let chunk = work.withLock({ $0.take() }) {
                do {
                    try self.buildChunk(chunk, plan, number, build, options, work, progress)
                } catch {
                    work.withLock { $0.fail(error) }
                }
            }
        }
        if let failure = work.withLock({ $0.failure }) { throw failure }
    }

    private func buildChunk(
        _ chunk: Int,
        _ plan: Plan,
        _ number: UInt32,
        _ build: StoredRows.Build,
        _ options: RebuildOptions,
        _ work: borrowing Mutex<ChunkWork>,
        _ progress: @Sendable (UInt64, UInt64) -> Void
    ) throws {
        let range = build.range(chunk)
        try ledger.read { snapshot in
            var folding = Folding(plan, capacity: range.count / 4)
            try folding.fold(snapshot, range) { seen in
                if work.withLock({ $0.failure }) != nil { throw ViewError.stopped }
                progress(work.withLock { $0.folded(chunk, seen) }, build.end)
            }
            if !options.quarantines,
                let first = folding.misfits.first(where: { !$0.misfit.isErased })
            {
                let name = plan.definition.name
                let path = files.path(of: name)
                throw ViewError.misfit(
                    name: name,
                    sequence: first.sequence,
                    reason: "\(first.misfit.what) (\(path):\(first.misfit.line))"
                )
            }
            try store.write { transaction in
                guard var rows = try catalogue.rows(number, in: transaction) else {
                    // Another process has begun anew.
                    throw ViewError.stopped
                }
                // Another process that builds the same rows has done it, or has ended the build.
                guard let build = rows.build, !build.done[chunk] else { return }
                try commit(
                    &folding,
                    &rows,
                    isFresh: rows.position == 0,
                    followsLog: false,
                    snapshot,
                    &transaction
                )
                rows.build?.done[chunk] = true
                rows.position += UInt64(range.count)
                try catalogue.put(rows, in: &transaction)
            }
            progress(work.withLock { $0.folded(chunk, UInt64(range.count)) }, build.end)
        }
    }

    private func ended(_ number: UInt32) throws -> UInt64 {
        try store.environment.read { try catalogue.rows(number, in: $0)?.position ?? 0 }
    }

    /// Makes built rows those of the definition's version.
    private func finish(_ definition: Definition, rows number: UInt32) throws {
        let replaced = try ledger.read { snapshot in
            try store.write { transaction in
                guard var rows = try catalogue.rows(number, in: transaction) else {
                    throw ViewError.stopped
                }
                if let build = rows.build {
                    guard build.done.allSatisfy(\.self) else { throw ViewError.stopped }
                    rows.build = nil
                    rows.position = build.end
                    rows.root = try build.end == 0 ? .zero : snapshot.root(size: build.end)
                    try catalogue.put(rows, in: &transaction)
                }
                let name = definition.name
                let before = try catalogue.view(name, definition.version, in: transaction)
                var view = StoredView(definition, rows: number)
                if let before {
                    view.madeAt = before.madeAt
                    view.isRecorded = before.isRecorded
                }
                try catalogue.put(view, in: &transaction)
                if try catalogue.version(.active, of: name, in: transaction) == nil {
                    try catalogue.point(
                        .active,
                        of: name,
                        to: definition.version,
                        in: &transaction
                    )
                }
                return before?.rows
            }
        }
        if let replaced, replaced != number { try removeUnusedRows(replaced) }
    }
}

/// Which chunks are left, and how far those are that are being folded.
private struct ChunkWork {
    private var waiting: [Int]
    private var done: UInt64
    private var underway: [Int: UInt64] = [:]
    private(set) var failure: (any Error)?

    init(_ build: StoredRows.Build) {
        waiting = build.done.indices.filter { !build.done[$0] }.reversed()
        done = build.done.indices.filter { build.done[$0] }
            .reduce(0) { $0 + UInt64(build.range($1).count) }
    }

    mutating func take() -> Int? { failure == nil ? waiting.popLast() : nil }

    mutating func fail(_ error: any Error) {
        // One that was told to stop is not the reason.
        if failure == nil || (failure as? ViewError) == .stopped { failure = error }
    }

    /// Notes how far a chunk is; the events folded in all.
    mutating func folded(_ chunk: Int, _ count: UInt64) -> UInt64 {
        underway[chunk] = count
        return underway.values.reduce(done, +)
    }
}

extension StoredRows.Build {
    /// The events of a chunk.
    func range(_ chunk: Int) -> Range<UInt64> {
        let start = UInt64(chunk) * chunkSize
        return start..<min(start + chunkSize, end)
    }
}
