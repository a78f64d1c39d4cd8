internal import Bytes
internal import Ledger

/// A piece of a name.
enum PlannedPart: Sendable {
    case literal([UInt8])
    case value(Operand, path: String)
}

/// A name to be filled in.
struct PlannedTemplate: Sendable {
    let parts: [PlannedPart]
    let line: Int
}

/// A condition on an event.
struct PlannedTest: Sendable {
    let operand: Operand
    let test: Condition.Test
}

/// A moment in an event.
struct PlannedTime: Sendable {
    let operand: Operand
    let path: String
    let format: TimeFormat
    let line: Int
}

/// What a column is told.
struct PlannedSetting: Sendable {
    let column: Int
    let type: ColumnType
    let keep: Keep
    let choices: [PlannedChoice]
}

/// One of the values that it may be told.
struct PlannedChoice: Sendable {
    let when: [PlannedTest]
    let value: PlannedValue
    let by: PlannedTemplate?
    let line: Int
}

/// How a value is made.
enum PlannedValue: Sendable {
    case literal(Value, text: [UInt8])
    case from(PlannedSource, isDelta: Bool)
    case count
    case window(Operand, path: String)
}

/// A value in an event, and what is done to it.
struct PlannedSource: Sendable {
    let operand: Operand
    let path: String
    /// Words with what they stand for.
    let map: [(word: [UInt8], value: Value, text: [UInt8])]?
    let timeFormat: TimeFormat
    let isMinor: Bool
    let scale: Int64
    let currency: PlannedCurrency
    let fallback: (value: Value, text: [UInt8])?
    let isOptional: Bool
}

/// Where money's currency is.
enum PlannedCurrency: Sendable {
    case none
    case code(UInt64)
    case operand(Operand, path: String)
}
