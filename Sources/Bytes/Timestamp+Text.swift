extension Timestamp {
    /// The length of `rfc3339`: `2026-02-01T10:00:00.000000Z`.
    package static let textLength = 27

    /// Appends RFC 3339 in UTC with exactly six fraction digits and `Z`.
    package func append(to output: inout [UInt8]) {
        let text = text
        output.append(span: text.span)
    }

    /// RFC 3339 in UTC with exactly six fraction digits and `Z`.
    package var rfc3339: String {
        let text = text
        return String(repairing: text.span)
    }

    /// RFC 3339 in UTC with no more fraction digits than it takes: `2026-02-01T10:00:00Z`.
    package var short: String {
        var text = text
        var end = 26
        while end > 20, text[end - 1] == 48 { end -= 1 }
        if end == 20 { end = 19 }
        text[end] = 90
        return String(repairing: text.span.extracting(..<(end + 1)))
    }

    /// The date of HTTP to the second, `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    package var httpDate: String {
        let days = Int((microseconds - Self.min.microseconds) / 86_400_000_000)
        // The first day, 0001-01-01, was a Monday.
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let date = CivilDate(daysSince1970: days + CivilDate.dayRange.lowerBound)
        let text = text
        let year = String(repairing: text.span.extracting(..<4))
        let day = String(repairing: text.span.extracting(8..<10))
        let clock = String(repairing: text.span.extracting(11..<19))
        return "\(weekdays[days % 7]), \(day) \(months[date.month - 1]) \(year) \(clock) GMT"
    }

    private var text: InlineArray<27, UInt8> {
        // Counted from the year 1, so that all divisions are unsigned and by constants.
        let sinceYear1 = UInt64(bitPattern: microseconds &- Self.min.microseconds)
        let (days, ofDay) = sinceYear1.quotientAndRemainder(dividingBy: 86_400_000_000)
        let date = CivilDate(daysSince1970: Int(days) &+ CivilDate.dayRange.lowerBound)
        let (seconds, fraction) = ofDay.quotientAndRemainder(dividingBy: 1_000_000)
        let (minutes, second) = Int(seconds).quotientAndRemainder(dividingBy: 60)
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        var text = InlineArray<27, UInt8>(repeating: 45)
        Self.write(date.year / 100, at: 0, to: &text)
        Self.write(date.year % 100, at: 2, to: &text)
        Self.write(date.month, at: 5, to: &text)
        Self.write(date.day, at: 8, to: &text)
        text[10] = 84
        Self.write(hour, at: 11, to: &text)
        text[13] = 58
        Self.write(minute, at: 14, to: &text)
        text[16] = 58
        Self.write(second, at: 17, to: &text)
        text[19] = 46
        let microsecond = Int(fraction)
        Self.write(microsecond / 10_000, at: 20, to: &text)
        Self.write(microsecond / 100 % 100, at: 22, to: &text)
        Self.write(microsecond % 100, at: 24, to: &text)
        text[26] = 90
        return text
    }

    /// Writes a number below 100 as two digits.
    @inline(__always)
    private static func write(_ value: Int, at index: Int, to text: inout InlineArray<27, UInt8>) {
        let value = UInt32(truncatingIfNeeded: value)
        text[index] = UInt8(truncatingIfNeeded: 48 &+ value / 10)
        text[index &+ 1] = UInt8(truncatingIfNeeded: 48 &+ value % 10)
    }
}
