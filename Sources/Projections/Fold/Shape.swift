/// How a definition's stored columns lie in a row.
struct Shape: Sendable {
    /// What a fold needs to know of a column, and where it is kept.
    struct Column: Sendable, BitwiseCopyable {
        let kind: ValueKind
        let keep: Keep
        let hasSubkeys: Bool
        /// The place among the registers of one value; `nil` for registers of another kind.
        let single: Int?
        /// How wide the slices of time are in which the last while is kept, in microseconds; 0 for
        /// columns of all time.
        let slice: Int64
    }

    let columns: [Column]
    /// Registers of one value in a row.
    let singles: Int

    init(_ columns: [ColumnDefinition]) {
        var singles = 0
        self.columns = columns.map { column in
            var place: Int?
            switch column.keep {
            case .latest, .first, .max, .min, .furthest:
                if column.by == nil {
                    place = singles
                    singles += 1
                }
            case .sum, .count, .all, .balance, .window, .quantiles: break
            }
            return Column(
                kind: ValueKind(column.type),
                keep: column.keep,
                hasSubkeys: column.by != nil,
                single: place,
                slice: column.last.map { $0 / Histogram.slices } ?? 0
            )
        }
        self.singles = singles
    }
}

extension Keep {
    /// Whether a value takes the place of the one that a register of one value holds.
    func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool {
        switch self {
        case .first: try First.prefers(new, to: held, ids)
        case .max, .furthest: try Max.prefers(new, to: held, ids)
        case .min: try Min.prefers(new, to: held, ids)
        default: try Latest.prefers(new, to: held, ids)
        }
    }
}

/// What a column's values are, without an enum's words.
enum ValueKind: UInt8, Sendable, BitwiseCopyable {
    case enumeration, text, integer, money, time, boolean

    init(_ type: ColumnType) {
        switch type {
        case .enumeration: self = .enumeration
        case .text: self = .text
        case .integer: self = .integer
        case .money: self = .money
        case .time: self = .time
        case .boolean: self = .boolean
        }
    }
}
