import Bytes
import DaybookTesting
import Foundation
import Outbound
import Testing

@Suite("A time zone") struct TimeZoneTests {
    /// Zones of every sort: north and south, none, half hours, Ramadan, a negative summer time,
    /// a day left out, and rules in the footer with odd hours.
    static let names = [
        "Europe/London", "Europe/Berlin", "Europe/Dublin", "Europe/Lisbon", "Europe/Moscow",
        "Europe/Istanbul", "Europe/Athens", "Europe/Helsinki", "Europe/Warsaw", "America/New_York",
        "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix",
        "America/Anchorage", "America/St_Johns", "America/Halifax", "America/Havana",
        "America/Caracas", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
        "America/Santiago", "Africa/Cairo", "Africa/Johannesburg", "Africa/Lagos", "Asia/Tokyo",
        "Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dubai", "Asia/Jerusalem",
        "Asia/Tehran", "Asia/Seoul", "Asia/Singapore", "Australia/Sydney", "Australia/Adelaide",
        "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Apia",
        "Pacific/Honolulu", "Pacific/Kiritimati", "Atlantic/Azores", "Etc/GMT+12", "UTC",
    ]

    @Test("has Foundation's offsets from 1970 to 2100", arguments: names)
    func foundation(name: String) throws {
        let zone = try Outbound.TimeZone.named(name)
        let found = Foundation.TimeZone(identifier: name)
        let model = try #require(found)
        func check(_ second: Int64) {
            let moment = Timestamp(microseconds: second * 1_000_000)
            let expected = model.secondsFromGMT(
                for: Date(timeIntervalSince1970: TimeInterval(second))
            )
            guard zone.offset(at: moment) != expected else { return }
            Issue.record("\(name) at \(moment.short): not \(expected)")
        }
        // 2100-01-01.
        let end: Int64 = 4_102_444_800
        // Every two weeks and a bit, so that all hours of the day come up.
        for second in stride(from: Int64(0), to: end, by: 14 * 86_400 + 3661) { check(second) }
        // And around each change.
        var date = Date(timeIntervalSince1970: 0)
        while let next = model.nextDaylightSavingTimeTransition(after: date),
            next.timeIntervalSince1970 < Double(end), next > date
        {
            let second = Int64(next.timeIntervalSince1970)
            for near in [-1, 0, 1] as [Int64] { check(second + near) }
            date = next
        }
    }

    @Test("of a local time finds the first moment that shows it or more", arguments: names)
    func localTimes(name: String) throws {
        let zone = try Outbound.TimeZone.named(name)
        var chance = SeededChance(seed: 7)
        for _ in 0..<100 {
            let quarters = Int64.random(in: 0...4_558_272, using: &chance)
            let local = Timestamp(microseconds: quarters * 900_000_000)
            let moment = zone.moment(local: local)
            #expect(zone.local(at: moment) >= local)
            let before = Timestamp(microseconds: moment.microseconds - 1)
            #expect(zone.local(at: before) < local, "\(name) \(local.short)")
            // Nothing of the two days before shows it either.
            let isFirst = (1...96 as ClosedRange<Int64>).allSatisfy { half in
                let earlier = moment.microseconds - half * 1_800_000_000
                return zone.local(at: Timestamp(microseconds: earlier)) < local
            }
            #expect(isFirst, "\(name) \(local.short)")
        }
    }

    @Test(
        "puts what falls into a gap after it, and takes the first of what comes twice",
        arguments: [
            ("Europe/London", "30 1 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/London", "30 1 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
            ("Europe/London", "0 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/London", "*/20 1 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"),
            ("Europe/London", "*/20 1 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"),
            ("Europe/London", "30 1 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("Europe/London", "30 1 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
            ("Europe/London", "*/30 * * * *", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z"),
            ("Europe/London", "*/30 * * * *", "2026-10-25T01:10:00Z", "2026-10-25T02:00:00Z"),
            ("America/New_York", "30 2 8 3 *", "2026-03-01T12:00:00Z", "2026-03-08T07:00:00Z"),
            ("America/Havana", "0 0 * * *", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z"),
            ("Australia/Lord_Howe", "45 1 * * *", "2026-04-04T00:00:00Z", "2026-04-04T14:45:00Z"),
            ("Pacific/Apia", "0 12 30 12 *", "2011-12-29T12:00:00Z", "2011-12-30T10:00:00Z"),
            ("Europe/London", "0 2 * * *", "2090-07-01T12:00:00Z", "2090-07-02T01:00:00Z"),
        ]
    )
    func changes(name: String, text: String, after: String, expected: String) throws {
        let zone = try Outbound.TimeZone.named(name)
        let after = try #require(Timestamp(rfc3339: after))
        #expect(try Cron(text).next(after: after, in: zone)?.short == expected)
    }

    @Test("is due as a walk over all local minutes finds it", arguments: names[...11])
    func bruteForce(name: String) throws {
        let zone = try Outbound.TimeZone.named(name)
        var chance = SeededChance(seed: UInt64(name.utf8.count))
        for text in ["*/15 * * * *", "30 0-3 * * *", "7 */2 * * sun", "0 1,2,3 * * *"] {
            let cron = try Cron(text)
            let model = CronModel(text)
            // Two days around the turn to summer or winter time of most zones.
            let day: Int64 = [20_540, 20_750, 20_890, 21_115].randomElement(using: &chance) ?? 0
            let due = Set(
                model.minutes(in: day * 1440 - 1440..<day * 1440 + 12 * 1440)
                    .map { zone.moment(local: Timestamp(microseconds: $0 * 60_000_000)) }
            ).sorted()
            var moment = Timestamp(microseconds: (day + 1) * 86_400_000_000)
            let last = Timestamp(microseconds: (day + 10) * 86_400_000_000)
            for expected in due where expected > moment && expected < last {
                moment = try #require(cron.next(after: moment, in: zone))
                #expect(moment == expected, "\(name) \(text)")
            }
        }
    }
}
