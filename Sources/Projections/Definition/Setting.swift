/// What a rule tells a column: the first choice that holds; if none does, nothing.
package struct Setting: Sendable {
    /// The column's place in the definition.
    package let column: Int
    package let choices: [Choice]
}

/// One of the values that a column may be told.
package struct Choice: Sendable {
    package let when: [Condition]
    package let value: ValueRule
    /// The sub-key, for columns that have them.
    package let by: Template?
    package let line: Int
}

/// How a value is made.
package enum ValueRule: Sendable {
    /// `{ is: … }`
    case literal(Literal)
    /// `{ from: … }`: a value in the event; for `balance` the absolute count.
    case from(SourcedValue)
    /// `{ delta: … }`: for `balance`, a change of the count.
    case delta(SourcedValue)
    /// `{ text: TEMPLATE }`: a text with places that an event fills.
    case text(Template, isOptional: Bool)
    /// `{ count: true }`: for `count` and `window`, this event is one more; for `window` the
    /// width of the buckets is a duration such as `1m`, found in the event.
    case count(width: ValuePath?)
}

/// A value in an event, and what is done to it.
package struct SourcedValue: Sendable {
    package let path: ValuePath
    /// Words to literals; `nil` if there is no map.
    package let map: [(word: String, literal: Literal)]?
    /// For times.
    package let timeFormat: TimeFormat
    /// Money is written in minor units (`as: minor`).
    package let isMinor: Bool
    /// What integers are multiplied with.
    package let scale: Int64
    /// Where the currency is, for money.
    package let currency: CurrencySource?
    /// The value if there is none in the event.
    package let fallback: Literal?
    /// Whether the column stays as it is if there is none in the event.
    package let isOptional: Bool
}

/// Where the currency of money is found.
package enum CurrencySource: Sendable {
    case path(ValuePath)
    case code(String)
}

/// A value as the definition says it, fitting its column's type.
package enum Literal: Hashable, Sendable {
    /// A word's place among an enum's.
    case word(Int)
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    /// Microseconds since 1970.
    case time(Int64)
    /// An exact decimal such as `12.50`, and a currency.
    case money(String, currency: String)
}

/// A column worked out from others when a row is shown.
package struct Derivation: Sendable {
    package let name: String
    package let line: Int
    package let rule: DerivationRule
}

/// How a derived column is worked out; operands are columns before it in the file.
package enum DerivationRule: Sendable {
    /// The first choice that holds.
    case choices([DerivedChoice])
    /// The sum of those that have values; none if none has.
    case sum([ColumnReference])
    /// The first, if it has a value, less the others.
    case subtract([ColumnReference])
    /// The most that any one bucket of a window counted.
    case peak(of: Int)
    /// Where that bucket begins; the earliest of several.
    case peakAt(of: Int)
    /// The first column times `times` by the second, rounded down; none by nothing.
    case ratio(ColumnReference, ColumnReference, times: Int64)
    /// The value that so many hundredths of a column's values do not exceed.
    case percentile(of: Int, percent: Int)
    /// The whole seconds from a time to another, or to the moment asked about.
    case age(of: ColumnReference, at: ColumnReference?)
    /// The currency of money.
    case currency(of: ColumnReference)
    /// How many buckets of a window reached a share of an integer column.
    case reached(of: Int, allowed: ColumnReference, percent: PercentSource)
}

/// A share in hundredths.
package enum PercentSource: Sendable {
    case number(Int)
    /// A column's value; where it has none, 80.
    case column(ColumnReference)
}

/// A column by its place.
package enum ColumnReference: Hashable, Sendable {
    case stored(Int)
    case derived(Int)
}

/// A choice of a derived column.
package struct DerivedChoice: Sendable {
    package let when: [DerivedCondition]
    package let value: DerivedValue
}

/// What a derived column is then.
package enum DerivedValue: Hashable, Sendable {
    case text(String)
    case integer(Int64)
    case boolean(Bool)
    /// As another column.
    case column(ColumnReference)
}

/// A condition on a row.
package struct DerivedCondition: Sendable {
    package let column: ColumnReference
    package let test: Test

    package enum Test: Sendable {
        case present
        case absent
        /// Equal to one of these: words of an enum, texts, or numbers and booleans as written.
        case isOne([String])
        case compares(Comparison, Operand)
    }

    /// What a column is compared with; one without a value makes the comparison false.
    package enum Operand: Sendable {
        case integer(Int64)
        /// Microseconds since 1970.
        case time(Int64)
        case column(ColumnReference)
        /// The moment asked about.
        case now
    }
}
