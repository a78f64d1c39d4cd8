internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle
internal import POSIX

/// Groups of drafts that go into the log in one transaction; each group whole or not at all.
struct Batch {
    let groups: [[PreparedDraft]]
    /// SHA-256 of each body record, by group and place; `nil` without a body.
    let bodyHashes: [[Hash256?]]

    /// Hashes all bodies side by side.
    init(groups: [[PreparedDraft]]) {
        self.groups = groups
        let records = groups.flatMap { $0.compactMap { $0.draft.body?.record } }
        var next = Lanes.hashes(of: records).makeIterator()
        bodyHashes = groups.map { group in
            group.map { $0.draft.body == nil ? nil : next.next() }
        }
    }
}

/// What one transaction added.
struct CommitResult {
    var receipts: [[Receipt]]
    var head: Head
    /// The signed checkpoint that covers it all.
    var note: [UInt8]
}

/// Appends batches: owned by the writer's thread, the only code that changes the log.
struct Committer {
    private let store: Store
    private let keys: KeyFiles
    private let origin: String
    /// The head after our own last commit; another process may have moved it since.
    private var head: Head?
    private var signer: Signer
    private var line: [UInt8] = []
    private var scratch: [UInt8] = []

    /// What an event of a group gets from its group and its commit.
    private struct Place {
        let cause: UInt64?
        let bodyHash: Hash256?
        let now: Timestamp
    }

    init(store: Store, keys: KeyFiles, origin: String, signer: Signer) {
        self.store = store
        self.keys = keys
        self.origin = origin
        self.signer = signer
    }

    /// Appends a batch and returns when it is on disk under a signed checkpoint.
    ///
    /// When it throws, nothing has happened and the next call starts from what is on disk.
    mutating func commit(_ batch: Batch) throws -> CommitResult {
        let next = try batch.groups.last?.last?.draft.nextKey.map { try keys.load($0) }
        while true {
            do {
                let result = try store.environment.write { transaction in
                    try append(batch, to: &transaction)
                }
                // Here the transaction is on disk: LMDB has synced the data and then the meta page.
                head = result.head
                if let next {
                    keys.retire(signer)
                    signer = next
                }
                return result
            } catch let error as LMDBError where error.isMapFull {
                try store.environment.grow()
            }
        }
    }

    private mutating func append(
        _ batch: Batch,
        to transaction: inout WriteTransaction
    ) throws -> CommitResult {
        var head = try currentHead(transaction)
        // Each commit has a time of its own, so that the lines tell where commits, and with them
        // checkpoints, must be: a verifier misses one that was taken away.
        let later = Timestamp(microseconds: head.lastTime.microseconds + 1)
        let now = max(Timestamp(microseconds: Clock.microseconds), later)
        var receipts: [[Receipt]] = []
        receipts.reserveCapacity(batch.groups.count)
        for group in batch.groups.indices {
            receipts.append(
                try append(
                    batch.groups[group],
                    batch.bodyHashes[group],
                    &head,
                    now,
                    &transaction
                )
            )
        }
        for level in head.tails.indices where !head.tails[level].isEmpty {
            let key = TileKey.encode(level: level, index: head.tailIndex(level: level))
            let tail = head.tails[level]
            try transaction.put(tail.span, for: key, in: store.tiles)
        }
        let checkpoint = try Checkpoint(origin: origin, size: head.size, root: head.root)
        let note = try signer.note(over: checkpoint.text)
        try transaction.append(note.span, for: head.size, in: store.checkpoints)
        if let next = batch.groups.last?.last?.draft.nextKey {
            try store.put(next, for: .key, in: &transaction)
        }
        return CommitResult(
            receipts: receipts.map { $0.map { $0.covered(by: head.size) } },
            head: head,
            note: note
        )
    }

    /// The head as it stands in this transaction, and the key that goes with it.
    private mutating func currentHead(_ transaction: borrowing WriteTransaction) throws -> Head {
        let last = try transaction.lastKey(in: store.lines)
        if let head, head.size == last.map({ $0 &+ 1 }) ?? 0 { return head }
        guard let vkey = try store.text(.key, in: transaction) else {
            throw LedgerError.damaged("the log does not name its key; run \"daybook verify\"")
        }
        if vkey != signer.vkey.description { signer = try keys.load(vkey) }
        let head = try Head(store, in: transaction)
        try EndCheck.run(head, vkey: vkey, origin: origin, store, transaction)
        return head
    }

    private mutating func append(
        _ group: [PreparedDraft],
        _ bodyHashes: [Hash256?],
        _ head: inout Head,
        _ now: Timestamp,
        _ transaction: inout WriteTransaction
    ) throws -> [Receipt] {
        var receipts: [Receipt?] = []
        receipts.reserveCapacity(group.count)
        for i in group.indices {
            let cause = group[i].draft.cause.flatMap { receipts[$0] }
            // A redelivered request is one small event; its parts are in the log already.
            if cause?.outcome == .duplicate {
                receipts.append(nil)
                continue
            }
            let place = Place(cause: cause?.sequence, bodyHash: bodyHashes[i], now: now)
            receipts.append(try append(group[i], place, &head, &transaction))
        }
        return receipts.compactMap { $0 }
    }

    private mutating func append(
        _ prepared: PreparedDraft,
        _ place: Place,
        _ head: inout Head,
        _ transaction: inout WriteTransaction
    ) throws -> Receipt {
        let sequence = head.size
        let first = try claim(prepared, sequence, &transaction)
        let draft = prepared.draft
        var outcome = draft.outcome
        var body = draft.body
        let leaf: Hash256
        if let first {
            let same = try draft.isToldByID || repeats(first, draft.body, transaction)
            outcome = same ? .duplicate : .conflict
            if same { body = nil }
            let template = LineTemplate(draft, redelivery: outcome)
            leaf = try put(template, place, cause: first, head, &transaction)
        } else {
            leaf = try put(prepared.template, place, cause: place.cause, head, &transaction)
        }
        if let body {
            try transaction.append(body.record.span, for: sequence, in: store.bodies)
        }
        for erased in draft.erased { try erase(erased, by: sequence, &transaction) }
        try head.append(leaf: leaf, time: place.now) { level, index, tile in
            try transaction.put(
                tile.span,
                for: TileKey.encode(level: level, index: index),
                in: store.tiles
            )
        }
        return Receipt(
            sequence: sequence,
            leafHash: leaf,
            checkpointSize: 0,
            outcome: outcome,
            original: first
        )
    }

    /// Registers the event's id; gives the sequence that had it before, if any.
    private func claim(
        _ prepared: PreparedDraft,
        _ sequence: UInt64,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> UInt64? {
        guard prepared.draft.outcome.takesEffect else { return nil }
        var value: [UInt8] = []
        LittleEndian.append(sequence, to: &value)
        let isNew = try prepared.idKey.withSpan { key throws(LMDBError) in
            try transaction.insert(value.span, for: key, in: store.ids)
        }
        if isNew { return nil }
        return try prepared.idKey.withSpan { key throws(LMDBError) in
            try transaction.value(for: key, in: store.ids).read { IDKey.sequence($0) }
        }
    }

    /// Whether an earlier event's content is the same; an erased one counts as the same.
    private func repeats(
        _ first: UInt64,
        _ body: Body?,
        _ transaction: borrowing WriteTransaction
    ) throws(LMDBError) -> Bool {
        guard let record = try transaction.value(for: first, in: store.bodies),
            let layout = BodyLayout(record)
        else {
            // One whose line names a body had one that was erased: what it was cannot be told.
            let line = try transaction.value(for: first, in: store.lines)
            return body == nil || line.read { Line($0).bodyHash } != nil
        }
        guard let body, let new = BodyLayout(body.record.span) else { return false }
        return record.extracting(layout.content)
            .equals(body.record.span.extracting(new.content))
    }

    private func erase(
        _ erased: ErasedBody,
        by sequence: UInt64,
        _ transaction: inout WriteTransaction
    ) throws {
        guard let erasures = store.erasures else {
            throw LedgerError.damaged("the log has no place to note what is erased")
        }
        _ = try transaction.remove(erased.sequence, in: store.bodies)
        let record = ErasureRecord(by: sequence, kept: erased.kept?.record)
        try transaction.put(record.bytes.span, for: erased.sequence, in: erasures)
    }

    private mutating func put(
        _ template: LineTemplate,
        _ place: Place,
        cause: UInt64?,
        _ head: Head,
        _ transaction: inout WriteTransaction
    ) throws(LMDBError) -> Hash256 {
        let known = LineKnowledge(
            sequence: head.size,
            previous: head.lastLeaf,
            recorded: place.now,
            cause: cause,
            bodyHash: place.bodyHash
        )
        template.fill(&line, known, scratch: &scratch)
        try transaction.append(line.span, for: head.size, in: store.lines)
        return SHA256.leaf(line.span)
    }
}

extension Receipt {
    fileprivate func covered(by size: UInt64) -> Receipt {
        Receipt(
            sequence: sequence,
            leafHash: leafHash,
            checkpointSize: size,
            outcome: outcome,
            original: original
        )
    }
}
