internal import Bytes
package import Ledger

/// What is other than the log says: changed by somebody's editor, and told by no event.
package enum OutsideChanges {
    /// A token as its file has it.
    package struct KnownToken: Sendable {
        package let name: String
        package let role: String
        package let isRevoked: Bool

        /// Takes what the file says.
        package init(name: String, role: String, isRevoked: Bool) {
            self.name = name
            self.role = role
            self.isRevoked = isRevoked
        }
    }

    /// Compares the configuration and the tokens as they are now with what the log tells of them.
    package static func list(
        configuration file: String,
        tokens: [KnownToken],
        in ledger: Ledger
    ) throws -> [ChangeEntry] {
        var entries: [ChangeEntry] = []
        if let now = try ConfigurationChange(file: file) {
            let last = try ConfigurationChange.last(in: ledger)
            if last.hash != now.after.description {
                entries.append(
                    entry(
                        "configuration",
                        "configuration:daybook.yaml",
                        before: last.hash,
                        after: now.after.description,
                        last.hash == nil
                            ? "never recorded" : "changed since, and not recorded yet"
                    )
                )
            }
        }
        let told = try toldTokens(ledger)
        for token in tokens {
            let subject = "token:\(token.name)"
            if let known = told[token.name] {
                if known.role != token.role {
                    entries.append(
                        entry(
                            "token",
                            subject,
                            before: known.role,
                            after: token.role,
                            "its role is another than the log says"
                        )
                    )
                }
                if known.isRevoked, !token.isRevoked {
                    entries.append(entry("token", subject, "is good, and the log says revoked"))
                }
            } else {
                entries.append(entry("token", subject, after: token.role, "no event made it"))
            }
        }
        let names = Set(tokens.map(\.name))
        for name in told.keys.sorted() where !names.contains(name) {
            entries.append(
                entry("token", "token:\(name)", before: told[name]?.role, "is not there any more")
            )
        }
        return entries
    }

    private static func toldTokens(
        _ ledger: Ledger
    ) throws -> [String: (role: String, isRevoked: Bool)] {
        var told: [String: (role: String, isRevoked: Bool)] = [:]
        try ledger.read { snapshot in
            try OwnEvents.forEach(in: snapshot, before: snapshot.size) { _, type, line in
                guard type == TokenEvents.created || type == TokenEvents.revoked,
                    let token = TokenEvents.role(line)
                else { return }
                // Tokens of a writer's role are called by its later name.
                let role = token.role == "writer" ? "ingest" : token.role
                told[token.name] = (role, type == TokenEvents.revoked)
            }
        }
        return told
    }

    private static func entry(
        _ what: String,
        _ subject: String,
        before: String? = nil,
        after: String? = nil,
        _ detail: String
    ) -> ChangeEntry {
        ChangeEntry(
            sequence: nil,
            time: nil,
            what: what,
            subject: subject,
            who: nil,
            before: before,
            after: after,
            approver: nil,
            revision: nil,
            detail: detail,
            flags: [.outside]
        )
    }
}
