/// What the values of a column are where rows are shown.
indirect enum ColumnForm {
    case one(DerivedType)
    /// A set of several.
    case set(DerivedType)
    /// One for each sub-key.
    case keyed(DerivedType)
    /// Money that may be of several currencies, which never add up.
    case totals

    /// The form of a stored column.
    init(_ column: ColumnDefinition) {
        let type = DerivedType(column.type)
        switch (column.keep, column.by) {
        case (.all, _): self = .set(type)
        case (.sum, _) where column.type == .money: self = .totals
        case (.sum, _), (.count, _), (.balance, _), (.window, _), (.quantiles, _):
            self = .one(.integer)
        case (_, nil): self = .one(type)
        default: self = .keyed(type)
        }
    }
}

extension DerivedType {
    /// The type of one value of a stored column.
    init(_ type: ColumnType) {
        switch type {
        case .enumeration(let words): self = .words(words)
        case .text: self = .text
        case .integer: self = .integer
        case .money: self = .money
        case .time: self = .time
        case .boolean: self = .boolean
        }
    }
}

extension Definition {
    /// The columns that rows show, with the forms of their values.
    var forms: [(name: String, form: ColumnForm)] {
        var forms = columns.map { ($0.name, ColumnForm($0)) }
        var derived: [DerivedType] = []
        for derivation in derivations {
            let type = type(of: derivation.rule, derived)
            derived.append(type)
            forms.append((derivation.name, .one(type)))
        }
        return forms
    }

    private func type(of rule: DerivationRule, _ derived: [DerivedType]) -> DerivedType {
        func type(_ reference: ColumnReference) -> DerivedType {
            switch reference {
            case .stored(let place): DerivedType(columns[place])
            case .derived(let place): derived[place]
            }
        }
        switch rule {
        case .sum(let columns), .subtract(let columns): return columns.first.map(type) ?? .integer
        case .ratio, .age, .percentile, .peak, .reached: return .integer
        case .currency: return .text
        case .peakAt: return .time
        case .choices(let choices):
            var joined: DerivedType?
            for choice in choices {
                let next: DerivedType =
                    switch choice.value {
                    case .text(let word): .words([word])
                    case .integer: .integer
                    case .boolean: .boolean
                    case .column(let reference): type(reference)
                    }
                guard let before = joined else {
                    joined = next
                    continue
                }
                joined = before.joined(with: next) ?? .text
            }
            return joined ?? .text
        }
    }
}
