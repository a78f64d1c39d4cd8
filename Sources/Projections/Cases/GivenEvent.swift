internal import Bytes
internal import Digest
internal import Ledger

/// An event of a case, as the ledger would hold it but for its place in the log.
struct GivenEvent: Sendable {
    /// A line that lacks only its sequence, and its cause's if it has one.
    struct Template: Sendable {
        private var bytes: [UInt8]
        private let hole: Int
        private let cause: Int?

        /// Whatever is said of a cause, it is the event before.
        init(_ attributes: [Attribute: AttributeValue]) {
            var attributes = attributes
            let zero = AttributeValue.text(Decimal.padded(0, digits: Decimal.sequenceDigits))
            attributes[.sequence] = zero
            if attributes[.causationid] != nil { attributes[.causationid] = zero }
            bytes = []
            var hole = 0
            var cause: Int?
            for attribute in Attribute.allCases {
                guard let value = attributes[attribute] else { continue }
                bytes.append(UInt8(ascii: bytes.isEmpty ? "{" : ","))
                CanonicalJSON.appendString(attribute.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                if attribute == .sequence { hole = bytes.count + 1 }
                if attribute == .causationid { cause = bytes.count + 1 }
                switch value {
                case .text(let text): CanonicalJSON.appendString(text, to: &bytes)
                case .number(let number): Decimal.append(number, to: &bytes)
                }
            }
            bytes.append(UInt8(ascii: "}"))
            self.hole = hole
            self.cause = cause
        }

        /// The line at a place of the log.
        func line(at sequence: UInt64) -> [UInt8] {
            var line = bytes
            Self.fill(hole, sequence, &line)
            if let cause { Self.fill(cause, sequence - 1, &line) }
            return line
        }

        private static func fill(_ hole: Int, _ sequence: UInt64, _ line: inout [UInt8]) {
            var rest = sequence
            for place in (hole..<hole + Decimal.sequenceDigits).reversed() {
                line[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            }
        }
    }

    /// What an event is part of, as the event right before it.
    ///
    /// It is there to be looked up and is not folded: a case is about the part.
    struct Whole: Sendable {
        let line: Template
        /// The body record; `nil` if it was erased.
        let record: [UInt8]?
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
    /// `nil` for an event that is not part of another.
    let whole: Whole?
    /// The content, by which a redelivery is told from a conflict.
    let content: [UInt8]?
    let line: Template
    /// What the ledger makes of a redelivery: the same line without a body.
    let duplicate: Template
    /// What it makes of another event that has the same id.
    let conflict: Template

    /// The body of an event with a `part` is that of what it is part of.
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
        let isPart = attributes[.part] != nil
        let record = isErased ? nil : body?.record
        if isPart {
            var others = attributes
            others[.part] = nil
            others[.kind] = .text(Kind.webhook.rawValue)
            others[.outcome] = .text(Outcome.accepted.rawValue)
            Self.describe(body, &others)
            whole = Whole(line: Template(others), record: record)
            attributes[.causationid] = .text("")
            attributes[.datacontenttype] = nil
        } else {
            whole = nil
        }
        attributes[.outcome] = .text(Outcome.duplicate.rawValue)
        duplicate = Template(attributes)
        if !isPart { Self.describe(body, &attributes) }
        attributes[.outcome] = .text(Outcome.conflict.rawValue)
        conflict = Template(attributes)
        attributes[.outcome] = .text(outcome.rawValue)
        line = Template(attributes)
        id = Self.text(attributes[.id])
        source = Self.text(attributes[.source])
        self.outcome = outcome
        self.content = isPart ? nil : content
        self.record = isPart ? nil : record
    }

    private static func describe(
        _ body: Body?,
        _ attributes: inout [Attribute: AttributeValue]
    ) {
        guard let body else { return }
        let record = body.record
        attributes[.bodyhash] = .text("\(SHA256.hash(record.span))")
        attributes[.bodysize] = .number(UInt64(body.contentSize))
    }

    private static func text(_ value: AttributeValue?) -> String {
        if case .text(let text)? = value { return text }
        return ""
    }
}
