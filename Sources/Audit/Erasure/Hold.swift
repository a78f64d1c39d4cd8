package import Bytes
internal import JSON
package import Ledger

/// A legal hold: what it is on must not be erased while it is in force.
package struct Hold: Hashable, Sendable {
    package static let placedType = "daybook.hold.placed"
    package static let releasedType = "daybook.hold.released"

    /// Its name, used once.
    package let name: String
    /// On events about subjects of this pattern, `*` standing for any text; `nil` for all.
    package let subject: String?
    /// On events that occurred or were recorded in this period; `nil` for all time.
    package let period: Period?
    /// Why it was placed.
    package let reason: String
    /// Who placed it.
    package let placedBy: String
    /// When that was recorded, and the event that tells of it.
    package let placed: Timestamp
    package let sequence: UInt64
    /// The event that released it, and who did; `nil` while it is in force.
    package internal(set) var released: Release?

    /// The end of a hold.
    package struct Release: Hashable, Sendable {
        package let by: String
        package let at: Timestamp
        package let sequence: UInt64
    }

    /// Whether an event is held.
    package func holds(_ line: borrowing Line) -> Bool {
        if let subject {
            guard let text = line.text(.subject), globMatches(subject, text) else { return false }
        }
        guard let period else { return true }
        let occurred = line.text(.time).flatMap { Timestamp(rfc3339: $0) }
        return [line.recordedTime, occurred].contains { time in
            time.map { $0 >= period.start && $0 < period.end } ?? false
        }
    }

    /// What it is on, for messages.
    package var scope: String {
        let words = [subject.map { "subject \($0)" }, period.map { "period \($0.name)" }]
        return words.compactMap { $0 }.joined(separator: ", ")
    }
}

/// All holds that a log tells of, in its order.
package struct Holds: Sendable {
    package private(set) var all: [Hold] = []

    /// Those in force.
    package var active: [Hold] { all.filter { $0.released == nil } }

    /// Reads them from the log's lines and the bodies of the events that place them.
    package init(_ ledger: Ledger) throws {
        var found: [(sequence: UInt64, isRelease: Bool)] = []
        try ledger.forEachLine(from: 0) { sequence, line in
            guard line.raw(.kind)?.equals(ascii: "admin") == true,
                line.raw(.source)?.equals(ascii: "daybook") == true, let type = line.text(.type)
            else { return true }
            if type == Hold.placedType { found.append((sequence, false)) }
            if type == Hold.releasedType { found.append((sequence, true)) }
            return true
        }
        for (sequence, isRelease) in found {
            let event = try ledger.event(at: sequence)
            try take(event, sequence, isRelease)
        }
    }

    private mutating func take(_ event: StoredEvent, _ sequence: UInt64, _ isRelease: Bool) throws {
        let line = Line(event.line.span)
        guard let name = line.text(.subject).map({ String($0.dropFirst("hold:".count)) }),
            let time = line.recordedTime
        else { return }
        let who = "\(line.text(.authtype) ?? ""):\(line.text(.authid) ?? "")"
        if isRelease {
            guard let place = all.firstIndex(where: { $0.name == name }) else { return }
            all[place].released = Hold.Release(by: who, at: time, sequence: sequence)
            return
        }
        // A hold whose terms cannot be read holds everything, rather than nothing.
        var terms: (subject: String?, period: String?) = (nil, nil)
        if let content = event.content { terms = try Self.terms(content) }
        all.append(
            Hold(
                name: name,
                subject: terms.subject,
                period: try terms.period.map { try Period($0) },
                reason: line.text(.reason) ?? "",
                placedBy: who,
                placed: time,
                sequence: sequence
            )
        )
    }

    private static func terms(_ content: [UInt8]) throws -> (subject: String?, period: String?) {
        var parser = JSONParser()
        return try terms(of: parser.parse(content.span))
    }

    private static func terms(of value: JSONValue) -> (subject: String?, period: String?) {
        (value.member("subject")?.string, value.member("period")?.string)
    }

    /// The first hold in force on an event.
    package func hold(on line: borrowing Line) -> Hold? {
        for hold in all where hold.released == nil && hold.holds(line) { return hold }
        return nil
    }
}

extension Holds {
    /// Places a hold; nothing that it is on can be erased from then on.
    ///
    /// - Throws: `AuditProblem` if the name was used before, or it is on nothing at all.
    package static func place(
        _ name: String,
        subject: String?,
        period: Period?,
        reason: String,
        by actor: Actor,
        in ledger: Ledger
    ) throws -> Receipt {
        guard SourceName.isValid(name) else {
            throw AuditProblem.usage(
                "a hold cannot be called \"\(name)\", expected \(SourceName.rule)"
            )
        }
        guard subject != nil || period != nil else {
            throw AuditProblem.usage("a hold is on a subject or a period, or both; name one")
        }
        return try ledger.guarded {
            if let other = try Holds(ledger).all.first(where: { $0.name == name }) {
                throw AuditProblem.refused(
                    "a hold was called \(name) before (event \(other.sequence)); take another name"
                )
            }
            var terms = CanonicalObject()
            terms.add("period", period?.name)
            terms.add("subject", subject)
            let content = terms.bytes
            var draft = AdminEvent.draft(type: Hold.placedType, json: content.span)
            return try record(&draft, name, reason, actor, ledger)
        }
    }

    /// Releases a hold.
    ///
    /// - Throws: `AuditProblem` if there is none of that name in force.
    package static func release(
        _ name: String,
        reason: String,
        by actor: Actor,
        in ledger: Ledger
    ) throws -> Receipt {
        try ledger.guarded {
            guard try Holds(ledger).active.contains(where: { $0.name == name }) else {
                throw AuditProblem.usage(
                    "no hold called \(name) is in force; \"daybook hold list\" names them"
                )
            }
            var draft = AdminEvent.draft(type: Hold.releasedType)
            return try record(&draft, name, reason, actor, ledger)
        }
    }

    private static func record(
        _ draft: inout Draft,
        _ name: String,
        _ reason: String,
        _ actor: Actor,
        _ ledger: Ledger
    ) throws -> Receipt {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        draft[.subject] = "hold:\(name)"
        draft[.reason] = reason
        draft.sign(by: actor)
        return try writer.append([draft])[0]
    }
}
