internal import Bytes
internal import JSON
internal import Ledger

/// Works out what an event says by a rule; pure but for its buffers.
struct Evaluator: ~Copyable {
    private var extractor = JSONExtractor()
    /// For lists of limits and calls' messages, which are parsed apart from the content.
    private var otherExtractor = JSONExtractor()
    var messages = MessageReader()
    var kept = KeptValues()
    private var limits: [UInt8] = []
    private let whole: JSONPaths
    let batch: Batch

    init(_ plan: Plan, _ batch: Batch) {
        whole = plan.whole
        self.batch = batch
    }

    /// Works out what an event says; one that is part of another is looked up in `events`.
    ///
    /// - Returns: `false` if the rule's `when` does not hold; `facts` are of no use then.
    /// - Throws: `Misfit` if something is not as the rule needs it.
    mutating func evaluate<Events: LoggedEvents & ~Copyable>(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ record: Span<UInt8>?,
        _ events: borrowing Events,
        _ facts: inout EventFacts
    ) throws -> Bool {
        facts.clear()
        kept.clear()
        for attribute in rule.attributes {
            guard let raw = line.raw(attribute), raw.firstIndex(of: UInt8(ascii: "\\")) != nil,
                let text = line.text(attribute)
            else { continue }
            kept.add(.attribute(attribute), .string, text.utf8Span.span)
        }
        do {
            guard rule.needsBody else { return try evaluate(rule, line, &facts) }
            guard let record, let layout = BodyLayout(record) else {
                let isErased = line.raw(.bodyhash) != nil
                if isErased, let own = line.sequence, let kept = try events.keptBody(at: own),
                    let layout = BodyLayout(kept)
                {
                    return try evaluateKept(rule, line, kept, layout, &facts)
                }
                if !isErased, record == nil, line.raw(.part) != nil {
                    return try evaluatePart(rule, line, events, &facts)
                }
                let what = isErased ? "the body was erased" : "found no body, expected one"
                throw Misfit(rule.line, what, isErased: isErased)
            }
            let content = record.extracting(layout.content)
            if rule.readsText, let text = try EventContent.jsonText(content, line) {
                return try evaluate(rule, line, record, layout, text.span, &facts)
            }
            return try evaluate(rule, line, record, layout, content, &facts)
        } catch let error as JSONExtractionError {
            throw Misfit(rule.line, "\(error)")
        } catch let fault as ContentFault {
            throw Misfit(rule.line, "\(fault)")
        }
    }

    /// Works out what an event says of whose erased body this was kept.
    private mutating func evaluateKept(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ kept: Span<UInt8>,
        _ layout: BodyLayout,
        _ facts: inout EventFacts
    ) throws -> Bool {
        do {
            return try evaluate(
                rule,
                line,
                kept,
                layout,
                kept.extracting(layout.content),
                &facts
            )
        } catch let misfit as Misfit {
            // What it misses was erased, which is no fault of the event.
            throw Misfit(misfit.line, "the body was erased: \(misfit.what)", isErased: true)
        }
    }

    /// Works out what an event says whose body this is, its content being JSON by now.
    mutating func evaluate(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ record: Span<UInt8>,
        _ layout: BodyLayout,
        _ content: Span<UInt8>,
        _ facts: inout EventFacts
    ) throws -> Bool {
        if !rule.messagePaths.isEmpty {
            try messages.read(rule, record, layout, content, nil, &kept)
        }
        // A call's content is no document, and nobody needs one to read a header.
        guard rule.needsContent else { return try evaluate(rule, line, &facts) }
        return try evaluate(rule, line, content, &facts)
    }

    /// Works out what an event says of whose content nothing is read.
    mutating func evaluate(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ facts: inout EventFacts
    ) throws -> Bool {
        let nothing: [UInt8] = [0x30]
        return try evaluate(rule, line, nothing.span, &facts)
    }

    mutating func evaluate(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ content: Span<UInt8>,
        _ facts: inout EventFacts
    ) throws -> Bool {
        guard let recorded = line.recordedTime?.microseconds else {
            throw Misfit(rule.line, "the line has no recorded time")
        }
        if case .limits(let attribute)? = rule.each {
            let text = line.text(attribute) ?? ""
            if !LimitList.json(text, &limits) { limits.removeAll(keepingCapacity: true) }
        }
        return try Self.evaluate(
            rule,
            line,
            content,
            whole,
            limits,
            recorded,
            &extractor,
            &otherExtractor,
            &kept,
            &facts
        )
    }

    /// A function of its own, as what is extracted keeps its extractor from all else.
    private static func evaluate(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ content: Span<UInt8>,
        _ whole: JSONPaths,
        _ limits: [UInt8],
        _ recorded: Int64,
        _ extractor: inout JSONExtractor,
        _ otherExtractor: inout JSONExtractor,
        _ kept: inout KeptValues,
        _ facts: inout EventFacts
    ) throws -> Bool {
        var found = try extractor.extract(content, rule.contentPaths)
        let values = found.values
        for place in rule.listPaths where values[place].kind == .array {
            let list = try found.each(place, whole, limit: FoldLimits.arrayValues)
            kept.add(list: place, list)
        }
        switch rule.each {
        case nil:
            let reading = Reading(line, values, nil, kept.entries.span, kept.bytes.span)
            return try Teller(rule, recorded).tell(reading, &facts)
        case .content(let place)?:
            guard values[place].kind == .array else {
                let reading = Reading(line, values, nil, kept.entries.span, kept.bytes.span)
                guard Teller(rule, recorded).fits(reading) else { return false }
                throw Misfit(rule.line, "`each` found no list")
            }
            let elements = try found.each(place, rule.elementPaths, limit: FoldLimits.elements)
            return try tell(rule, line, values, elements, kept, recorded, &facts)
        case .limits?:
            guard !limits.isEmpty else {
                let reading = Reading(line, values, nil, kept.entries.span, kept.bytes.span)
                guard Teller(rule, recorded).fits(reading) else { return false }
                throw Misfit(rule.line, "`each` found no limits such as 60/1m")
            }
            var list = try otherExtractor.extract(limits.span, whole)
            let elements = try list.each(0, rule.elementPaths, limit: FoldLimits.elements)
            return try tell(rule, line, values, elements, kept, recorded, &facts)
        }
    }

    /// Tells of each element; `false` if the rule's `when` holds for none.
    private static func tell(
        _ rule: PlannedRule,
        _ line: borrowing Line,
        _ values: ExtractedValues,
        _ elements: borrowing ExtractedElements,
        _ kept: KeptValues,
        _ recorded: Int64,
        _ facts: inout EventFacts
    ) throws -> Bool {
        let teller = Teller(rule, recorded)
        var fits = false
        for number in 0..<elements.count {
            let reading = Reading(
                line,
                values,
                elements[number],
                kept.entries.span,
                kept.bytes.span
            )
            if try teller.tell(reading, &facts) { fits = true }
        }
        return fits
    }
}
