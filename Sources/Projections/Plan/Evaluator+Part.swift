internal import JSON
internal import Ledger

extension Evaluator {
    /// Works out what an event says that is part of an earlier one: its content is an element of
    /// that one's, its headers and request are that one's.
    mutating func evaluatePart<Events: LoggedEvents & ~Copyable>(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ events: borrowing Events,
        _ facts: inout EventFacts
    ) throws -> Bool {
        guard let cause = line.integer(.causationid), let own = line.sequence, cause < own else {
            throw Misfit(rule.line, "the event that it is part of is not before it in the log")
        }
        if let record = try events.body(at: cause), let layout = BodyLayout(record) {
            return try evaluatePart(of: cause, rule, line, record, layout, events, &facts)
        }
        guard let kept = try events.keptBody(at: cause), let layout = BodyLayout(kept) else {
            throw try Self.absence(of: cause, rule, events)
        }
        do {
            return try evaluatePart(of: cause, rule, line, kept, layout, events, &facts)
        } catch let misfit as Misfit {
            throw Misfit(misfit.line, "the body was erased: \(misfit.what)", isErased: true)
        }
    }

    private mutating func evaluatePart<Events: LoggedEvents & ~Copyable>(
        of cause: UInt64,
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ record: Span<UInt8>,
        _ layout: BodyLayout,
        _ events: borrowing Events,
        _ facts: inout EventFacts
    ) throws -> Bool {
        let content = record.extracting(layout.content)
        guard rule.readsText else {
            return try evaluate(rule, line, record, layout, content, &facts)
        }
        if batch.cause != cause {
            guard let whole = try events.line(at: cause) else {
                throw try Self.absence(of: cause, rule, events)
            }
            batch.take(cause, content, whole)
        }
        if let text = batch.text {
            return try evaluatePart(rule, line, record, layout, text.span, &facts)
        }
        return try evaluatePart(rule, line, record, layout, content, &facts)
    }

    /// Works out what a part says, the content that it is part of being JSON by now.
    private mutating func evaluatePart(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ record: Span<UInt8>,
        _ layout: BodyLayout,
        _ content: Span<UInt8>,
        _ facts: inout EventFacts
    ) throws -> Bool {
        if !rule.messagePaths.isEmpty {
            try messages.read(rule, record, layout, content, batch, &kept)
        }
        guard rule.needsContent else { return try evaluate(rule, line, &facts) }
        let part = line.text(.part) ?? ""
        guard let pointer = try? JSONPointer(part) else {
            throw Misfit(rule.line, "its part is no JSON Pointer (RFC 6901)")
        }
        guard let found = try batch.find(pointer, in: content, rule.line) else {
            throw Misfit(rule.line, "found nothing at \(part) of the body it is part of")
        }
        return try evaluate(rule, line, content.extracting(found), &facts)
    }

    /// Why the body is not there.
    private static func absence<Events: LoggedEvents & ~Copyable>(
        of cause: UInt64,
        _ rule: PlannedRule,
        _ events: borrowing Events
    ) throws -> Misfit {
        guard let line = try events.line(at: cause) else {
            return Misfit(rule.line, "the event that it is part of is not before it in the log")
        }
        guard line.raw(.bodyhash) != nil else {
            return Misfit(rule.line, "the event that it is part of has no body")
        }
        return Misfit(rule.line, "the body it is part of was erased", isErased: true)
    }
}
