internal import Bytes
internal import YAML

extension Literal {
    /// Reads a value of a column's type.
    init(_ node: YAMLNode, for type: ColumnType) throws(YAMLError) {
        switch type {
        case .enumeration(let words):
            let word = try node.word(of: words)
            guard let place = words.firstIndex(of: word) else {
                throw node.mismatch(expected: "a word of the enum")
            }
            self = .word(place)
        case .text: self = .text(try node.keptText("a text", mayBeEmpty: true))
        case .integer: self = .integer(try node.wideInteger())
        case .boolean: self = .boolean(try node.boolean)
        case .time: self = .time(try node.moment("a time such as 2026-02-01T10:00:00Z"))
        case .money: self = try Self.money(node)
        }
    }

    private static func money(_ node: YAMLNode) throws(YAMLError) -> Literal {
        let form = "an exact amount such as { amount: \"12.50\", currency: EUR }"
        guard case .mapping = node.content else { throw node.mismatch(expected: form) }
        let keys = try node.mapping(allowed: DefinitionKeys.money.names)
        let amount = try keys.required("amount")
        let text = try amount.keptText("an amount such as \"12.50\"")
        let code = try keys.required("currency").currencyCode
        guard let currency = Currency(code.utf8Span.span),
            ExactDecimal.scaled(text.utf8Span.span, exponent: currency.exponent) != nil
        else {
            throw amount.mismatch(expected: "an exact amount of \(code), such as \"12.50\"")
        }
        return .money(text, currency: code)
    }
}

extension YAMLNode {
    /// A currency's code.
    var currencyCode: String {
        get throws(YAMLError) {
            guard let text, text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0) })
            else { throw mismatch(expected: "a currency of three upper-case letters such as EUR") }
            return text
        }
    }

    /// A moment in RFC 3339, in microseconds since 1970.
    func moment(_ form: String) throws(YAMLError) -> Int64 {
        guard let text, let moment = Timestamp(rfc3339: text) else {
            throw mismatch(expected: form)
        }
        return moment.microseconds
    }
}
