internal import Bytes

extension CanonicalTree {
    /// Tests by what they are about, each an object of its tests; `nil` if there are none.
    static func tests(
        _ tests: [(subject: String, test: String, value: CanonicalTree)]
    ) -> CanonicalTree? {
        guard !tests.isEmpty else { return nil }
        var subjects: [String: [Member]] = [:]
        for (subject, test, value) in tests {
            subjects[subject, default: []].append(Member(key: test, value: value))
        }
        return .object(subjects.map { Member(key: $0, value: .object($1)) })
    }

    /// What an event is asked; `nil` if nothing.
    static func conditions(_ conditions: [Condition]) -> CanonicalTree? {
        .tests(
            conditions.map { condition in
                let (test, value): (String, CanonicalTree) =
                    switch condition.test {
                    case .present: ("present", true)
                    case .absent: ("absent", true)
                    case .isOne(let texts): ("one", .texts(texts))
                    case .compares(let comparison, let number):
                        (comparison.rawValue, .integer(number))
                    }
                return (condition.path.description, test, value)
            }
        )
    }
}

extension ColumnDefinition {
    /// The column as canonical JSON.
    var canonical: CanonicalTree {
        var words: CanonicalTree?
        if case .enumeration(let texts) = type { words = .texts(texts) }
        return .object(of: [
            "name": .text(name), "type": .text(type.word), "of": words,
            "keep": .text(keep.rawValue), "by": by.map { .text($0) },
            "last": last.map { .integer($0) }, "personal": personal.map { .boolean($0) },
        ])
    }
}

extension Choice {
    /// The choice as canonical JSON, for a column of the type.
    func canonical(in type: ColumnType) -> CanonicalTree {
        CanonicalTree.object(of: [
            "when": .conditions(when), "by": by.map { .text($0.description) },
        ]).adding(value.canonical(in: type))
    }
}

extension ValueRule {
    fileprivate func canonical(in type: ColumnType) -> CanonicalTree {
        switch self {
        case .literal(let literal): ["is": literal.canonical(in: type)]
        case .from(let source): ["from": source.canonical(in: type)]
        case .delta(let source): ["delta": source.canonical(in: type)]
        case .text(let template, let isOptional):
            .object(of: [
                "text": .text(template.description), "optional": isOptional ? true : nil,
            ])
        case .count(let width):
            .object(of: ["count": true, "width": width.map { .text($0.description) }])
        }
    }
}

extension SourcedValue {
    fileprivate func canonical(in type: ColumnType) -> CanonicalTree {
        let map = map.map { map in
            CanonicalTree.object(
                map.map { .init(key: $0.word, value: $0.literal.canonical(in: type)) }
            )
        }
        let currency: CanonicalTree? =
            switch currency {
            case .path(let path)?: .text(path.description)
            case .code(let code)?: ["is": .text(code)]
            case nil: nil
            }
        return .object(of: [
            "path": .text(path.description), "map": map, "currency": currency,
            "as": type == .time && map == nil ? .text(timeFormat.rawValue) : nil,
            "minor": isMinor ? true : nil, "scale": scale == 1 ? nil : .integer(scale),
            "default": fallback?.canonical(in: type), "optional": isOptional ? true : nil,
        ])
    }
}

extension Literal {
    fileprivate func canonical(in type: ColumnType) -> CanonicalTree {
        switch self {
        case .word(let place):
            if case .enumeration(let words) = type { .text(words[place]) } else { false }
        case .text(let text): .text(text)
        case .integer(let number): .integer(number)
        case .boolean(let value): .boolean(value)
        case .time(let moment): .integer(moment)
        case .money(let amount, let currency):
            ["amount": .text(amount), "currency": .text(currency)]
        }
    }
}
