package import Bytes
package import Ledger

/// One read or report, as the log tells of it (`daybook access-log`).
package struct AccessEntry: Sendable, Hashable {
    /// The event that tells of it.
    package let sequence: UInt64
    /// When it was recorded, which is before the answer was given.
    package let time: Timestamp?
    /// Who asked, as `AUTHTYPE:AUTHID`.
    package let who: String
    /// What a token was good for when it was made; `nil` for users of the machine.
    package let role: String?
    /// Who was logged in where a token was shown at the command line, as far as the log tells.
    package let user: String?
    /// The command, route or kind of report.
    package let what: String
    /// What was asked.
    package let query: String
    /// Rows that were given out; `nil` where the answer went on as events came.
    package let rows: UInt64?
    /// What for.
    package let purpose: String?

    /// The reads and reports of a selection, in order; `who` narrows them to those whose actor fits
    /// the pattern, by name or as `AUTHTYPE:AUTHID`.
    package static func list(
        _ selection: EventSelection,
        who pattern: String? = nil,
        in ledger: Ledger
    ) throws -> [AccessEntry] {
        var roles: [String: String] = [:]
        var found: [(entry: AccessEntry, isReport: Bool)] = []
        try ledger.read { snapshot in
            let range = try selection.range(in: snapshot, size: snapshot.size)
            try OwnEvents.forEach(in: snapshot, before: range.upperBound) { sequence, type, line in
                if type == "daybook.token.created", let token = TokenEvents.role(line) {
                    roles[token.name] = token.role
                }
                let isReport = type == ReportRecord.type
                guard isReport || type == ReadRecord.type, sequence >= range.lowerBound,
                    selection.query.matches(line)
                else { return }
                let entry = AccessEntry(sequence, line, roles)
                if entry.isBy(pattern) { found.append((entry, isReport)) }
            }
        }
        return try found.map { try $0.entry.completed(isReport: $0.isReport, in: ledger) }
    }

    private init(_ sequence: UInt64, _ line: borrowing Line, _ roles: [String: String]) {
        self.sequence = sequence
        time = line.recordedTime
        who = line.who ?? ""
        role = line.text(.authtype) == "token" ? line.text(.authid).flatMap { roles[$0] } : nil
        user = nil
        what = line.text(.method) ?? line.text(.subject) ?? ""
        query = line.text(.path) ?? ""
        rows = line.integer(.records)
        purpose = line.text(.reason)
    }

    private init(_ entry: AccessEntry, user: String?, what: String, query: String) {
        sequence = entry.sequence
        time = entry.time
        who = entry.who
        role = entry.role
        self.user = user
        self.what = what
        self.query = query
        rows = entry.rows
        purpose = entry.purpose
    }

    private func isBy(_ pattern: String?) -> Bool {
        guard let pattern else { return true }
        let name = who.drop { $0 != ":" }.dropFirst()
        return globMatches(pattern, who) || globMatches(pattern, String(name))
    }

    /// With what only the event's content says; without it where that was erased.
    private func completed(isReport: Bool, in ledger: Ledger) throws -> AccessEntry {
        let content = ContentMembers.read(try ledger.event(at: sequence).content)
        guard isReport else {
            return AccessEntry(self, user: content["user"], what: what, query: query)
        }
        return AccessEntry(
            self,
            user: nil,
            what: "report \(content["kind"] ?? "")",
            query: content["query"] ?? ""
        )
    }
}

/// What the events of tokens say.
enum TokenEvents {
    static let created = "daybook.token.created"
    static let revoked = "daybook.token.revoked"

    /// Whose token a line is about, and its role.
    static func role(_ line: borrowing Line) -> (name: String, role: String)? {
        guard let name = line.text(.subject)?.dropping("token:") else { return nil }
        // The reason is "role NAME", then the scope.
        let word = line.text(.reason)?.dropping("role ")?.prefix { $0 != ";" && $0 != " " }
        return (name, String(word ?? ""))
    }
}

extension String {
    /// What follows a prefix; `nil` if it does not begin so.
    func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
