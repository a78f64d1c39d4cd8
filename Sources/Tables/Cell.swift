import Bytes

/// One value of a row.
package enum Cell: Hashable, Sendable {
    /// Text from anywhere, hostile or not.
    case text(String)
    /// A number that may be negative.
    case integer(Int64)
    /// A number that is never negative, such as a sequence.
    case unsigned(UInt64)
    /// Yes or no.
    case boolean(Bool)
    /// No value: left out of JSON, empty elsewhere.
    case absent
    /// A value that is JSON text already, such as money or a list; it must be valid.
    case json(String)
}

extension Cell {
    /// The value as text, before anything is done for a terminal or a spreadsheet.
    var plainText: String {
        switch self {
        case .text(let text), .json(let text): text
        case .integer(let value): String(value)
        case .unsigned(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .absent: ""
        }
    }

    /// Appends a value that looks the same in every format; `false` if it is text, JSON or absent.
    func appendScalar(to output: inout [UInt8]) -> Bool {
        switch self {
        case .integer(let value):
            if value < 0 { output.append(45) }
            Decimal.append(value.magnitude, to: &output)
        case .unsigned(let value): Decimal.append(value, to: &output)
        case .boolean(true): output.append(ascii: "true")
        case .boolean(false): output.append(ascii: "false")
        case .text, .json, .absent: return false
        }
        return true
    }
}
