/// Reads the parts of a date from the front of a text; a part that is not there is `nil`.
struct DateReader: ~Escapable {
    private let text: Span<UInt8>
    private var position = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    /// A date, `2026-02-01`.
    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `T`, `t` or a space.
    mutating func separator() -> Bool {
        skip("T") || skip("t") || skip(" ")
    }

    /// `10:00:00` or `10:00:00.25`, of which six fraction digits count.
    mutating func time() -> TimeOfDay? {
        guard var time = clock() else { return nil }
        guard skip(".") else { return time }
        let start = position
        var unit = 100_000
        while position < text.count, text[position] &- 48 < 10 {
            time.microsecond += Int(text[position] &- 48) * unit
            unit /= 10
            position += 1
        }
        return position > start ? time : nil
    }

    /// A time to the second, `10:00:00`.
    mutating func clock() -> TimeOfDay? {
        guard let hour = number(digits: 2), skip(":"), let minute = number(digits: 2), skip(":"),
            let second = number(digits: 2), hour < 24, minute < 60, second <= 60
        else { return nil }
        return TimeOfDay(hour: hour, minute: minute, second: second)
    }

    /// `Z`, `z` or `+02:00`, in seconds ahead of UTC.
    mutating func offset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign: Int
        if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
        guard let hours = number(digits: 2), skip(":"), let minutes = number(digits: 2), hours < 24,
            minutes < 60
        else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    /// Exactly `digits` digits.
    mutating func number(digits: Int) -> Int? {
        guard position + digits <= text.count else { return nil }
        var value = 0
        for _ in 0..<digits {
            let digit = text[position] &- 48
            guard digit < 10 else { return nil }
            value = value * 10 + Int(digit)
            position += 1
        }
        return value
    }

    /// The place of the next three letters in a list of three-letter names, from 0.
    mutating func name(of names: StaticString) -> Int? {
        guard position + 3 <= text.count else { return nil }
        let name = text.extracting(position..<(position + 3))
        position += 3
        return names.withSpan { names in
            (0..<(names.count / 3)).first { name.equals(names.extracting(($0 * 3)..<($0 * 3 + 3))) }
        }
    }

    /// Passes over `expected` if it is next.
    mutating func skip(_ expected: StaticString) -> Bool {
        guard text.extracting(droppingFirst: position).hasPrefix(ascii: expected) else {
            return false
        }
        position += expected.utf8CodeUnitCount
        return true
    }
}
