package import Bytes

/// A stretch of time of the calendar, in UTC: what books are closed by.
package struct Period: Hashable, Sendable {
    /// As it was named: `2026`, `2026-Q3`, `2026-10` or `2026-10-05`.
    package let name: String
    /// Its first moment.
    package let start: Timestamp
    /// The first moment after it.
    package let end: Timestamp

    /// What is accepted, for error texts.
    package static let expected = "a year, quarter, month or day such as 2026, 2026-Q3, 2026-10"

    /// Reads a period's name.
    package init(_ name: String) throws(AuditProblem) {
        let digits = name.utf8.map { $0 }
        guard let (first, next) = Self.days(digits),
            let start = Timestamp(date: first.utf8Span.span),
            let end = Timestamp(date: next.utf8Span.span)
        else {
            throw .usage("\"\(name)\" is no period, expected \(Self.expected)")
        }
        self.name = name
        self.start = start
        self.end = end
    }

    /// The first day of the period, and the first after it.
    private static func days(_ text: [UInt8]) -> (first: String, next: String)? {
        guard text.count >= 4, let year = number(text[..<4]) else { return nil }
        switch text.count {
        case 4: return (date(year, 1), date(year + 1, 1))
        case 7 where text[4] == UInt8(ascii: "-") && text[5] == UInt8(ascii: "Q"):
            guard let quarter = number(text[6...]), (1...4).contains(quarter) else { return nil }
            let month = quarter * 3 - 2
            return (date(year, month), month == 10 ? date(year + 1, 1) : date(year, month + 3))
        case 7 where text[4] == UInt8(ascii: "-"):
            guard let month = number(text[5...]), (1...12).contains(month) else { return nil }
            return (date(year, month), month == 12 ? date(year + 1, 1) : date(year, month + 1))
        case 10:
            guard let day = Timestamp(date: text.span),
                let next = Timestamp(unixSeconds: day.microseconds / 1_000_000 + 86_400)
            else { return nil }
            return (String(decoding: text, as: UTF8.self), String(next.rfc3339.prefix(10)))
        default: return nil
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        let digits = Array(digits)
        return Decimal.parsePadded(digits.span, digits: digits.count).map { Int($0) }
    }

    private static func date(_ year: Int, _ month: Int) -> String {
        let text = String(year)
        return String(repeating: "0", count: 4 - text.count) + text + (month < 10 ? "-0" : "-")
            + "\(month)-01"
    }
}
