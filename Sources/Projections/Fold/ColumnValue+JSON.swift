internal import Bytes

extension ColumnValue {
    /// The value as JSON: money as `{"amount":"12.50","currency":"EUR"}`, times as RFC 3339 in UTC.
    package var json: String {
        var output: [UInt8] = []
        append(to: &output)
        return String(repairing: output.span)
    }

    /// Appends the value as canonical JSON, but for integers, which are written in full.
    package func append(to output: inout [UInt8]) {
        switch self {
        case .text(let text): CanonicalJSON.appendString(text, to: &output)
        case .integer(let integer): output.append(contentsOf: String(integer).utf8)
        case .word(let place): output.append(contentsOf: String(place).utf8)
        case .boolean(let isTrue): output.append(contentsOf: (isTrue ? "true" : "false").utf8)
        case .time(let time):
            CanonicalJSON.appendString(Timestamp(microseconds: time).short, to: &output)
        case .money(let amount, let currency):
            output.append(contentsOf: "{\"amount\":\"".utf8)
            output.append(contentsOf: currency.decimal(amount).utf8)
            output.append(contentsOf: "\",\"currency\":\"\(currency.text)\"}".utf8)
        case .list(let values):
            output.append(UInt8(ascii: "["))
            for (place, value) in values.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                value.append(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .keyed(let values):
            output.append(UInt8(ascii: "{"))
            for (place, member) in values.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                CanonicalJSON.appendString(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                member.value.append(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    /// The value for people: texts as they are, lists with commas, money as `12.50 EUR`.
    package var readable: String {
        switch self {
        case .text(let text): text
        case .integer(let integer): String(integer)
        case .word(let place): String(place)
        case .boolean(let isTrue): isTrue ? "true" : "false"
        case .time(let time): Timestamp(microseconds: time).short
        case .money(let amount, let currency): "\(currency.decimal(amount)) \(currency.text)"
        case .list(let values): values.map(\.readable).joined(separator: ", ")
        case .keyed(let values):
            values.map { "\($0.key): \($0.value.readable)" }.joined(separator: ", ")
        }
    }
}

extension Currency {
    /// An amount of minor units as an exact decimal with all digits of the currency: `12.50`.
    package func decimal(_ amount: Int128) -> String {
        var digits = String(amount.magnitude)
        let places = exponent
        if places > 0 {
            if digits.count <= places {
                digits = String(repeating: "0", count: places + 1 - digits.count) + digits
            }
            digits.insert(".", at: digits.index(digits.endIndex, offsetBy: -places))
        }
        return amount < 0 ? "-" + digits : digits
    }
}
