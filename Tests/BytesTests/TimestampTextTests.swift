import Bytes
import Foundation
import Testing

@Suite("Timestamp text")
struct TimestampTextTests {
    @Test("the first and last day of every month of the years 1 to 9999 are written as counted")
    func everyMonth() {
        var moment = Timestamp.min.microseconds
        for year in 1...9999 {
            for month in 1...12 {
                let last = length(year, month)
                let first = "\(pad(year, 4))-\(pad(month, 2))-01"
                let end = "\(first.dropLast(2))\(last)"
                let start = Timestamp(microseconds: moment)
                moment += Int64(last) * 86_400_000_000
                let close = Timestamp(microseconds: moment - 1)
                let isRight =
                    start.rfc3339 == "\(first)T00:00:00.000000Z"
                    && close.rfc3339 == "\(end)T23:59:59.999999Z"
                    && Timestamp(date: first.utf8Span.span) == start
                    && Timestamp(rfc3339: close.rfc3339) == close
                if !isRight { Issue.record("\(first) was written as \(start), \(end) as \(close)") }
            }
        }
        #expect(moment == Timestamp.max.microseconds + 1)
    }

    private func pad(_ value: Int, _ digits: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: digits - text.count) + text
    }

    private func length(_ year: Int, _ month: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    @Test("random moments are written as Foundation writes them and read back")
    func oracle() throws {
        var chance = SeededGenerator(seed: 7)
        let formatter = ISO8601DateFormatter()
        // Foundation switches to the Julian calendar in 1582, we never do (RFC 3339 section 1).
        let range: ClosedRange<Int64> = -12_000_000_000...253_402_300_799
        for _ in 0..<2_000 {
            let seconds = Int64.random(in: range, using: &chance)
            let micros = Int64.random(in: 0..<1_000_000, using: &chance)
            let stamp = Timestamp(microseconds: seconds * 1_000_000 + micros)
            let whole = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            let fraction = String(1_000_000 + micros).dropFirst()
            #expect(stamp.rfc3339 == "\(whole.dropLast()).\(fraction)Z")
            #expect(text { stamp.append(to: &$0) } == stamp.rfc3339)
            #expect(Timestamp(rfc3339: stamp.rfc3339) == stamp)
            #expect(Timestamp(rfc3339: stamp.short) == stamp)
            #expect(Timestamp(rfc3339: whole) == Timestamp(unixSeconds: seconds))
        }
    }

    @Test(
        "the short form drops zeros at the end of the fraction",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000001Z"),
            (100_000, "1970-01-01T00:00:00.1Z"), (10, "1970-01-01T00:00:00.00001Z"),
            (-1, "1969-12-31T23:59:59.999999Z"), (10_000_000, "1970-01-01T00:00:10Z"),
        ] as [(Int64, String)]
    )
    func short(microseconds: Int64, expected: String) {
        #expect(Timestamp(microseconds: microseconds).short == expected)
    }

    @Test("counts of seconds and milliseconds outside the years 1 to 9999 are refused")
    func range() {
        #expect(Timestamp(unixSeconds: 253_402_300_799)?.short == "9999-12-31T23:59:59Z")
        #expect(Timestamp(unixSeconds: 253_402_300_800) == nil)
        #expect(Timestamp(unixSeconds: -62_135_596_800) == .min)
        #expect(Timestamp(unixSeconds: -62_135_596_801) == nil)
        #expect(Timestamp(unixSeconds: .max) == nil)
        #expect(Timestamp(unixSeconds: .min) == nil)
        #expect(Timestamp(unixMilliseconds: .max) == nil)
        #expect(Timestamp(unixMilliseconds: 1_500)?.short == "1970-01-01T00:00:01.5Z")
        #expect(Timestamp(microseconds: .max) == .max)
        #expect(Timestamp(microseconds: .min) == .min)
        #expect(Timestamp.max.rfc3339 == "9999-12-31T23:59:59.999999Z")
        #expect(Timestamp.min.rfc3339 == "0001-01-01T00:00:00.000000Z")
        #expect(Timestamp.min < Timestamp.max)
    }
}
