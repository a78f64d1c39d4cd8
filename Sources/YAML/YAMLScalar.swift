/// What a scalar means by YAML 1.2's core schema, as far as this house uses it.
///
/// Only `true` and `false` are booleans, only `null`, `~` and nothing at all are null, and only
/// decimal digits with an optional sign are integers. Everything else is text: `no`, `on`, `1.5`,
/// `0x10` and whatever stands in quotes.
package enum YAMLScalar: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case text(String)
}

extension YAMLNode {
    /// What a scalar means, nil for sequences and mappings.
    package var scalar: YAMLScalar? {
        guard case .scalar(let text, let isQuoted) = content else { return nil }
        if isQuoted { return .text(text) }
        switch text {
        case "", "~", "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default: return Int64(text).map { .integer($0) } ?? .text(text)
        }
    }

    /// Whether the node is a plain `null`, `~` or nothing at all.
    package var isNull: Bool { scalar == .null }

    /// A scalar's text; `1`, `true` and `no` are taken as they are written.
    ///
    /// Refuses null: quotes make an empty text or the word itself.
    package var string: String {
        get throws(YAMLError) {
            guard let text, !isNull else { throw mismatch(expected: "a text") }
            return text
        }
    }

    /// An integer within bounds, not in quotes.
    package func integer(in range: ClosedRange<Int>) throws(YAMLError) -> Int {
        guard case .integer(let wide)? = scalar, let number = Int(exactly: wide),
            range.contains(number)
        else {
            throw mismatch(
                expected: "an integer from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// The word `true` or `false`, not in quotes.
    package var boolean: Bool {
        get throws(YAMLError) {
            guard case .boolean(let value)? = scalar else {
                throw mismatch(expected: "true or false")
            }
            return value
        }
    }

    /// One of several words; an error names the nearest one.
    package func word(of words: [String]) throws(YAMLError) -> String {
        let word = try string
        guard words.contains(word) else {
            throw mismatch(expected: NearestWord.expectation(for: word, of: words))
        }
        return word
    }
}
