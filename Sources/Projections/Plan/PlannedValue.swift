internal import Bytes
internal import Ledger

// Classes, as these are read for every event: to pass one on counts one reference, whatever it
// holds.

/// A name to be filled in.
final class PlannedTemplate: Sendable {
    /// A piece of it.
    enum Part: Sendable, BitwiseCopyable {
        /// A range of `text`.
        case literal(start: Int, end: Int)
        /// A value, whose path has a place among `paths`.
        case value(Operand, path: Int)
    }

    let parts: [Part]
    let text: [UInt8]
    let paths: [String]
    let line: Int

    init(parts: [Part], text: [UInt8], paths: [String], line: Int) {
        self.parts = parts
        self.text = text
        self.paths = paths
        self.line = line
    }
}

/// A condition on an event.
struct PlannedTest: Sendable {
    let operand: Operand
    let test: Condition.Test
}

/// A moment in an event.
final class PlannedTime: Sendable {
    let operand: Operand
    let path: String
    let format: TimeFormat
    let line: Int

    init(operand: Operand, path: String, format: TimeFormat, line: Int) {
        self.operand = operand
        self.path = path
        self.format = format
        self.line = line
    }
}

/// What a column is told.
final class PlannedSetting: Sendable {
    let column: Int
    let kind: ValueKind
    let keep: Keep
    let choices: [PlannedChoice]
    /// The words of an enum's column.
    let words: WordTable

    init(column: Int, type: ColumnType, keep: Keep, choices: [PlannedChoice]) {
        self.column = column
        kind = ValueKind(type)
        self.keep = keep
        self.choices = choices
        if case .enumeration(let words) = type {
            self.words = WordTable(words)
        } else {
            words = WordTable([])
        }
    }
}

/// One of the values that it may be told.
final class PlannedChoice: Sendable {
    let when: [PlannedTest]
    let value: PlannedValue
    let by: PlannedTemplate?
    let line: Int

    init(when: [PlannedTest], value: PlannedValue, by: PlannedTemplate?, line: Int) {
        self.when = when
        self.value = value
        self.by = by
        self.line = line
    }
}

/// How a value is made.
enum PlannedValue: Sendable {
    case literal(PlannedLiteral)
    case from(PlannedSource, isDelta: Bool)
    case text(PlannedTemplate, isOptional: Bool)
    case count
    case window(Operand, path: String)
}

/// A value that the definition says.
final class PlannedLiteral: Sendable {
    let value: Value
    /// The text if it is one.
    let text: [UInt8]

    init(value: Value, text: [UInt8]) {
        self.value = value
        self.text = text
    }
}

/// A value in an event, and what is done to it.
final class PlannedSource: Sendable {
    let operand: Operand
    let path: String
    /// The words of the map, and what each stands for; none if there is no map.
    let map: WordTable?
    let meanings: [PlannedLiteral]
    /// Whether it is the rule's moment once more.
    let isMoment: Bool
    let timeFormat: TimeFormat
    let isMinor: Bool
    let scale: Int64
    let currency: PlannedCurrency
    let fallback: PlannedLiteral?
    let isOptional: Bool

    init(_ source: SourcedValue, operand: Operand, currency: PlannedCurrency, isMoment: Bool) {
        self.isMoment = isMoment
        self.operand = operand
        self.currency = currency
        path = source.path.description
        map = source.map.map { WordTable($0.map(\.word)) }
        meanings = source.map?.map(\.literal.planned) ?? []
        timeFormat = source.timeFormat
        isMinor = source.isMinor
        scale = source.scale
        fallback = source.fallback?.planned
        isOptional = source.isOptional
    }
}

/// Where money's currency is.
enum PlannedCurrency: Sendable {
    case none
    case code(UInt64)
    case operand(Operand, path: String)
}
