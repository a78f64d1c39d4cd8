internal import Bytes

/// A JSON value to be written in canonical form (RFC 8785), whatever the order of its keys here.
indirect enum CanonicalTree: Equatable, Sendable {
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    case list([CanonicalTree])
    case object([Member])

    /// A key with its value; no object has one twice.
    struct Member: Equatable, Sendable {
        let key: String
        let value: CanonicalTree
    }

    /// The canonical text.
    var bytes: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }

    private func append(to output: inout [UInt8]) {
        switch self {
        case .text(let text): CanonicalJSON.appendString(text, to: &output)
        case .integer(let number): CanonicalJSON.appendInteger(number, to: &output)
        case .boolean(let value): output.append(ascii: value ? "true" : "false")
        case .list(let values):
            output.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                value.append(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            let sorted = members.sorted {
                CanonicalJSON.precedes($0.key.utf8Span.span, $1.key.utf8Span.span)
            }
            for (place, member) in sorted.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                CanonicalJSON.appendString(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension CanonicalTree {
    /// Makes an object of the members that have values.
    static func object(of members: [String: CanonicalTree?]) -> CanonicalTree {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    /// Makes a list of texts.
    static func texts(_ texts: some Sequence<String>) -> CanonicalTree {
        .list(texts.map { .text($0) })
    }

    /// The object with more members.
    func adding(_ more: CanonicalTree) -> CanonicalTree {
        guard case .object(let members) = self, case .object(let others) = more else { return self }
        return .object(members + others)
    }
}

extension CanonicalTree: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

extension CanonicalTree: ExpressibleByIntegerLiteral {
    init(integerLiteral number: Int64) { self = .integer(number) }
}

extension CanonicalTree: ExpressibleByBooleanLiteral {
    init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension CanonicalTree: ExpressibleByArrayLiteral {
    init(arrayLiteral values: CanonicalTree...) { self = .list(values) }
}

extension CanonicalTree: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral members: (String, CanonicalTree)...) {
        self = .object(members.map { Member(key: $0, value: $1) })
    }
}
