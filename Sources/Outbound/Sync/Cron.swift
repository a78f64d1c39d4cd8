package import Bytes

/// When something is due, as crontab(5) of Vixie's cron writes it: `0 2 * * *`, `@daily`.
package struct Cron: Hashable, Sendable {
    /// The schedule as it was written, with single spaces.
    package let text: String
    // One bit for each number that fits.
    private let minutes: UInt64
    private let hours: UInt64
    private let days: UInt64
    private let months: UInt64
    private let weekdays: UInt64
    /// Whether a day fits by its date or its weekday; else both must fit.
    private let eitherDay: Bool

    private static let named = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *",
        "@weekly": "0 0 * * 0", "@daily": "0 0 * * *", "@midnight": "0 0 * * *",
        "@hourly": "0 * * * *",
    ]

    /// Reads a schedule; refuses one that never falls due, such as `0 0 30 2 *`.
    package init(_ text: String) throws(CronError) {
        guard text.utf8.count <= SyncLimits.cronBytes else {
            throw CronError(
                field: nil,
                found: text,
                expected: "a schedule of at most \(SyncLimits.cronBytes) bytes"
            )
        }
        let written = text.split { $0 == " " || $0 == "\t" }
        self.text = written.joined(separator: " ")
        let fields = (Self.named[self.text] ?? self.text).split(separator: " ")
        guard fields.count == 5 else {
            throw CronError(
                field: nil,
                found: text,
                expected: "five fields such as 0 2 * * *, or one of "
                    + Self.named.keys.sorted().joined(separator: " ")
            )
        }
        minutes = try CronField.minute.numbers(fields[0])
        hours = try CronField.hour.numbers(fields[1])
        days = try CronField.dayOfMonth.numbers(fields[2])
        months = try CronField.month.numbers(fields[3])
        weekdays = try CronField.dayOfWeek.numbers(fields[4])
        // As in Vixie's cron, a field that begins with * restricts nothing, also if it has a step:
        // then both must fit, as they must if one of them is *.
        eitherDay = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        let leapYear = Timestamp(microseconds: 946_684_800_000_000)
        guard next(after: leapYear, in: .utc) != nil else {
            throw CronError(
                field: nil,
                found: text,
                expected: "a schedule that falls due; no month that it names has such a day"
            )
        }
    }

    /// The first due moment after `moment` by the clocks of a zone; `nil` beyond the year 9999.
    ///
    /// What falls into the hour that is left out when clocks are put forward is due at the moment
    /// after it; of the hour that comes twice when they are put back, the first counts.
    package func next(after moment: Timestamp, in zone: TimeZone) -> Timestamp? {
        let local = zone.local(at: moment).dayAndRest
        var day = local.day
        // The next whole minute; it may be that of the next midnight.
        var minute: Int? = Int(local.microseconds / 60_000_000) + 1
        let last = min(day + SyncLimits.searchDays, CivilDate.dayRange.upperBound)
        while day <= last {
            let date = CivilDate(daysSince1970: day)
            while matches(date, day), let found = minute.flatMap(nextMinute) {
                let due = Timestamp(unixSeconds: Int64(day) * 86_400 + Int64(found) * 60)
                    .map { zone.moment(local: $0) }
                // In the second of two equal hours, what both show has been due already.
                if let due, due > moment { return due }
                minute = found + 1
            }
            day += 1
            minute = 0
        }
        return nil
    }

    /// Whether a day fits.
    private func matches(_ date: CivilDate, _ day: Int) -> Bool {
        guard months & 1 << UInt64(date.month) != 0 else { return false }
        let fitsDate = days & 1 << UInt64(date.day) != 0
        let fitsWeekday = weekdays & 1 << UInt64(CivilDate.weekday(ofDay: day)) != 0
        return eitherDay ? fitsDate || fitsWeekday : fitsDate && fitsWeekday
    }

    /// The first minute of a day, from `minute` on, that fits; `nil` if there is none.
    private func nextMinute(from minute: Int) -> Int? {
        var (hour, start) = minute.quotientAndRemainder(dividingBy: 60)
        while hour < 24 {
            let left = (minutes >> UInt64(start)) << UInt64(start)
            if hours & 1 << UInt64(hour) != 0, left != 0 {
                return hour * 60 + left.trailingZeroBitCount
            }
            hour += 1
            start = 0
        }
        return nil
    }
}
