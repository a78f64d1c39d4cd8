internal import Bytes
internal import Digest
internal import Ledger
internal import POSIX
package import Tables

/// A file that was handed over, such as CSV over SFTP, as it is recorded (`daybook batch`).
///
/// What is recorded: name, size, time of the last change, SHA-256, rows, and who handed it over to
/// whom; the file itself is the body if it is small enough. The digest tells one file from another.
package struct BatchFile: Sendable {
    /// What a person says of the file.
    package struct Handover: Sendable {
        /// The source in the log, such as `quickbooks-import`.
        package var source: String
        /// Whether we sent it; else we received it.
        package var isSent = false
        /// The account at the server.
        package var account: String?
        /// The server's key fingerprint, such as `SHA256:…`.
        package var hostKey: String?
        /// The URL it came from or went to, without a password.
        package var url: String?
        /// Whether the content is recorded, too.
        package var keepsContent = true

        /// Starts with what must be known.
        package init(source: String) {
            self.source = source
        }
    }

    /// Bytes of a file whose content is recorded: larger ones are recorded by their digest.
    static let contentBytes = 16 << 20

    private let handover: Handover
    private let name: String
    private let size: UInt64
    private let modified: Timestamp
    private let hash: Hash256
    private let rows: CSVCount
    /// `nil` if the file is larger than what is kept, or nobody wants it.
    private let content: [UInt8]?

    /// Reads the file at `path`, in pieces, so that its size does not matter.
    package init(path: String, _ handover: Handover) throws {
        try Self.check(handover)
        self.handover = handover
        name = String(path.split(separator: "/").last ?? "")
        let file = try FileDescriptor(reading: path)
        modified = Timestamp(microseconds: try file.modified())
        let keeps = try handover.keepsContent && file.size() <= Self.contentBytes
        var content: [UInt8] = []
        var size: UInt64 = 0
        var hash = SHA256()
        var rows = CSVCount()
        while true {
            let piece = try file.read(atMost: 1 << 20)
            if piece.isEmpty { break }
            size += UInt64(piece.count)
            hash.update(piece.span)
            rows.count(piece.span)
            // A file that grows while it is read is kept by its digest alone.
            if keeps, content.count + piece.count <= Self.contentBytes {
                content.append(contentsOf: piece)
            }
        }
        self.size = size
        self.hash = hash.finish()
        self.rows = try rows.finished(path)
        self.content = keeps && UInt64(content.count) == size ? content : nil
    }

    private static func check(_ handover: Handover) throws {
        guard handover.source != AdminEvent.source else {
            throw FactProblem(description: "source \"\(handover.source)\" is the log's own")
        }
        // USER:PASSWORD@ would stand in the log for good.
        let rest = handover.url?.split(separator: "/").dropFirst().first ?? ""
        if let at = rest.lastIndex(of: "@"), rest[..<at].contains(":") {
            throw FactProblem(description: "the url has a password in it, expected none")
        }
    }

    /// What was found in the file, by name, for output.
    package var fields: [(String, Cell)] {
        [
            ("file", .text(name)), ("size", .unsigned(size)), ("rows", .unsigned(rows.rows)),
            ("columns", .unsigned(rows.columns)), ("irregular", .unsigned(rows.irregular)),
            ("content", .text(content == nil ? "not kept" : "kept")),
        ]
    }

    /// The facts about the file.
    private var facts: CanonicalObject {
        var facts = CanonicalObject()
        facts.add("account", handover.account)
        facts.add("columns", rows.columns)
        facts.add("hostkey", handover.hostKey)
        facts.add("irregular", rows.irregular)
        facts.add("modified", modified.short)
        facts.add("name", name)
        facts.add("rows", rows.rows)
        facts.add("sha256", digest)
        facts.add("size", size)
        facts.add("url", handover.url)
        return facts
    }

    /// The content's SHA-256 in hex.
    private var digest: String { hash.withSpan { Hex.encode($0) } }

    func draft() -> Draft {
        var draft = Draft(
            source: handover.source,
            id: "sha256:\(digest)",
            type: handover.isSent ? "batch.sent" : "batch.received",
            kind: .fact
        )
        draft[.subject] = name.utf8.count <= 400 ? "file:\(name)" : nil
        draft[.time] = modified.short
        draft[.datacontenttype] = content == nil ? "application/json" : "text/csv"
        var salts = SaltSource()
        let salt = salts.next()
        let facts = facts
        var whole = CanonicalObject()
        whole.add("batch", facts)
        let meta = whole.bytes
        let body = content ?? facts.bytes
        draft.body = Body(salt: salt.span, meta: meta.span, content: body.span)
        // The digest is of the content, whatever else is said of the file the next time.
        draft.isToldByID = true
        return draft
    }
}

/// Counts the rows of a CSV file (RFC 4180) as it is read, whatever the pieces.
struct CSVCount: Sendable {
    /// Rows after the first, which names the columns.
    private(set) var rows: UInt64 = 0
    /// Fields of the first row.
    private(set) var columns: UInt64 = 0
    /// Rows that have another number of fields.
    private(set) var irregular: UInt64 = 0
    private var isFirst = true
    private var isQuoted = false
    private var isRow = false
    private var fields: UInt64 = 1

    mutating func count(_ bytes: Span<UInt8>) {
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                // A quote within quotes is doubled: two of them change nothing.
                isQuoted.toggle()
                isRow = true
            } else if isQuoted {
                continue
            } else if byte == UInt8(ascii: "\n") {
                endRow()
            } else if byte == UInt8(ascii: ",") {
                fields += 1
                isRow = true
            } else if byte != UInt8(ascii: "\r") {
                isRow = true
            }
        }
    }

    private mutating func endRow() {
        defer {
            isRow = false
            fields = 1
        }
        // An empty line is no row.
        guard isRow else { return }
        if isFirst {
            columns = fields
            isFirst = false
            return
        }
        rows += 1
        if fields != columns { irregular += 1 }
    }

    /// The counts once the file has ended; refuses one that ends within quotes.
    consuming func finished(_ path: String) throws -> CSVCount {
        guard !isQuoted else {
            throw FactProblem(
                description: "\(path) ends within quotes after row \(rows), expected CSV (RFC 4180)"
            )
        }
        endRow()
        return self
    }
}
