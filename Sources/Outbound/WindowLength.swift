internal import Bytes

/// The length of a window in which calls are counted: whole seconds, up to 366 days.
package struct WindowLength: Hashable, Sendable {
    /// How many seconds.
    package let seconds: Int

    /// Takes seconds; `nil` if there are none, or more than 366 days of them.
    package init?(seconds: Int) {
        guard (1...OutboundLimits.horizonSeconds).contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// Reads `1s`, `10s`, `15m`, `1h` or `1d`, as in a line's `ratelimit`.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (2...10).contains(bytes.count), let unit = bytes.last,
            let count = Decimal.parse(bytes.span.extracting(..<(bytes.count - 1))),
            let length = Self.units.first(where: { $0.letter == unit })
        else { return nil }
        // Nine digits of days are not too many seconds for 64 bits.
        self.init(seconds: Int(count) * length.seconds)
    }

    fileprivate struct Unit {
        let letter: UInt8
        let seconds: Int
        let word: String
    }

    fileprivate static let units = [
        Unit(letter: UInt8(ascii: "d"), seconds: 86_400, word: "day"),
        Unit(letter: UInt8(ascii: "h"), seconds: 3600, word: "hour"),
        Unit(letter: UInt8(ascii: "m"), seconds: 60, word: "minute"),
        Unit(letter: UInt8(ascii: "s"), seconds: 1, word: "second"),
    ]

    /// The longest unit that measures it without a rest, and how many there are.
    fileprivate var measure: (count: Int, unit: Unit) {
        let unit = Self.units.first { seconds % $0.seconds == 0 } ?? Self.units[3]
        return (seconds / unit.seconds, unit)
    }
}

extension WindowLength: CustomStringConvertible {
    /// The one notation of each length: `1m`, never `60s`.
    package var description: String {
        let (count, unit) = measure
        return "\(count)\(Character(Unicode.Scalar(unit.letter)))"
    }

    /// Such as `a minute` or `10 seconds`.
    var inWords: String {
        let (count, unit) = measure
        if count > 1 { return "\(count) \(unit.word)s" }
        return unit.word == "hour" ? "an hour" : "a \(unit.word)"
    }
}
