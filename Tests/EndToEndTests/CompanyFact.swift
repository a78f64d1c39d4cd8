import Foundation

/// One webhook as a provider would send it.
struct CompanyMessage: Sendable {
    let source: String
    let provider: String
    let id: String
    let type: String
    /// When it occurred, in seconds since 1970.
    let at: Int
    let body: String

    /// What no other event has: redeliveries share it.
    var identity: String { "\(source) \(id)" }
}

/// Something that became true in a simulated company, whoever was told of it.
struct CompanyFact: Sendable {
    /// How facts of one column become its value.
    enum Rule: Sendable {
        case latest, least, greatest, all, count, absolute, delta
    }

    enum Value: Sendable, Hashable {
        case word(String)
        case time(Int)
        case number(Int)
        case money(cents: Int, currency: String)
    }

    let column: String
    let rule: Rule
    let value: Value
    let at: Int
    /// The message that says it.
    let said: String
    /// The other name, of a parcel or a payment, by which alone that message knows the row.
    let through: String?
}

extension CompanyFact.Value {
    var json: String {
        switch self {
        case .word(let word): "\"\(word)\""
        case .time(let time): "\"\(rfc3339(time))\""
        case .number(let number): "\(number)"
        case .money(let cents, let currency):
            #"{"amount":"\#(decimal(cents))","currency":"\#(currency)"}"#
        }
    }

    var number: Int {
        switch self {
        case .time(let number), .number(let number): number
        default: 0
        }
    }
}

/// Cents as a decimal with two digits after the point.
func decimal(_ cents: Int) -> String {
    let digits = "\(cents % 100)"
    return "\(cents / 100).\(digits.count == 1 ? "0" : "")\(digits)"
}

/// Seconds since 1970 as a date and time, some hours east of Greenwich.
func civil(_ time: Int, east hours: Int = 0) -> String {
    var seconds = time + 3600 * hours
    var parts = tm()
    gmtime_r(&seconds, &parts)
    var buffer = [CChar](repeating: 0, count: 32)
    let count = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func rfc3339(_ time: Int) -> String { civil(time) + "Z" }
