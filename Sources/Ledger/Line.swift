package import Bytes

/// A line of the log, read where it lies: the event's envelope as canonical JSON.
///
/// Made from a line that the verifier would accept; from any other, attributes are missing from
/// the first fault on, never a crash.
package struct Line: ~Escapable {
    /// The exact bytes that are hashed and chained.
    package let bytes: Span<UInt8>
    /// Where each attribute's value lies, by the attribute's raw value.
    private let object: FlatObject
    /// The first thing that is not as it must be; `nil` for a well-formed line.
    private(set) var fault: LineFault?

    private static let names = FlatNames(Attribute.allCases.map(\.name))

    /// Takes a line as it is stored, and finds its attributes.
    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        object = FlatObject(bytes, Self.names)
        if object.isBroken || object.end != bytes.count - 1
            || bytes[bytes.count - 1] != UInt8(ascii: "}") || bytes.count > Limits.lineBytes
        {
            fault = Self.fault(bytes.count, object)
        }
    }

    private static func fault(_ count: Int, _ object: FlatObject) -> LineFault {
        if count > Limits.lineBytes {
            return LineFault(
                offset: 0,
                expected: "at most \(Limits.lineBytes) bytes",
                found: "\(count) bytes"
            )
        }
        if let unexpected = object.unexpected {
            return LineFault(
                offset: unexpected,
                expected: "the name of an attribute, in order, once",
                found: "another name"
            )
        }
        return LineFault(
            offset: object.end,
            expected: "a flat JSON object",
            found: "something else"
        )
    }

    /// Where an attribute's value lies.
    func range(_ attribute: Attribute) -> Range<Int>? {
        let start = Int(object.starts[Int(attribute.rawValue)])
        return start == 0 ? nil : start..<Int(object.ends[Int(attribute.rawValue)])
    }

    /// The raw text of an attribute: for a string what is between the quotes, escapes as they
    /// stand; for a number its digits.
    @_lifetime(copy self)
    package func raw(_ attribute: Attribute) -> Span<UInt8>? {
        guard let range = range(attribute) else { return nil }
        return bytes.extracting(range)
    }

    /// An attribute as text, escapes resolved; a number as its digits.
    package func text(_ attribute: Attribute) -> String? {
        raw(attribute).read { unescape($0) }
    }

    /// An attribute that is a decimal number, padded or not.
    package func integer(_ attribute: Attribute) -> UInt64? {
        guard let raw = raw(attribute) else { return nil }
        return Decimal.parsePadded(raw, digits: raw.count)
    }

    /// The event's position.
    package var sequence: UInt64? { integer(.sequence) }
    /// When the event was recorded.
    package var recordedTime: Timestamp? { raw(.recordedtime).read { Timestamp(rfc3339: $0) } }
    /// What became of the event.
    package var outcome: Outcome? { text(.outcome).flatMap { Outcome(rawValue: $0) } }
    /// The digest of the body record; `nil` for an event without a body.
    package var bodyHash: Hash256? { raw(.bodyhash).read { Hash256(hex: $0) } }
    /// The leaf hash of the line before.
    package var previousHash: Hash256? { raw(.prevhash).read { Hash256(hex: $0) } }

    /// Calls `body` with each attribute's name and text, in the line's order.
    package func forEach(_ body: (_ name: String, _ text: String, _ isNumber: Bool) -> Void) {
        for attribute in Attribute.allCases {
            if let text = text(attribute) { body(attribute.name, text, attribute.isInteger) }
        }
    }
}

/// Resolves the escapes that canonical JSON uses; a line that has others is not canonical.
private func unescape(_ raw: Span<UInt8>) -> String {
    guard raw.firstIndex(of: UInt8(ascii: "\\")) != nil else { return String(repairing: raw) }
    var text: [UInt8] = []
    var i = 0
    while i < raw.count {
        guard raw[i] == UInt8(ascii: "\\"), i + 1 < raw.count else {
            text.append(raw[i])
            i += 1
            continue
        }
        switch raw[i + 1] {
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "u"):
            // Canonical JSON escapes only control characters this way: \u00XX.
            if i + 6 <= raw.count, let code = Hex.decode(raw.extracting(i + 4..<i + 6)) {
                text.append(contentsOf: code)
            }
            i += 4
        case let other: text.append(other)
        }
        i += 2
    }
    return String(repairing: text.span)
}
