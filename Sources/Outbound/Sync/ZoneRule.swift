internal import Bytes

/// How a zone's clocks go from some year on: a TZ string of POSIX, with the extensions of RFC 9636
/// section 3.3.1.
struct ZoneRule: Hashable, Sendable {
    /// Seconds ahead of UTC outside of summer time.
    private let standard: Int
    private let summer: Summer?

    private struct Summer: Hashable {
        /// Seconds ahead of UTC.
        let offset: Int
        let start: YearlyMoment
        let end: YearlyMoment
    }

    /// Reads such as `EST5EDT,M3.2.0,M11.1.0`; `nil` for anything else.
    init?(_ text: Span<UInt8>) {
        var reader = ZoneRuleReader(text)
        // POSIX counts what is west of Greenwich as positive.
        guard reader.name(), let west = reader.time(upTo: 24) else { return nil }
        standard = -west
        if reader.isAtEnd {
            summer = nil
            return
        }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if !reader.isNext(UInt8(ascii: ",")) {
            guard let west = reader.time(upTo: 24) else { return nil }
            offset = -west
        }
        guard reader.skip(UInt8(ascii: ",")), let start = reader.moment(),
            reader.skip(UInt8(ascii: ",")), let end = reader.moment(), reader.isAtEnd
        else { return nil }
        guard abs(offset) < TimeZone.mostSeconds else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    /// The offset at a moment, and until when it holds.
    func stretch(at moment: Timestamp) -> (offset: Int, end: Timestamp?) {
        guard let summer else { return (standard, nil) }
        let year = CivilDate(daysSince1970: moment.dayAndRest.day).year
        var current: (at: Timestamp, offset: Int)?
        var end: Timestamp?
        // A rule may put a change a week into another year, and the one before it counts.
        for year in year - 2...year + 2 {
            for beginsSummer in [false, true] {
                let change = beginsSummer ? summer.start : summer.end
                let offset = beginsSummer ? summer.offset : standard
                guard let local = change.local(in: year) else { continue }
                let at = local.advanced(bySeconds: beginsSummer ? -standard : -summer.offset)
                if at > moment {
                    end = end.map { min($0, at) } ?? at
                    continue
                }
                // Where summer ends at the moment at which it begins anew, it never ends.
                if current.map({ $0.at < at || $0.at == at && beginsSummer }) ?? true {
                    current = (at, offset)
                }
            }
        }
        return (current?.offset ?? standard, end)
    }
}

/// A moment of every year by the clocks of the place.
struct YearlyMoment: Hashable, Sendable {
    enum Day: Hashable {
        /// From 1, and 29 February does not count.
        case julian(Int)
        /// From 0, and 29 February counts.
        case ofYear(Int)
        /// A weekday, Sunday 0, of a month: the first to the fourth, 5 the last.
        case ofWeek(month: Int, week: Int, weekday: Int)
    }

    let day: Day
    /// Seconds after that day's midnight; may be negative, or more than a day.
    let seconds: Int

    /// What the clocks show then, as if it were UTC; `nil` outside of the years 1 to 9999.
    func local(in year: Int) -> Timestamp? {
        guard let first = CivilDate(year: year, month: 1, day: 1)?.daysSince1970 else { return nil }
        let days: Int
        switch day {
        case .julian(let day):
            let isLeap = CivilDate(year: year, month: 2, day: 29) != nil
            days = first + day - (isLeap && day >= 60 ? 0 : 1)
        case .ofYear(let day): days = first + day
        case .ofWeek(let month, let week, let weekday):
            guard let first = CivilDate(year: year, month: month, day: 1)?.daysSince1970 else {
                return nil
            }
            var day = 1 + (weekday - CivilDate.weekday(ofDay: first) + 7) % 7 + (week - 1) * 7
            if CivilDate(year: year, month: month, day: day) == nil { day -= 7 }
            days = first + day - 1
        }
        return Timestamp(unixSeconds: Int64(days * 86_400 + seconds))
    }
}

extension CivilDate {
    /// The day of the week, Sunday 0, of the day so many days after 1970-01-01.
    static func weekday(ofDay day: Int) -> Int {
        // 0001-01-01 was a Monday.
        (day - dayRange.lowerBound + 1) % 7
    }
}
