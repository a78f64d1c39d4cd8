internal import Bytes
internal import Digest
internal import Ledger

/// An event of a case, as the ledger would hold it but for its place in the log.
struct GivenEvent: Sendable {
    /// A line that lacks only its sequence.
    struct Template: Sendable {
        private var bytes: [UInt8]
        private let hole: Int

        init(_ attributes: [Attribute: AttributeValue]) {
            var attributes = attributes
            attributes[.sequence] = .text(Decimal.padded(0, digits: Decimal.sequenceDigits))
            bytes = []
            var hole = 0
            for attribute in Attribute.allCases {
                guard let value = attributes[attribute] else { continue }
                bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
                CanonicalJSON.appendString(attribute.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if attribute == .sequence { hole = bytes.count + 1 }
                switch value {
                case .text(let text): CanonicalJSON.appendString(text, to: &bytes)
                case .number(let number): Decimal.append(number, to: &bytes)
                }
            }
            bytes.append(UInt8(ascii: "}"))
            self.hole = hole
        }

        /// The line at a place of the log.
        func line(at sequence: UInt64) -> [UInt8] {
            var line = bytes
            var rest = sequence
            for place in (hole..<hole + Decimal.sequenceDigits).reversed() {
                line[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
            return line
        }
    }

    enum AttributeValue: Hashable, Sendable {
        case text(String)
        case number(UInt64)
    }

    let id: String
    let source: String
    let outcome: Outcome
    /// The body record; `nil` if there is none or it was erased.
    let record: [UInt8]?
    /// The content, by which a redelivery is told from a conflict.
    let content: [UInt8]?
    let line: Template
    /// What the ledger makes of a redelivery: the same line without a body.
    let duplicate: Template
    /// What it makes of another event that has the same id.
    let conflict: Template

    init(
        _ attributes: [Attribute: AttributeValue],
        outcome: Outcome,
        body: Body?,
        content: [UInt8]?,
        isErased: Bool
    ) {
        var attributes = attributes
        attributes[.specversion] = .text("1.0")
        attributes[.prevhash] = .text("\(Hash256.zero)")
        attributes[.outcome] = .text(Outcome.duplicate.rawValue)
        duplicate = Template(attributes)
        if let body {
            let record = body.record
            attributes[.bodyhash] = .text("\(SHA256.hash(record.span))")
            attributes[.bodysize] = .number(UInt64(body.contentSize))
        }
        attributes[.outcome] = .text(Outcome.conflict.rawValue)
        conflict = Template(attributes)
        attributes[.outcome] = .text(outcome.rawValue)
        line = Template(attributes)
        id = Self.text(attributes[.id])
        source = Self.text(attributes[.source])
        self.outcome = outcome
        self.content = content
        record = isErased ? nil : body?.record
    }

    private static func text(_ value: AttributeValue?) -> String {
        if case .text(let text)? = value { return text }
        return ""
    }
}
