internal import Audit
package import Bytes
package import Ledger

/// Who approves what somebody else does.
package enum Approver {
    /// Roles whose tokens approve; the others are programs'.
    private static let roles: Set<String> = ["admin", "auditor"]

    /// Reads `--approved-by`: `env:NAME` or `file:PATH` refer to the approver's token, which must be
    /// good now; anything else is a name that is taken at its word.
    ///
    /// - Throws: `AuditProblem.refused` for a token that is not good, or may not approve.
    package static func read(
        _ text: String,
        ledger: String,
        at now: Timestamp
    ) throws -> Actor {
        guard text.hasPrefix("env:") || text.hasPrefix("file:") else {
            guard SourceName.isValid(text) else {
                throw AuditProblem.usage(
                    "\"\(text.prefix(64))\" is no name (\(SourceName.rule)), and no token's place; "
                        + "expected such as anna, env:APPROVER_TOKEN or file:token.txt"
                )
            }
            return Actor(authType: "said", name: text)
        }
        let secret = try Secrets.resolve(text, ledger: ledger)
        guard let token = Token(secret.span),
            let caller = try TokenTable.read(ledger: ledger)
                .caller(digest: token.digest, at: now)
        else {
            throw AuditProblem.refused(
                "what \(text) holds is no token of this ledger that is good now"
            )
        }
        let role = caller.role.rawValue
        guard roles.contains(role) else {
            throw AuditProblem.refused(
                "the token \(caller.name) has the role \(role), which approves nothing; expected "
                    + roles.sorted().joined(separator: " or ")
            )
        }
        return Actor(authType: Caller.authType, name: caller.name, role: role)
    }
}
