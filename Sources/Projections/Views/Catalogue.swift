internal import Bytes
internal import LMDB

/// Some stored rows: how far they are folded and what became of the events.
struct StoredRows: Hashable {
    /// The number that its keys begin with.
    var number: UInt32
    /// What decides the rows: `Definition.foldHash`.
    var foldHash: Hash256
    /// The events from 0 up to here are folded.
    var position: UInt64 = 0
    /// The log's root hash over the events that are folded; zero before the first.
    var root = Hash256.zero
    /// While the rows are built, the end and which chunks are done; `nil` once they follow.
    var build: Build?
    var tally = Tally()
    /// When rows and position last moved, in microseconds since 1970.
    var movedAt: Int64 = 0
    /// Why they did not move when they should have.
    var lastError = ""
    /// Events folded a second, when last there were enough to tell; 0 before.
    var rate: UInt64 = 0

    struct Build: Hashable {
        /// Events to fold before the rows follow the log.
        var end: UInt64
        var chunkSize: UInt64
        /// For each chunk whether it is done.
        var done: [Bool]
    }
}

/// One version of a projection.
struct StoredView: Hashable {
    var name: String
    var version: Int
    var hash: Hash256
    /// The rows it shows.
    var rows: UInt32
    /// When it was first used, in microseconds since 1970.
    var madeAt: Int64
    /// The definition's text.
    var text: [UInt8]
    /// Whether the log has the definition.
    var isRecorded = false
}

/// What there is in `views/`: versions of projections, rows, and which version answers.
struct Catalogue {
    let store: ViewStore

    private static func viewKey(_ name: String, _ version: Int) -> [UInt8] {
        var key = Array("view/\(name)/".utf8)
        BigEndian.append(UInt32(version), to: &key)
        return key
    }

    private static func rowsKey(_ number: UInt32) -> [UInt8] {
        var key = Array("rows/".utf8)
        BigEndian.append(number, to: &key)
        return key
    }

    /// `which`: the one that answers now, or the one that did before.
    private static func pointerKey(_ which: String, _ name: String) -> [UInt8] {
        Array("\(which)/\(name)".utf8)
    }
}

/// Which version of a projection is meant.
enum ViewPointer: String {
    /// The one that answers.
    case active
    /// The one that answered before, for rolling back.
    case previous
}

extension Catalogue {
    /// The version of all that is kept in `views/`.
    private static let format = "1"

    /// Refuses what another version of the program wrote; marks what is new.
    func requireFormat() throws {
        let key = Array("format".utf8)
        let format = try store.environment.read { transaction -> String? in
            guard let record = try transaction.value(for: key.span, in: store.catalogue) else {
                return nil
            }
            return String(repairing: record)
        }
        if format == Self.format { return }
        guard format == nil else { throw ViewError.otherFormat }
        guard !store.environment.isReadOnly else { return }
        try store.write { transaction in
            try transaction.put(Self.format.utf8Span.span, for: key.span, in: store.catalogue)
        }
    }
}

// MARK: - Reading

extension Catalogue {
    /// All versions of all projections, by name and version.
    func views(in transaction: borrowing ReadTransaction) throws -> [StoredView] {
        var views: [StoredView] = []
        let prefix = Array("view/".utf8)
        var cursor = try transaction.cursor(over: store.catalogue, from: prefix)
        while try cursor.next() {
            guard cursor.keyBytes.hasPrefix(prefix.span) else { break }
            guard let view = StoredView(record: cursor.value) else { throw ViewError.damaged }
            views.append(view)
        }
        return views
    }

    func view<T: Transaction & ~Copyable>(
        _ name: String,
        _ version: Int,
        in transaction: borrowing T
    ) throws -> StoredView? {
        let key = Self.viewKey(name, version)
        guard let record = try transaction.value(for: key.span, in: store.catalogue) else {
            return nil
        }
        guard let view = StoredView(record: record) else { throw ViewError.damaged }
        return view
    }

    /// The version that is pointed to; `nil` if there is none.
    func version<T: Transaction & ~Copyable>(
        _ pointer: ViewPointer,
        of name: String,
        in transaction: borrowing T
    ) throws -> Int? {
        let key = Self.pointerKey(pointer.rawValue, name)
        guard let record = try transaction.value(for: key.span, in: store.catalogue),
            let version = BigEndian.uint32(record, at: 0)
        else { return nil }
        return Int(version)
    }

    func rows<T: Transaction & ~Copyable>(
        _ number: UInt32,
        in transaction: borrowing T
    ) throws -> StoredRows? {
        let key = Self.rowsKey(number)
        guard let record = try transaction.value(for: key.span, in: store.catalogue) else {
            return nil
        }
        guard let rows = StoredRows(record: record) else { throw ViewError.damaged }
        return rows
    }

    /// All stored rows, by number.
    func allRows(in transaction: borrowing ReadTransaction) throws -> [StoredRows] {
        var all: [StoredRows] = []
        let prefix = Array("rows/".utf8)
        var cursor = try transaction.cursor(over: store.catalogue, from: prefix)
        while try cursor.next() {
            guard cursor.keyBytes.hasPrefix(prefix.span) else { break }
            guard let rows = StoredRows(record: cursor.value) else { throw ViewError.damaged }
            all.append(rows)
        }
        return all
    }
}

// MARK: - Writing

extension Catalogue {
    func put(_ view: StoredView, in transaction: inout WriteTransaction) throws {
        let key = Self.viewKey(view.name, view.version)
        let record = view.record
        try transaction.put(record.span, for: key.span, in: store.catalogue)
    }

    func put(_ rows: StoredRows, in transaction: inout WriteTransaction) throws {
        let key = Self.rowsKey(rows.number)
        let record = rows.record
        try transaction.put(record.span, for: key.span, in: store.catalogue)
    }

    /// Points to a version; `nil` to none.
    func point(
        _ pointer: ViewPointer,
        of name: String,
        to version: Int?,
        in transaction: inout WriteTransaction
    ) throws {
        let key = Self.pointerKey(pointer.rawValue, name)
        guard let version else {
            _ = try transaction.remove(key.span, in: store.catalogue)
            return
        }
        var record: [UInt8] = []
        BigEndian.append(UInt32(version), to: &record)
        try transaction.put(record.span, for: key.span, in: store.catalogue)
    }

    /// New rows, with a number that none had before.
    func makeRows(
        _ foldHash: Hash256,
        in transaction: inout WriteTransaction
    ) throws -> StoredRows {
        let key = Array("number".utf8)
        var number: UInt32 = 1
        if let record = try transaction.value(for: key.span, in: store.catalogue) {
            number = (BigEndian.uint32(record, at: 0) ?? 0) + 1
        }
        var record: [UInt8] = []
        BigEndian.append(number, to: &record)
        try transaction.put(record.span, for: key.span, in: store.catalogue)
        let rows = StoredRows(number: number, foldHash: foldHash)
        try put(rows, in: &transaction)
        return rows
    }

    func removeView(
        _ name: String,
        _ version: Int,
        in transaction: inout WriteTransaction
    ) throws {
        let key = Self.viewKey(name, version)
        _ = try transaction.remove(key.span, in: store.catalogue)
    }

    func removeRows(_ number: UInt32, in transaction: inout WriteTransaction) throws {
        let key = Self.rowsKey(number)
        _ = try transaction.remove(key.span, in: store.catalogue)
    }
}

// MARK: - Records

extension StoredView {
    var record: [UInt8] {
        var output: [UInt8] = []
        RecordWriter.text(name.utf8Span.span, &output)
        RecordWriter.varint(UInt64(version), &output)
        hash.withSpan { output.append(span: $0) }
        RecordWriter.varint(UInt64(rows), &output)
        RecordWriter.signed(madeAt, &output)
        RecordWriter.text(text.span, &output)
        RecordWriter.varint(isRecorded ? 1 : 0, &output)
        return output
    }

    init?(record: Span<UInt8>) {
        var reader = RecordReader(record)
        guard let name = reader.string(), let version = reader.varint(),
            let hash = reader.hash(), let rows = reader.varint(), let madeAt = reader.signed(),
            let text = reader.text(), let isRecorded = reader.varint(), reader.isAtEnd
        else { return nil }
        self.name = name
        self.version = Int(truncatingIfNeeded: version)
        self.hash = hash
        self.rows = UInt32(truncatingIfNeeded: rows)
        self.madeAt = madeAt
        self.text = [UInt8](copying: record.extracting(text))
        self.isRecorded = isRecorded == 1
    }
}

extension StoredRows {
    var record: [UInt8] {
        var output: [UInt8] = []
        RecordWriter.varint(UInt64(number), &output)
        foldHash.withSpan { output.append(span: $0) }
        RecordWriter.varint(position, &output)
        root.withSpan { output.append(span: $0) }
        for count in tally.counts { RecordWriter.varint(count, &output) }
        RecordWriter.signed(movedAt, &output)
        RecordWriter.text(lastError.utf8Span.span, &output)
        RecordWriter.varint(rate, &output)
        RecordWriter.varint(build == nil ? 0 : 1, &output)
        if let build {
            RecordWriter.varint(build.end, &output)
            RecordWriter.varint(build.chunkSize, &output)
            RecordWriter.varint(UInt64(build.done.count), &output)
            for isDone in build.done { output.append(isDone ? 1 : 0) }
        }
        return output
    }

    init?(record: Span<UInt8>) {
        var reader = RecordReader(record)
        guard let number = reader.varint(), let foldHash = reader.hash(),
            let position = reader.varint(), let root = reader.hash()
        else { return nil }
        var counts: [UInt64] = []
        for _ in 0..<7 {
            guard let count = reader.varint() else { return nil }
            counts.append(count)
        }
        guard let movedAt = reader.signed(), let lastError = reader.string(),
            let rate = reader.varint(), let hasBuild = reader.varint()
        else { return nil }
        self.number = UInt32(truncatingIfNeeded: number)
        self.foldHash = foldHash
        self.position = position
        self.root = root
        tally = Tally(counts: counts)
        self.movedAt = movedAt
        self.lastError = lastError
        self.rate = rate
        guard hasBuild == 1 else { return }
        guard let end = reader.varint(), let chunkSize = reader.varint(), let count = reader.text()
        else { return nil }
        let done = record.extracting(count)
        build = Build(end: end, chunkSize: chunkSize, done: done.indices.map { done[$0] == 1 })
    }
}

extension Tally {
    fileprivate var counts: [UInt64] {
        [applied, ignored, duplicate, rejected, quarantined, unknown, unmapped]
    }

    fileprivate init(counts: [UInt64]) {
        applied = counts[0]
        ignored = counts[1]
        duplicate = counts[2]
        rejected = counts[3]
        quarantined = counts[4]
        unknown = counts[5]
        unmapped = counts[6]
    }
}
