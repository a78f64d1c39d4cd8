internal import Bytes

/// One of the five fields of a schedule: what it is called, and which numbers it may hold.
struct CronField {
    let name: String
    let range: ClosedRange<Int>
    /// Words for its numbers, from `range.lowerBound` on.
    let words: [String]

    static let minute = CronField(name: "the minute", range: 0...59, words: [])
    static let hour = CronField(name: "the hour", range: 0...23, words: [])
    static let dayOfMonth = CronField(name: "the day of the month", range: 1...31, words: [])
    static let month = CronField(
        name: "the month",
        range: 1...12,
        words: [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ]
    )
    /// 0 and 7 are both Sunday.
    static let dayOfWeek = CronField(
        name: "the day of the week",
        range: 0...7,
        words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    )

    /// The numbers that a field holds, one bit for each: a list of such as `5`, `1-5`, `*/10`.
    func numbers(_ text: Substring) throws(CronError) -> UInt64 {
        var numbers: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            let span = try span(parts[0])
            var step = 1
            if parts.count > 1 {
                let isStep = parts.count == 2 && (parts[0] == "*" || parts[0].contains("-"))
                guard isStep, let number = Self.natural(parts[1]), (1...range.count) ~= number
                else {
                    throw CronError(
                        field: name,
                        found: String(item),
                        expected: "a step from 1 to \(range.count) after * or a range, such as */5"
                    )
                }
                step = number
            }
            for number in stride(from: span.lowerBound, through: span.upperBound, by: step) {
                numbers |= 1 << UInt64(number)
            }
        }
        // The other name of Sunday.
        if range.upperBound == 7, numbers & 1 << 7 != 0 { numbers = numbers & 0x7F | 1 }
        return numbers
    }

    /// The first and the last number of an item, without its step.
    private func span(_ text: Substring) throws(CronError) -> ClosedRange<Int> {
        if text == "*" { return range.upperBound == 7 ? 0...6 : range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let first = number(ends[0]), var last = number(ends[ends.count - 1])
        else { throw mismatch(text) }
        // From Friday to Sunday.
        if range.upperBound == 7, last == 0, first > 0 { last = 7 }
        guard first <= last else { throw mismatch(text) }
        return first...last
    }

    private func number(_ text: Substring) -> Int? {
        if let index = words.firstIndex(of: String(text).asciiLowercased) {
            return range.lowerBound + index
        }
        guard let number = Self.natural(text), range.contains(number) else { return nil }
        return number
    }

    /// One or two digits, with a leading zero or without.
    private static func natural(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count) else { return nil }
        return Decimal.parsePadded(text.utf8Span.span, digits: text.utf8.count).map { Int($0) }
    }

    private func mismatch(_ found: Substring) -> CronError {
        let example = words.first.map { " or words such as \($0)" } ?? ""
        return CronError(
            field: name,
            found: String(found),
            expected: "numbers from \(range.lowerBound) to \(range.upperBound)\(example), "
                + "lists 1,5, rising ranges 1-5, or *"
        )
    }
}
