internal import Bytes

/// A line that lacks only what the writer knows at the last moment.
///
/// Those values have fixed widths (64 hex digits, 27 characters of time, 20 digits), so the writer
/// overwrites them in place and the text around them is made on the caller's thread.
struct LineTemplate: Sendable {
    private(set) var text: [UInt8]
    private var prevhash = 0, recordedtime = 0, sequence = 0, cause: Int?

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
        case (.bodyhash, _):
            text.append(UInt8(ascii: "\""))
            body?.hash.withSpan { Hex.append($0, to: &text) }
            text.append(UInt8(ascii: "\""))
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

    /// Puts in what the writer knows.
    ///
    /// `cause` is needed where the line names one of its group.
    mutating func fill(
        sequence number: UInt64,
        previous: Hash256,
        recorded: Timestamp,
        cause first: UInt64?,
        scratch: inout [UInt8]
    ) {
        scratch.removeAll(keepingCapacity: true)
        previous.withSpan { Hex.append($0, to: &scratch) }
        overwrite(prevhash, scratch)
        scratch.removeAll(keepingCapacity: true)
        recorded.append(to: &scratch)
        overwrite(recordedtime, scratch)
        scratch.removeAll(keepingCapacity: true)
        Decimal.appendPadded(number, digits: Decimal.sequenceDigits, to: &scratch)
        overwrite(sequence, scratch)
        if let cause, let first {
            scratch.removeAll(keepingCapacity: true)
            Decimal.appendPadded(first, digits: Decimal.sequenceDigits, to: &scratch)
            overwrite(cause, scratch)
        }
    }

    private mutating func overwrite(_ start: Int, _ bytes: [UInt8]) {
        text.replaceSubrange(start..<start + bytes.count, with: bytes)
    }
}
