/// A row as it is shown: the key and every column by name.
package struct Row: Sendable {
    /// One column of it.
    package struct Cell: Sendable {
        package let name: String
        /// What it says, words of enums as texts; `nil` while nothing was said.
        package let value: ColumnValue?
        /// Which event made it so, by which rule; for a derived column the newest of those that
        /// it is worked out from.
        package let stamp: Stamp?
    }

    /// The row's name.
    package let key: String
    /// The stored columns, then the derived ones.
    package let cells: [Cell]

    package subscript(name: String) -> ColumnValue? {
        cells.first { $0.name == name }?.value
    }
}

/// Makes rows to be shown from a fold.
struct RowMaker: Sendable {
    private let definition: Definition
    /// For each derived column the stored ones that it depends on.
    private let sources: [[Int]]

    init(_ definition: Definition) {
        self.definition = definition
        var sources: [[Int]] = []
        for derivation in definition.derivations {
            var found: Set<Int> = []
            for reference in derivation.rule.references {
                switch reference {
                case .stored(let place): found.insert(place)
                case .derived(let place): found.formUnion(sources[place])
                }
            }
            sources.append(found.sorted())
        }
        self.sources = sources
    }

    /// A row of a fold; `moment`, in microseconds since 1970, is what windows and `now` go by.
    func row(_ number: Int, of fold: borrowing Fold, key: String, moment: Int64) -> Row {
        var cells: [Row.Cell] = []
        var evaluation = Evaluation(moment: moment)
        for (place, column) in definition.columns.enumerated() {
            var value = fold.value(number, place)
            switch fold.other(number, place) {
            case .window(let window)?:
                evaluation.windows[place] = window
                value = .integer(Int128(window.count(at: moment)))
            case .histogram(let histogram)?:
                evaluation.histograms[place] = histogram
                value = histogram.value(of: column.keep, at: moment)
            default: break
            }
            let shown = value.map { Self.spelled($0, column.type) }
            evaluation.stored.append(shown)
            let stamp = fold.stamp(number, place)
            cells.append(Row.Cell(name: column.name, value: shown, stamp: stamp))
        }
        for (place, derivation) in definition.derivations.enumerated() {
            let value = evaluation.value(of: derivation.rule)
            evaluation.derived.append(value)
            var newest = Held.none.stamp
            for source in sources[place] {
                if let stamp = cells[source].stamp { newest.raise(to: stamp) }
            }
            let stamp = value == nil || newest.origin == .max ? nil : newest
            cells.append(Row.Cell(name: derivation.name, value: value, stamp: stamp))
        }
        return Row(key: key, cells: cells)
    }

    /// A value with its enum's words spelled out.
    static func spelled(_ value: ColumnValue, _ type: ColumnType) -> ColumnValue {
        guard case .enumeration(let words) = type else { return value }
        switch value {
        case .word(let place): return .text(words.indices.contains(place) ? words[place] : "")
        case .list(let values): return .list(values.map { spelled($0, type) })
        case .keyed(let values):
            return .keyed(values.map { .init(key: $0.key, value: spelled($0.value, type)) })
        default: return value
        }
    }
}

extension DerivationRule {
    /// The columns it is worked out from.
    var references: [ColumnReference] {
        switch self {
        case .choices(let choices):
            choices.flatMap { choice in
                var found = choice.when.flatMap { condition -> [ColumnReference] in
                    if case .compares(_, .column(let other)) = condition.test {
                        return [condition.column, other]
                    }
                    return [condition.column]
                }
                if case .column(let other) = choice.value { found.append(other) }
                return found
            }
        case .sum(let columns), .subtract(let columns): columns
        case .ratio(let first, let second, _): [first, second]
        case .age(let column, let other): [column] + (other.map { [$0] } ?? [])
        case .currency(let column): [column]
        case .percentile(let column, _), .peak(let column), .peakAt(let column): [.stored(column)]
        case .reached(let column, let allowed, let percent):
            if case .column(let other) = percent {
                [.stored(column), allowed, other]
            } else {
                [.stored(column), allowed]
            }
        }
    }
}
