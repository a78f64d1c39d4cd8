internal import Bytes

/// A line that lacks only what the writer knows at the last moment.
///
/// Those values have fixed widths (64 hex digits, 27 characters of time, 20 digits), so the writer
/// overwrites them in place and the text around them is made on the caller's thread.
struct LineTemplate: Sendable {
    private var text: [UInt8]
    private var prevhash = 0, recordedtime = 0, sequence = 0
    private var bodyhash: Int?
    private var cause: Int?

    /// Renders a draft; with `redelivery`, as the event that a redelivery of it becomes.
    ///
    /// A duplicate loses its body; its `causationid` names the event it repeats.
    init(_ draft: Draft, redelivery: Outcome? = nil) {
        var values = draft.values
        if let redelivery {
            values.removeAll { $0.attribute == .outcome || $0.attribute == .causationid }
            values.append((.outcome, .text(redelivery.rawValue)))
        }
        for attribute in [Attribute.prevhash, .recordedtime, .sequence] {
            values.append((attribute, .text("")))
        }
        if draft.cause != nil || redelivery != nil { values.append((.causationid, .text(""))) }
        let body = redelivery == .duplicate ? nil : draft.body
        if let body {
            values.append((.bodyhash, .text("")))
            values.append((.bodysize, .number(UInt64(body.contentSize))))
        }
        values.sort { $0.attribute.rawValue < $1.attribute.rawValue }

        text = []
        text.reserveCapacity(640)
        var separator = UInt8(ascii: "{")
        for (attribute, value) in values {
            text.append(separator)
            separator = UInt8(ascii: ",")
            text.append(UInt8(ascii: "\""))
            text.append(span: attribute.name.utf8Span.span)
            text.append(ascii: "\":")
            append(value, of: attribute, body)
        }
        text.append(UInt8(ascii: "}"))
    }

    private mutating func append(_ value: Draft.Value, of attribute: Attribute, _ body: Body?) {
        switch (attribute, value) {
        case (.prevhash, _): prevhash = appendHole(64)
        case (.recordedtime, _): recordedtime = appendHole(Timestamp.textLength)
        case (.sequence, _): sequence = appendHole(Decimal.sequenceDigits)
        case (.causationid, .text("")): cause = appendHole(Decimal.sequenceDigits)
        case (.bodyhash, _): bodyhash = appendHole(64)
        case (_, .text(let string)): CanonicalJSON.appendString(string, to: &text)
        case (_, .number(let number)): Decimal.append(number, to: &text)
        }
    }

    private mutating func appendHole(_ width: Int) -> Int {
        text.append(UInt8(ascii: "\""))
        let start = text.count
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: width))
        text.append(UInt8(ascii: "\""))
        return start
    }

    /// The greatest line length at which the line can stand in an entry bundle.
    var length: Int { text.count }

    /// Makes `line` this line with what the writer knows put in.
    ///
    /// Both buffers are the writer's and keep their memory from line to line.
    func fill(_ line: inout [UInt8], _ known: LineKnowledge, scratch: inout [UInt8]) {
        line.removeAll(keepingCapacity: true)
        line.append(contentsOf: text)
        func overwrite(
            _ start: Int,
            _ scratch: inout [UInt8],
            _ render: (inout [UInt8]) -> Void
        ) {
            scratch.removeAll(keepingCapacity: true)
            render(&scratch)
            for i in scratch.indices { line[start + i] = scratch[i] }
        }
        overwrite(prevhash, &scratch) { text in
            known.previous.withSpan { Hex.append($0, to: &text) }
        }
        overwrite(recordedtime, &scratch) { known.recorded.append(to: &$0) }
        overwrite(sequence, &scratch) {
            Decimal.appendPadded(known.sequence, digits: Decimal.sequenceDigits, to: &$0)
        }
        if let cause, let first = known.cause {
            overwrite(cause, &scratch) {
                Decimal.appendPadded(first, digits: Decimal.sequenceDigits, to: &$0)
            }
        }
        if let bodyhash, let hash = known.bodyHash {
            overwrite(bodyhash, &scratch) { text in hash.withSpan { Hex.append($0, to: &text) } }
        }
    }
}

/// What only the writer knows of a line.
struct LineKnowledge {
    let sequence: UInt64
    let previous: Hash256
    let recorded: Timestamp
    /// The event that a line of the same group, or a redelivery, names.
    let cause: UInt64?
    /// SHA-256 of the body record.
    let bodyHash: Hash256?
}
