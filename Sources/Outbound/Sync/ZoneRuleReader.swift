internal import Bytes

/// Reads the parts of a TZ string of POSIX from its front; a part that is not there is `nil`.
struct ZoneRuleReader: ~Escapable {
    private let text: Span<UInt8>
    private var position = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    func isNext(_ byte: UInt8) -> Bool { position < text.count && text[position] == byte }

    /// Passes over a byte if it is next.
    mutating func skip(_ byte: UInt8) -> Bool {
        guard isNext(byte) else { return false }
        position += 1
        return true
    }

    /// Passes over an abbreviation: three letters or more, or anything in angle brackets.
    mutating func name() -> Bool {
        let start = position
        if skip(UInt8(ascii: "<")) {
            guard let end = text.firstIndex(of: UInt8(ascii: ">"), from: position) else {
                return false
            }
            position = end + 1
            return position - start >= 5
        }
        while position < text.count, (text[position] | 0x20) &- 0x61 < 26 { position += 1 }
        return position - start >= 3
    }

    /// Seconds of `[+-]hh[:mm[:ss]]`.
    mutating func time(upTo hours: Int) -> Int? {
        let isNegative = skip(UInt8(ascii: "-"))
        if !isNegative { _ = skip(UInt8(ascii: "+")) }
        guard var seconds = number(in: 0...hours).map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] {
            guard skip(UInt8(ascii: ":")) else { break }
            guard let part = number(in: 0...59) else { return nil }
            seconds += part * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// A day of the year with a time, `M3.2.0/2`; without one it is two in the morning.
    mutating func moment() -> YearlyMoment? {
        guard let day = day() else { return nil }
        guard skip(UInt8(ascii: "/")) else { return YearlyMoment(day: day, seconds: 2 * 3600) }
        return time(upTo: 167).map { YearlyMoment(day: day, seconds: $0) }
    }

    private mutating func day() -> YearlyMoment.Day? {
        if skip(UInt8(ascii: "J")) { return number(in: 1...365).map { .julian($0) } }
        guard skip(UInt8(ascii: "M")) else { return number(in: 0...365).map { .ofYear($0) } }
        guard let month = number(in: 1...12), skip(UInt8(ascii: ".")),
            let week = number(in: 1...5), skip(UInt8(ascii: ".")), let weekday = number(in: 0...6)
        else { return nil }
        return .ofWeek(month: month, week: week, weekday: weekday)
    }

    /// One to three digits.
    private mutating func number(in range: ClosedRange<Int>) -> Int? {
        var value = 0
        let start = position
        while position < text.count, position < start + 3, text[position] &- 48 < 10 {
            value = value * 10 + Int(text[position] &- 48)
            position += 1
        }
        return position > start && range.contains(value) ? value : nil
    }
}
