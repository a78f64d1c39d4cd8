/// What a column's values are where rows are shown, as far as derived columns may use them.
enum DerivedType: Equatable {
    /// One of these words.
    case words([String])
    case text, integer, money, time, boolean
    /// Several values: of a set, or one for each sub-key.
    case several

    init(_ column: ColumnDefinition) {
        // What sub-keys add up to is one value.
        let isOne = column.by == nil || column.keep == .sum || column.keep == .count
        guard column.keep != .all, isOne else {
            self = .several
            return
        }
        switch column.type {
        case .enumeration(let words): self = .words(words)
        case .text: self = .text
        case .integer: self = .integer
        case .money: self = .money
        case .time: self = .time
        case .boolean: self = .boolean
        }
    }

    /// The type of a column whose values are of either.
    func joined(with other: DerivedType) -> DerivedType? {
        switch (self, other) {
        case (.words(let a), .words(let b)): .words(a + b.filter { !a.contains($0) })
        case (.words, .text), (.text, .words): .text
        default: self == other ? self : nil
        }
    }

    /// The type in a word or two, for messages.
    var word: String {
        switch self {
        case .words: "enum"
        case .text: "text"
        case .integer: "integer"
        case .money: "money"
        case .time: "time"
        case .boolean: "boolean"
        case .several: "several values"
        }
    }
}

/// The columns that a derived column may use: those before it.
struct ColumnScope {
    let columns: ColumnTable
    private(set) var derived: [(name: String, type: DerivedType)] = []

    init(_ columns: ColumnTable) {
        self.columns = columns
    }

    mutating func add(_ name: String, _ type: DerivedType) {
        derived.append((name, type))
    }
}
