import Bytes
import DaybookTesting
import Outbound
import Testing

@Suite("A schedule as cron writes it") struct CronTests {
    private static func next(
        _ text: String,
        after: String,
        in zone: TimeZone = .utc
    ) throws
        -> String?
    {
        let after = try #require(Timestamp(rfc3339: after))
        return try Cron(text).next(after: after, in: zone)?.short
    }

    @Test(
        "falls due at the next moment that fits",
        arguments: [
            ("0 2 * * *", "2026-02-01T01:59:59.999999Z", "2026-02-01T02:00:00Z"),
            ("0 2 * * *", "2026-02-01T02:00:00Z", "2026-02-02T02:00:00Z"),
            ("* * * * *", "2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"),
            ("*/20 * * * *", "2026-02-01T10:41:00Z", "2026-02-01T11:00:00Z"),
            ("5-50/15 9-17 * * MON-FRI", "2026-02-06T17:50:00Z", "2026-02-09T09:05:00Z"),
            ("0 0 29 2 *", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"),
            ("0 0 31 * *", "2026-04-01T00:00:00Z", "2026-05-31T00:00:00Z"),
            ("0 0 * feb sUn", "2026-03-01T00:00:00Z", "2027-02-07T00:00:00Z"),
            ("0 0 * * 7", "2026-02-02T00:00:00Z", "2026-02-08T00:00:00Z"),
            ("0 0 * * 5-7", "2026-02-01T00:00:00Z", "2026-02-06T00:00:00Z"),
            ("0 0 * * fri-sun", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z"),
            ("0 0 * * 6-7/1", "2026-02-07T00:00:00Z", "2026-02-08T00:00:00Z"),
            ("30 4 1,15 * 5", "2026-02-01T04:30:00Z", "2026-02-06T04:30:00Z"),
            ("30 4 1,15 * 5", "2026-02-13T04:30:00Z", "2026-02-15T04:30:00Z"),
            ("30 4 13 * *", "2026-02-01T04:30:00Z", "2026-02-13T04:30:00Z"),
            ("30 4 */2 * mon", "2026-02-02T04:30:00Z", "2026-02-09T04:30:00Z"),
            ("30 4 */2 * mon", "2026-02-09T04:30:00Z", "2026-02-23T04:30:00Z"),
            ("@hourly", "2026-02-01T10:00:00Z", "2026-02-01T11:00:00Z"),
            ("@daily", "2026-02-01T10:00:00Z", "2026-02-02T00:00:00Z"),
            ("@weekly", "2026-02-01T10:00:00Z", "2026-02-08T00:00:00Z"),
            ("@monthly", "2026-02-01T10:00:00Z", "2026-03-01T00:00:00Z"),
            ("@yearly", "2026-02-01T10:00:00Z", "2027-01-01T00:00:00Z"),
            ("00 02 * * *", "2026-02-01T10:00:00Z", "2026-02-02T02:00:00Z"),
            ("\t0  2 * *\t* ", "2026-02-01T10:00:00Z", "2026-02-02T02:00:00Z"),
            ("0 0 1 1 *", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00Z"),
            ("0 0 1 1 *", "1969-06-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ]
    )
    func due(text: String, after: String, expected: String) throws {
        #expect(try Self.next(text, after: after) == expected)
    }

    @Test("29 February on a Sunday is found across the year 2100")
    func farAhead() throws {
        let due = try Self.next("0 0 29 2 */7", after: "2088-03-01T00:00:00Z")
        #expect(due == "2128-02-29T00:00:00Z")
    }

    @Test("there is no due time after the year 9999")
    func end() throws {
        #expect(try Cron("0 0 1 1 *").next(after: .max, in: .utc) == nil)
        #expect(try Cron("* * * * *").next(after: .max, in: .utc) == nil)
    }

    @Test(
        "is refused with the field's name",
        arguments: [
            ("61 * * * *", "found \"61\" as the minute, expected numbers from 0 to 59"),
            ("-1 * * * *", "as the minute"), ("1, * * * *", "found \"\" as the minute"),
            ("5/10 * * * *", "a step from 1 to 60 after * or a range"),
            ("*/0 * * * *", "a step from 1 to 60"), ("*/61 * * * *", "a step from 1 to 60"),
            ("*/5/2 * * * *", "a step from 1 to 60"), ("*/ * * * *", "a step from 1 to 60"),
            ("1-2-3 * * * *", "as the minute"), ("1- * * * *", "as the minute"),
            ("0x1 * * * *", "as the minute"), ("٣ * * * *", "as the minute"),
            ("jan * * * *", "as the minute"), ("000 * * * *", "as the minute"),
            ("** * * * *", "as the minute"), ("1-* * * * *", "as the minute"),
            ("0 24 * * *", "found \"24\" as the hour"), ("0 22-2 * * *", "as the hour"),
            ("0 0 0 * *", "as the day of the month, expected numbers from 1 to 31"),
            ("0 0 32 * *", "as the day of the month"), ("0 0 1 13 *", "as the month"),
            ("0 0 1 january *", "numbers from 1 to 12 or words such as jan"),
            ("0 0 * * 8", "as the day of the week"), ("0 0 * * sun-0x", "as the day of the week"),
            ("0 0 * *", "five fields such as 0 2 * * *"), ("", "five fields"),
            ("0 0 * * * *", "five fields"), ("@reboot", "@daily @hourly"),
            ("0 0 30 2 *", "no month that it names has such a day"),
            ("0 0 31 2,4,6,9,11 *", "no month that it names has such a day"),
            (String(repeating: "1,", count: 300) + "1 * * * *", "at most 512 bytes"),
        ]
    )
    func refusals(text: String, message: String) {
        let error = #expect(throws: CronError.self) { try Cron(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
        #expect(error.map { $0.description.utf8.count < 200 } == true)
    }

    @Test("fits as a walk over all minutes finds it", arguments: 0..<60 as Range<UInt64>)
    func bruteForce(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let text = CronMaker.text(&chance)
        let model = CronModel(text)
        // Rare ones are left out: the walk is over some weeks only.
        let start: Int64 = 1_700_000_000 / 60 + Int64.random(in: 0...4_000_000, using: &chance)
        guard let cron = try? Cron(text) else { return }
        var moment = Timestamp(microseconds: start * 60_000_000)
        let expected = model.minutes(in: start + 1..<start + 30_001).prefix(40)
        for minute in expected {
            let next = try #require(cron.next(after: moment, in: .utc))
            #expect(next.microseconds == minute * 60_000_000, "\(text) seed \(seed)")
            moment = next
        }
        if expected.count < 40, let next = cron.next(after: moment, in: .utc) {
            #expect(next.microseconds > (start + 30_000) * 60_000_000, "\(text) seed \(seed)")
        }
    }
}
