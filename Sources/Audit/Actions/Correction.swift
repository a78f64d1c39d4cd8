package import Bytes
internal import JSON
package import Ledger
package import Projections

/// What somebody says in the place of what an event says.
///
/// Nothing in the log is changed. A correction is an event of its own: kind `fact`, source
/// `corrections`, with the type, provider and subject of the event that it supersedes, whose
/// sequence is its `causationid`. So every rule that reads the one by provider and type reads the
/// other, and its content has the same form. It speaks for the same moment, and its id is the
/// superseded event's with `~` and a number behind, which comes after that id in the order by which
/// registers decide between words for one moment: a later word wins over it, the superseded one
/// does not. Registers that add up (`sum`, `count`, `balance`) add it, unless `by:` names one
/// register for both: there the content says the difference. `preview` shows what it comes to.
package struct Correction: Sendable {
    /// The source of all corrections.
    package static let source = "corrections"
    /// The event that says who corrected what, and who approved it.
    package static let type = "daybook.corrected"

    /// Corrections of one event: three digits keep their ids in order.
    static let limit = 999
    /// Bytes of the reason: a few sentences.
    static let reasonBytes = 1024

    /// The event that is corrected.
    package let supersedes: UInt64
    /// The event that says it right.
    package let draft: Draft
    private let reason: String
    private let author: Actor
    private let approver: Actor?

    /// What is corrected, how, why, and by whom.
    package struct Terms: Sendable {
        package var sequence: UInt64
        /// The content as it should have been, JSON.
        package var content: [UInt8]
        package var reason: String
        package var author: Actor
        /// Who approved it; `nil` if nobody was asked.
        package var approver: Actor?
        /// The moment that it speaks for where the content says none; `nil` for that of the event.
        package var time: Timestamp?

        package init(
            _ sequence: UInt64,
            content: [UInt8],
            reason: String,
            author: Actor,
            approver: Actor? = nil,
            time: Timestamp? = nil
        ) {
            self.sequence = sequence
            self.content = content
            self.reason = reason
            self.author = author
            self.approver = approver
            self.time = time
        }
    }

    /// Makes the correction of an event of `ledger`; nothing is appended yet.
    ///
    /// - Throws: `AuditProblem` if it cannot be corrected, or not like that.
    package init(_ terms: Terms, in ledger: Ledger) throws {
        let reason = terms.reason.utf8.count
        guard (1...Self.reasonBytes).contains(reason) else {
            throw AuditProblem.usage(
                "the reason has \(reason) bytes, expected from 1 to \(Self.reasonBytes)"
            )
        }
        if let approver = terms.approver, approver.name == terms.author.name {
            throw AuditProblem.refused(
                "\(approver.name) cannot approve a correction of their own; "
                    + "somebody else has to"
            )
        }
        let event = try ledger.event(at: terms.sequence)
        let line = Line(event.line.span)
        try Self.requireCorrectable(terms.sequence, line)
        try Self.requireForm(terms.content, like: event)
        guard let superseded = Draft(copying: line, body: nil) else {
            throw AuditProblem.refused(
                "event \(terms.sequence) cannot be read; \"daybook verify\" says what is wrong"
            )
        }
        var draft = Draft(
            source: Self.source,
            id: try Self.nextID(after: superseded, in: ledger),
            type: superseded[.type] ?? "",
            kind: .fact
        )
        for attribute in [Attribute.provider, .subject, .correlationid, .time] {
            draft[attribute] = superseded[attribute]
        }
        if let time = terms.time { draft[.time] = time.short }
        draft[.datacontenttype] = "application/json"
        draft[.causationid] = Decimal.padded(terms.sequence, digits: Decimal.sequenceDigits)
        draft[.reason] = terms.reason
        draft.sign(by: terms.author)
        let meta: [UInt8] = Array("{}".utf8)
        draft.body = Body(meta: meta.span, content: terms.content.span)
        supersedes = terms.sequence
        self.draft = draft
        self.reason = terms.reason
        author = terms.author
        approver = terms.approver
    }

    /// What it would do to rows if it were appended now.
    package func preview(in views: Views, at moment: Timestamp) throws -> Preview {
        let size = try views.ledger.read { try $0.size }
        return try views.preview(
            line: draft.proposedLine(at: size, recorded: moment),
            record: draft.body?.record ?? [],
            moment: moment
        )
    }

    /// Appends it, and the event that tells of it, in one commit; their receipts in that order.
    package func record(in ledger: Ledger) throws -> [Receipt] {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        var object = CanonicalObject()
        object.add("approved_by", approver?.text)
        object.add("corrected_by", author.text)
        object.add("id", draft.id)
        object.add("reason", reason)
        object.add("supersedes", supersedes)
        let content = object.bytes
        var told = AdminEvent.draft(type: Self.type, json: content.span)
        told[.subject] = draft[.subject]
        told[.reason] = reason
        told.sign(by: author)
        told.cause = 0
        let receipts = try writer.append([draft, told])
        guard receipts[0].outcome == .accepted else {
            throw AuditProblem.refused(
                "somebody corrected event \(supersedes) at the same moment, by event "
                    + "\(receipts[0].original ?? receipts[0].sequence); look at that first"
            )
        }
        return receipts
    }
}

extension Correction {
    /// What was sent and answered, and what the log says of itself, cannot be said otherwise.
    private static let kinds: Set<String> = ["webhook", "fact", "sync"]

    private static func requireCorrectable(_ sequence: UInt64, _ line: borrowing Line) throws {
        let kind = line.text(.kind) ?? "none"
        guard kinds.contains(kind) else {
            throw AuditProblem.refused(
                "event \(sequence) is of kind \(kind): what the log did itself is as it was; only "
                    + "what others said can be corrected (webhook, fact, sync)"
            )
        }
        guard line.outcome?.takesEffect == true else {
            throw AuditProblem.refused(
                "event \(sequence) is \(line.text(.outcome) ?? "unreadable"): it takes no effect, "
                    + "so there is nothing to correct"
            )
        }
    }

    /// Refuses content that rules for the superseded event could not read: no JSON, or a list where
    /// that is an object.
    private static func requireForm(_ content: [UInt8], like event: StoredEvent) throws {
        let kind = try Self.kind(content)
        guard kind == .object || kind == .array else {
            throw AuditProblem.usage("the content is a single value, expected an object or a list")
        }
        guard Line(event.line.span).text(.part) == nil, let old = event.content,
            let known = try? Self.kind(old), known == .object || known == .array
        else { return }
        guard known == kind else {
            throw AuditProblem.usage(
                "the content is \(name(kind)), but that of the event is \(name(known)): "
                    + "no rule for the one could read the other"
            )
        }
    }

    private static func kind(_ content: [UInt8]) throws -> JSONKind {
        var parser = JSONParser()
        do {
            return try parser.parse(content.span).kind
        } catch {
            throw AuditProblem.usage("the content is no JSON: \(error)")
        }
    }

    private static func name(_ kind: JSONKind) -> String {
        kind == .array ? "a list" : "an object"
    }

    /// The first id that no correction of an event has; one of a correction goes on counting.
    private static func nextID(after event: Draft, in ledger: Ledger) throws -> String {
        let isCorrection = event.source == source
        let base = isCorrection ? event.id.dropLast(4) : event.id[...]
        return try ledger.read { snapshot in
            for number in 1...limit {
                let digits = String(1000 + number).dropFirst()
                let next = "\(base)~\(digits)"
                if try snapshot.sequence(source: source, id: next) == nil { return next }
            }
            throw AuditProblem.refused(
                "\(limit) corrections of this event are as many as there can be"
            )
        }
    }
}
