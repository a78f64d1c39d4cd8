package import Bytes
internal import JSON
internal import Ledger

/// What is kept of a token: all but the token.
package struct TokenRecord: Hashable, Sendable {
    /// The token's name, given to no other one ever, so that a line's `authid` means one token.
    package let name: String
    /// What it is good for.
    package let role: TokenRole
    /// What of the book it reaches; `nil` for all of it.
    package let scope: TokenScope?
    /// When it was made.
    package let created: Timestamp
    /// From when on it is not good any more; `nil` for never.
    package let expires: Timestamp?
    /// When it was revoked; `nil` if it was not.
    package var revoked: Timestamp?
    /// SHA-256 of the token.
    let digest: Hash256

    /// Takes the parts of a record.
    package init(
        name: String,
        role: TokenRole,
        scope: TokenScope? = nil,
        created: Timestamp,
        expires: Timestamp?,
        digest: Hash256
    ) {
        self.name = name
        self.role = role
        self.scope = scope
        self.created = created
        self.expires = expires
        self.digest = digest
    }

    /// Whether a token is good.
    package enum State: String, Sendable {
        case active, expired, revoked
    }

    /// Whether the token is good at a moment.
    package func state(at now: Timestamp) -> State {
        if revoked != nil { return .revoked }
        if let expires, expires <= now { return .expired }
        return .active
    }
}

extension TokenRecord {
    /// The record as a line of the file: canonical JSON.
    var line: [UInt8] {
        var object = CanonicalObject()
        object.add("created", created.short)
        object.add("expires", expires?.short)
        object.add("name", name)
        object.add("revoked", revoked?.short)
        object.add("role", role.rawValue)
        object.add("scope", scope?.text)
        object.add("sha256", digest.description)
        return object.bytes
    }

    /// Reads a line of the file; the problem says what was expected, and nothing of the line.
    init(_ value: JSONValue) throws(TokenProblem) {
        guard value.kind == .object else { throw TokenProblem("expected an object") }
        var texts: [String: String] = [:]
        var members = value.members
        while let member = members.next() {
            guard Self.keys.contains(member.name), texts[member.name] == nil,
                let text = member.value.string
            else { throw TokenProblem("expected each of \(Self.keyList) at most once, as a text") }
            texts[member.name] = text
        }
        guard let name = texts["name"], SourceName.isValid(name) else {
            throw TokenProblem("expected a name of \(SourceName.rule)")
        }
        guard let role = texts["role"].flatMap({ TokenRole(stored: $0) }) else {
            throw TokenProblem("expected a role of \(TokenRole.list)")
        }
        guard let digest = texts["sha256"].flatMap({ Hash256(hex: $0.utf8Span.span) }) else {
            throw TokenProblem("expected sha256 as 64 hex digits")
        }
        guard let created = try Self.time("created", texts) else {
            throw TokenProblem("expected created")
        }
        var scope: TokenScope?
        if let text = texts["scope"] { scope = try TokenScope(stored: text) }
        self.init(
            name: name,
            role: role,
            scope: scope,
            created: created,
            expires: try Self.time("expires", texts),
            digest: digest
        )
        revoked = try Self.time("revoked", texts)
    }

    private static let keys = [
        "created", "expires", "name", "revoked", "role", "scope", "sha256",
    ]
    private static let keyList = keys.joined(separator: ", ")

    private static func time(
        _ key: String,
        _ texts: [String: String]
    ) throws(TokenProblem) -> Timestamp? {
        guard let text = texts[key] else { return nil }
        guard let time = Timestamp(rfc3339: text) else {
            throw TokenProblem("expected \(key) as RFC 3339")
        }
        return time
    }
}

/// Why tokens cannot be read, made or revoked.
package struct TokenProblem: Error, Hashable, CustomStringConvertible {
    /// One line for people, without any secret.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
