package import Bytes
internal import Digest
internal import JSON
internal import POSIX

/// All tokens of a ledger, as its file `tokens` holds them: one line of canonical JSON for each.
package struct TokenTable: Sendable {
    /// Tokens in all, revoked ones too: each request is compared with every one of them.
    package static let limit = 4096
    /// Bytes of the file: some five times what that many lines take.
    static let fileBytes = 4 << 20

    /// The tokens in the order in which they were made.
    package private(set) var records: [TokenRecord] = []
    /// Where in `records` a name is.
    private var places: [String: Int] = [:]
    private var digests: Set<Hash256> = []

    /// Starts without tokens.
    package init() {}

    /// Reads the file's text; a problem names the line.
    package init(_ text: Span<UInt8>) throws(TokenProblem) {
        var parser = JSONParser()
        var lines = NDJSONLines()
        while let range = lines.next(in: text) {
            do {
                let value = try parser.parse(text.extracting(range))
                try add(try TokenRecord(value))
            } catch let problem as TokenProblem {
                throw TokenProblem("line \(lines.lineNumber): \(problem)")
            } catch {
                throw TokenProblem("line \(lines.lineNumber): \(error)")
            }
        }
    }

    /// The file's text.
    package var bytes: [UInt8] { records.flatMap { $0.line + [UInt8(ascii: "\n")] } }

    /// The token of a name.
    package subscript(name: String) -> TokenRecord? { places[name].map { records[$0] } }

    /// Adds a token; its name and its digest must be new.
    package mutating func add(_ record: TokenRecord) throws(TokenProblem) {
        if let other = self[record.name] {
            throw TokenProblem(
                "a token was called \(record.name) before (created \(other.created.short)); "
                    + "names are not used again, take another"
            )
        }
        guard records.count < Self.limit else {
            throw TokenProblem("there are \(Self.limit) tokens, which is as many as there can be")
        }
        guard digests.insert(record.digest).inserted else {
            throw TokenProblem("two tokens have the same digest")
        }
        places[record.name] = records.count
        records.append(record)
    }

    /// Revokes the token of a name, if there is one that is not revoked.
    package mutating func revoke(_ name: String, at now: Timestamp) {
        guard let place = places[name], records[place].revoked == nil else { return }
        records[place].revoked = now
    }

    /// Whose token has this digest, if it is good.
    ///
    /// Takes as long whichever token it is, or none: all are compared, each in constant time.
    package func caller(digest: Hash256, at now: Timestamp) -> Caller? {
        var found: TokenRecord?
        digest.withSpan { digest in
            for record in records {
                let isSame = record.digest.withSpan { constantTimeEquals($0, digest) }
                if isSame { found = record }
            }
        }
        guard let found, found.state(at: now) == .active else { return nil }
        return Caller(name: found.name, role: found.role, scope: found.scope)
    }
}

extension TokenTable {
    /// Where a ledger's tokens lie.
    static func path(_ ledger: String) -> String { "\(ledger)/tokens" }

    /// Reads a ledger's tokens; none if there is no file.
    static func read(ledger: String) throws -> TokenTable {
        let path = path(ledger)
        do {
            let file = try FileDescriptor(reading: path)
            return try read(file, path)
        } catch let error as SystemError where error.isMissing {
            return TokenTable()
        }
    }

    /// Reads the file at `path`, which is open.
    static func read(_ file: borrowing FileDescriptor, _ path: String) throws -> TokenTable {
        // Who may write the file could make a token for any role.
        if let mode = Files.mode(path), mode & 0o022 != 0 {
            throw TokenProblem(
                "others may write \(path) (mode \(String(mode, radix: 8))); run: chmod 600 \(path)"
            )
        }
        var text: [UInt8] = []
        while true {
            let piece = try file.read(atMost: 1 << 16)
            if piece.isEmpty { break }
            text += piece
            guard text.count <= fileBytes else {
                throw TokenProblem("\(path) has more than \(fileBytes) bytes")
            }
        }
        do throws(TokenProblem) {
            return try TokenTable(text.span)
        } catch {
            throw TokenProblem("\(path), \(error)")
        }
    }
}
