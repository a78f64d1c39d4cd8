package import Ledger

/// Conditions on lines as `daybook blast --where` takes them: `type=order.* status>=500`.
package struct EventConditions: Hashable, Sendable {
    package enum Comparison: String, Sendable {
        case atLeast = ">="
        case atMost = "<="
        case isNot = "!="
        case above = ">"
        case below = "<"
        case equals = "="
    }

    /// One of them.
    package struct Condition: Hashable, Sendable {
        package let attribute: Attribute
        package let comparison: Comparison
        /// A number where it is compared as one; a `*` stands for any text in `=` and `!=`.
        package let value: String
    }

    /// All must hold.
    package private(set) var conditions: [Condition]

    /// What is accepted, for error texts.
    package static let expected =
        "ATTRIBUTE=VALUE, with != < <= > >= for numbers, such as type=order.* or status>=500"

    package init(_ conditions: [Condition]) { self.conditions = conditions }

    /// Reads conditions with spaces between them; a value with spaces is quoted: `reason="no room"`.
    package init(_ text: String) throws(AuditProblem) {
        conditions = []
        for word in try Self.words(text) { conditions.append(try Self.condition(word)) }
        guard !conditions.isEmpty else {
            throw .usage("there is no condition, expected \(Self.expected)")
        }
    }

    private static func words(_ text: String) throws(AuditProblem) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == " ", !isQuoted {
                if !word.isEmpty { words.append(word) }
                word = ""
            } else {
                word.append(character)
            }
        }
        guard !isQuoted else { throw .usage("\(text): a quote is not closed") }
        return word.isEmpty ? words : words + [word]
    }

    private static func condition(_ word: String) throws(AuditProblem) -> Condition {
        guard let start = word.firstIndex(where: { "=<>!".contains($0) }) else {
            throw .usage("\"\(word)\" is no condition, expected \(expected)")
        }
        let name = String(word[..<start])
        let rest = word[start...]
        // The longer ones first: ">=" begins with ">".
        let all: [Comparison] = [.atLeast, .atMost, .isNot, .above, .below, .equals]
        guard let comparison = all.first(where: { rest.hasPrefix($0.rawValue) }) else {
            throw .usage("\"\(word)\" is no condition, expected \(expected)")
        }
        guard let attribute = Attribute.allCases.first(where: { $0.name == name }) else {
            throw .usage("\"\(name)\" is no attribute of an event, as \"daybook show\" lists them")
        }
        let value = String(rest.dropFirst(comparison.rawValue.count))
        let isOrdered = ![.equals, .isNot].contains(comparison)
        if isOrdered {
            guard attribute.isInteger else {
                throw .usage("\"\(name)\" is a text; compare it with = or !=")
            }
            guard UInt64(value) != nil else {
                throw .usage("\"\(value)\" in \"\(word)\" is no number")
            }
        }
        return Condition(attribute: attribute, comparison: comparison, value: value)
    }

    /// The same conditions as text, which `init` reads back.
    package var text: String {
        conditions.map { condition in
            let value =
                condition.value.contains(" ") ? "\"\(condition.value)\"" : condition.value
            return condition.attribute.name + condition.comparison.rawValue + value
        }.joined(separator: " ")
    }

    /// What an event has in common with others of its trouble: source, type and outcome, of calls
    /// service, method and status, of rejected events the reason.
    package init(like line: borrowing Line) {
        var attributes: [Attribute] = [.type, .outcome, .kind]
        switch line.text(.kind) {
        case "call", "delivery": attributes += [.service, .method, .status]
        case "sync": attributes += [.sync]
        default: attributes += [.source]
        }
        if line.outcome == .rejected { attributes.append(.reason) }
        conditions = []
        for attribute in attributes {
            guard let value = line.text(attribute), !value.contains("\"") else { continue }
            conditions.append(
                Condition(attribute: attribute, comparison: .equals, value: value)
            )
        }
    }

    /// Whether all hold for a line; an attribute that is not there is like no value.
    package func match(_ line: borrowing Line) -> Bool {
        for condition in conditions {
            let found = line.text(condition.attribute)
            switch condition.comparison {
            case .equals:
                guard let found, globMatches(condition.value, found) else { return false }
            case .isNot:
                if let found, globMatches(condition.value, found) { return false }
            default:
                guard let found, let number = UInt64(found), let bound = UInt64(condition.value),
                    Self.holds(number, condition.comparison, bound)
                else { return false }
            }
        }
        return true
    }

    private static func holds(_ a: UInt64, _ comparison: Comparison, _ b: UInt64) -> Bool {
        switch comparison {
        case .atLeast: a >= b
        case .atMost: a <= b
        case .above: a > b
        case .below: a < b
        default: false
        }
    }
}
