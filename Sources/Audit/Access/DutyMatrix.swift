package import Ledger

/// Who did what to the book, and what of it should not have been in the same hands
/// (`daybook sod`).
package struct DutyMatrix: Sendable {
    /// How often each did each.
    package private(set) var counts: [String: [Duty: Int]] = [:]
    /// What breaks a rule: one for each rule, persons and subject, the first such pair of events.
    package private(set) var conflicts: [DutyConflict] = []

    /// Who did anything, sorted.
    package var actors: [String] { counts.keys.sorted() }

    /// A use of a token, by whom the log says that it was.
    package struct TokenUse: Hashable, Sendable {
        package let sequence: UInt64
        package let token: String
        /// Who was logged in.
        package let user: String

        /// Takes what an event tells.
        package init(sequence: UInt64, token: String, user: String) {
            self.sequence = sequence
            self.token = token
            self.user = user
        }
    }

    /// Judges deeds, in the log's order; `makers` says by whom each token was made and by which
    /// event, `uses` who showed one at the command line.
    package init(
        _ deeds: [Deed],
        makers: [String: (who: String, sequence: UInt64)] = [:],
        uses: [TokenUse] = []
    ) {
        for deed in deeds { counts[deed.who, default: [:]][deed.duty, default: 0] += 1 }
        /// Whose hands these are: a token's maker could use it as well.
        func hands(_ who: String) -> Set<String> {
            var hands: Set = [who]
            var who = who
            // A token may have been made by a token; a name is used once, so this ends.
            while let name = who.dropping("token:"), let maker = makers[name],
                hands.insert(maker.who).inserted
            {
                who = maker.who
            }
            return hands
        }
        var known: Set<[String]> = []
        for rule in DutyRule.all {
            let firsts = deeds.filter { $0.duty == rule.first }
            let seconds = deeds.filter { $0.duty == rule.second }
            for second in seconds {
                let others = hands(second.who)
                guard
                    let first = firsts.first(where: { first in
                        (!rule.sharesSubject || first.subject == second.subject)
                            // An approval stands in the event of what is approved.
                            && (rule.second != .approve || first.sequence == second.sequence)
                            && !hands(first.who).isDisjoint(with: others)
                    })
                else { continue }
                let who = first.who == second.who ? [first.who] : [first.who, second.who]
                let subject = rule.sharesSubject ? second.subject : ""
                guard known.insert([rule.name, subject] + who).inserted else { continue }
                conflicts.append(
                    DutyConflict(
                        rule: rule.name,
                        who: who,
                        subject: subject,
                        events: Set([first.sequence, second.sequence]).sorted()
                    )
                )
            }
        }
        for use in uses {
            guard let maker = makers[use.token], maker.who == "os-user:\(use.user)",
                known.insert([DutyRule.ownToken.name, use.token, use.user]).inserted
            else { continue }
            conflicts.append(
                DutyConflict(
                    rule: DutyRule.ownToken.name,
                    who: [maker.who, "token:\(use.token)"],
                    subject: "token:\(use.token)",
                    events: [maker.sequence, use.sequence].sorted()
                )
            )
        }
    }
}

extension DutyMatrix {
    /// Reads the deeds of a selection out of the log; tokens count whenever they were made.
    package init(_ selection: EventSelection, in ledger: Ledger) throws {
        var deeds: [Deed] = []
        var makers: [String: (who: String, sequence: UInt64)] = [:]
        var reads: [(sequence: UInt64, token: String)] = []
        var approvals: [(sequence: UInt64, subject: String)] = []
        try ledger.read { snapshot in
            let range = try selection.range(in: snapshot, size: snapshot.size)
            try OwnEvents.forEach(in: snapshot, before: range.upperBound) { sequence, type, line in
                let who = line.who
                if type == TokenEvents.created, let who, let name = TokenEvents.role(line)?.name {
                    makers[name] = (who, sequence)
                }
                guard sequence >= range.lowerBound, selection.query.matches(line) else { return }
                let subject = line.text(.subject) ?? ""
                if type == ReadRecord.type, let token = who?.dropping("token:") {
                    reads.append((sequence, token))
                }
                guard let duty = Duty(type: type, subject: subject) else { return }
                if duty == .correct { approvals.append((sequence, subject)) }
                deeds.append(
                    Deed(sequence: sequence, duty: duty, who: who ?? "nobody", subject: subject)
                )
            }
        }
        for approval in approvals {
            let content = ContentMembers.read(try ledger.event(at: approval.sequence).content)
            guard let who = content["approved_by"] ?? content["approver"] else { continue }
            deeds.append(
                Deed(
                    sequence: approval.sequence,
                    duty: .approve,
                    who: who.contains(":") ? who : "token:\(who)",
                    subject: approval.subject
                )
            )
        }
        let uses = try Self.uses(reads, in: ledger)
        self.init(deeds, makers: makers, uses: uses)
    }

    /// The first use of each token by each user.
    private static func uses(
        _ reads: [(sequence: UInt64, token: String)],
        in ledger: Ledger
    ) throws -> [TokenUse] {
        var uses: [TokenUse] = []
        var known: Set<[String]> = []
        for read in reads {
            let content = ContentMembers.read(try ledger.event(at: read.sequence).content)
            guard let user = content["user"], known.insert([read.token, user]).inserted else {
                continue
            }
            uses.append(TokenUse(sequence: read.sequence, token: read.token, user: user))
        }
        return uses
    }
}
