internal import Bytes

extension Definition {
    /// The definition as canonical JSON: what `hash` is the digest of.
    ///
    /// It has neither `about` nor comments nor lines; keys are sorted, defaults are written out
    /// where they decide. The order of columns, derived columns, rules and choices stays.
    package var canonical: [UInt8] {
        let derived = derivations.map { canonical($0) }
        let whole: CanonicalTree = [
            "projection": .text(name), "version": .integer(Int64(version)), "key": .text(key),
            "derive": .list(derived),
        ]
        return whole.adding(canonicalRows).bytes
    }

    /// The columns and rules as canonical JSON: what `foldHash` is the digest of.
    package var canonicalFold: [UInt8] { canonicalRows.bytes }

    private var canonicalRows: CanonicalTree {
        [
            "columns": .list(columns.map(\.canonical)),
            "events": .list(rules.map { canonical($0) }),
        ]
    }

    private func canonical(_ rule: Rule) -> CanonicalTree {
        let from = rule.from.map {
            CanonicalTree.Member(key: $0.attribute.rawValue, value: .texts($0.patterns))
        }
        let set = rule.settings.map { setting in
            let column = columns[setting.column]
            let choices = setting.choices.map { $0.canonical(in: column.type) }
            return CanonicalTree.Member(key: column.name, value: .list(choices))
        }
        return .object(of: [
            "from": .object(from),
            "when": .conditions(rule.when),
            "each": rule.each.map { .text($0.description) },
            "key": .text(rule.key.description),
            "at": rule.at.map {
                ["from": .text($0.path.description), "as": .text($0.format.rawValue)]
            },
            "link": .texts(rule.links.map(\.description)),
            "set": .object(set),
        ])
    }

    private func canonical(_ derivation: Derivation) -> CanonicalTree {
        let rule: CanonicalTree
        switch derivation.rule {
        case .choices(let choices):
            rule = .list(
                choices.map {
                    .object(of: ["when": canonical($0.when), "is": canonical($0.value)])
                }
            )
        case .sum(let columns): rule = ["sum": .list(columns.map { canonical($0) })]
        case .subtract(let columns): rule = ["subtract": .list(columns.map { canonical($0) })]
        case .ratio(let first, let second, let times):
            rule = [
                "ratio": .list([canonical(first), canonical(second)]), "times": .integer(times),
            ]
        case .percentile(let column, let percent):
            rule = [
                "percentile": canonical(.stored(column)), "percent": .integer(Int64(percent)),
            ]
        case .age(let column, let other):
            rule = .object(of: ["age": canonical(column), "at": other.map { canonical($0) }])
        case .currency(let column): rule = ["currency": canonical(column)]
        case .peak(let column): rule = ["peak": canonical(.stored(column))]
        case .peakAt(let column): rule = ["peak_at": canonical(.stored(column))]
        case .reached(let column, let allowed, let percent):
            rule = [
                "reached": canonical(.stored(column)), "of": canonical(allowed),
                "percent": canonical(percent),
            ]
        }
        return ["name": .text(derivation.name), "rule": rule]
    }

    private func canonical(_ percent: PercentSource) -> CanonicalTree {
        switch percent {
        case .number(let number): .integer(Int64(number))
        case .column(let column): canonical(column)
        }
    }

    private func canonical(_ value: DerivedValue) -> CanonicalTree {
        switch value {
        case .text(let text): .text(text)
        case .integer(let number): ["integer": .integer(number)]
        case .boolean(let value): .boolean(value)
        case .column(let column): canonical(column)
        }
    }

    private func canonical(_ conditions: [DerivedCondition]) -> CanonicalTree? {
        .tests(
            conditions.map { condition in
                let (key, value): (String, CanonicalTree) =
                    switch condition.test {
                    case .present: ("present", true)
                    case .absent: ("absent", true)
                    case .isOne(let texts): ("one", .texts(texts))
                    case .compares(let comparison, let operand):
                        (comparison.rawValue, canonical(operand))
                    }
                return (name(of: condition.column), key, value)
            }
        )
    }

    private func canonical(_ operand: DerivedCondition.Operand) -> CanonicalTree {
        switch operand {
        case .integer(let number): .integer(number)
        case .time(let moment): ["time": .integer(moment)]
        case .column(let column): canonical(column)
        case .now: "now"
        }
    }

    private func canonical(_ column: ColumnReference) -> CanonicalTree {
        ["column": .text(name(of: column))]
    }

    private func name(of column: ColumnReference) -> String {
        switch column {
        case .stored(let place): columns[place].name
        case .derived(let place): derivations[place].name
        }
    }
}
