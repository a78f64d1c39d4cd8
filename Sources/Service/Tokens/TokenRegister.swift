package import Bytes
internal import Digest
package import Ledger
internal import POSIX
internal import YAML

/// Makes and revokes the tokens of a ledger, beside a server or without one.
package struct TokenRegister: Sendable {
    private let ledger: String
    private let actor: Actor?

    /// Of the ledger in a folder; `actor` is who makes and revokes them.
    package init(ledger: String, actor: Actor? = nil) {
        self.ledger = ledger
        self.actor = actor
    }

    /// The tokens as they stand.
    package func list() throws -> [TokenRecord] {
        try requireLedger()
        return try TokenTable.read(ledger: ledger).records
    }

    /// When a token expires that is good for a time such as `90d` from `now` on.
    package static func expiry(_ text: String, from now: Timestamp) throws -> Timestamp {
        // The longest is as good as never, which is what no time means.
        guard let duration = Quantity.duration(text), duration >= .seconds(60),
            duration <= .seconds(3650 * 86_400)
        else {
            throw TokenProblem(
                "a token cannot be good for \"\(text)\", expected such as 12h or 90d, at most 3650d"
            )
        }
        return Timestamp(
            microseconds: now.microseconds + duration.components.seconds * 1_000_000
        )
    }

    /// Makes a token; the log says so before anyone can use it.
    ///
    /// - Returns: the token, which cannot be had again, and the sequence of the event.
    package func create(
        name: String,
        role: TokenRole,
        scope: TokenScope? = nil,
        expires: Timestamp?,
        at now: Timestamp
    ) throws -> (token: Token, sequence: UInt64) {
        guard scope == nil || role.canBeScoped else {
            throw TokenProblem(
                "what the role \(role.rawValue) does is done to the whole book; expected no scope"
            )
        }
        let token = Token(random: Random.fill(32))
        let sequence = try alone { table in
            try table.add(
                TokenRecord(
                    name: name,
                    role: role,
                    scope: scope,
                    created: now,
                    expires: expires,
                    digest: token.digest
                )
            )
            var draft = AdminEvent.draft(type: "daybook.token.created")
            Self.describe(&draft, name, role, scope)
            let sequence = try record(draft)
            try store(table)
            return sequence
        }
        return (token, sequence)
    }

    /// Revokes a token, at once for every server over the ledger; the log says so afterwards, so
    /// that a log that takes no events cannot keep a lost token good.
    ///
    /// Of one that is revoked already it is made sure that the log says so.
    /// - Returns: the sequence of the event.
    package func revoke(name: String, at now: Timestamp) throws -> UInt64 {
        try alone { table in
            guard let token = table[name] else {
                throw TokenProblem(
                    "there is no token \(name); \"daybook tokens list\" names those there are"
                )
            }
            if token.revoked == nil {
                table.revoke(name, at: now)
                try store(table)
            }
            var draft = Draft(
                source: AdminEvent.source,
                // A name is used once, so that one event is enough however often this is tried.
                id: "token-revoked:\(name)",
                type: "daybook.token.revoked",
                kind: .admin
            )
            Self.describe(&draft, name, token.role, token.scope)
            do {
                return try record(draft)
            } catch {
                throw TokenProblem(
                    "the token \(name) is revoked, but the log does not say so yet: \(error); "
                        + "run it again once it can"
                )
            }
        }
    }

    /// Runs `body` on the tokens as they stand, while nobody else changes them.
    private func alone<R>(_ body: (inout TokenTable) throws -> R) throws -> R {
        try requireLedger()
        return try Files.withLock("\(TokenTable.path(ledger)).lock") {
            var table = try TokenTable.read(ledger: ledger)
            return try body(&table)
        }
    }

    private func store(_ table: TokenTable) throws {
        try Files.replace(TokenTable.path(ledger), with: table.bytes, mode: 0o600)
    }

    /// Refuses a folder without a ledger, before anything is written into it.
    private func requireLedger() throws {
        guard Files.exists("\(ledger)/log/data.mdb") else {
            throw LedgerError.missing(path: ledger)
        }
    }

    private static func describe(
        _ draft: inout Draft,
        _ name: String,
        _ role: TokenRole,
        _ scope: TokenScope?
    ) {
        draft[.subject] = "token:\(name)"
        draft[.reason] = "role \(role.rawValue)" + (scope.map { "; scope \($0.text)" } ?? "")
    }

    /// Appends an event, unless the log has it.
    private func record(_ draft: Draft) throws -> UInt64 {
        let opened = try AppendingLedger(path: ledger, actor: actor)
        defer { opened.close() }
        let known = try opened.ledger.read { snapshot in
            try snapshot.sequence(source: draft.source, id: draft.id)
        }
        if let known { return known }
        let receipt = try opened.writer.append([draft])[0]
        return receipt.original ?? receipt.sequence
    }
}
