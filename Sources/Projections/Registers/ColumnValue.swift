/// A value of a row, on its own.
package enum ColumnValue: Hashable, Sendable {
    /// A word's place among its enum's.
    case word(Int)
    case text(String)
    case integer(Int128)
    case boolean(Bool)
    /// Microseconds since 1970.
    case time(Int64)
    case money(Int128, Currency)
    /// Sums of several currencies, which never add up, or the values of several sub-keys.
    case list([ColumnValue])
    case keyed([KeyedValue])

    /// The value of one sub-key.
    package struct KeyedValue: Hashable, Sendable {
        package let key: String
        package let value: ColumnValue
    }
}

extension ColumnValue: Comparable {
    /// Orders values of one column: words by their enum, texts by their bytes.
    package static func < (a: ColumnValue, b: ColumnValue) -> Bool {
        switch (a, b) {
        case (.word(let a), .word(let b)): a < b
        case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
        case (.integer(let a), .integer(let b)): a < b
        case (.time(let a), .time(let b)): a < b
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.money(let a, let x), .money(let b, let y)): (x.code, a) < (y.code, b)
        default: false
        }
    }

    /// As texts are compared for sub-keys and sets: by their bytes.
    package static func == (a: ColumnValue, b: ColumnValue) -> Bool {
        switch (a, b) {
        case (.word(let a), .word(let b)): a == b
        case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): a == b
        case (.time(let a), .time(let b)): a == b
        case (.boolean(let a), .boolean(let b)): a == b
        case (.money(let a, let x), .money(let b, let y)): a == b && x == y
        case (.list(let a), .list(let b)): a == b
        case (.keyed(let a), .keyed(let b)): a == b
        default: false
        }
    }
}
