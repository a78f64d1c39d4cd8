extension Timestamp {
    /// Reads RFC 3339: `2026-02-01T10:00:00.25+02:00`; `nil` for anything else.
    ///
    /// `T` and `Z` may be lower case and `T` a space (RFC 3339 section 5.6). A fraction of any
    /// length is cut to microseconds. A leap second, 23:59:60 UTC, is its last microsecond before.
    package init?(rfc3339 text: Span<UInt8>) {
        var reader = DateReader(text)
        guard let date = reader.date(), reader.separator(), let time = reader.time(),
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        self.init(date, time, offsetSeconds: offset)
    }

    /// Reads RFC 3339; `nil` for anything else.
    package init?(rfc3339 text: String) {
        self.init(rfc3339: text.utf8Span.span)
    }

    /// Reads a date and time with no zone, `2026-02-01T10:00:00.25`, as UTC; `nil` for others.
    package init?(zoneless text: Span<UInt8>) {
        var reader = DateReader(text)
        guard let date = reader.date(), reader.separator(), let time = reader.time(), reader.isAtEnd
        else { return nil }
        self.init(date, time, offsetSeconds: 0)
    }

    /// Reads a date alone, `2026-02-01`, as its first moment in UTC; `nil` for anything else.
    package init?(date text: Span<UInt8>) {
        var reader = DateReader(text)
        guard let date = reader.date(), reader.isAtEnd else { return nil }
        self.init(date, TimeOfDay(), offsetSeconds: 0)
    }

    /// Reads an HTTP date, `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` for anything else.
    ///
    /// This is the fixed-length form of RFC 1123 that RFC 9110 section 5.6.7 asks senders to use;
    /// the day of the week must be that of the date.
    package init?(httpDate text: Span<UInt8>) {
        var reader = DateReader(text)
        guard let weekday = reader.name(of: "SunMonTueWedThuFriSat"), reader.skip(", "),
            let day = reader.number(digits: 2), reader.skip(" "),
            let month = reader.name(of: "JanFebMarAprMayJunJulAugSepOctNovDec"), reader.skip(" "),
            let year = reader.number(digits: 4), reader.skip(" "),
            let time = reader.clock(), reader.skip(" GMT"), reader.isAtEnd,
            let date = CivilDate(year: year, month: month + 1, day: day),
            // 0001-01-01, 719,162 days before 1970, was a Monday.
            (date.daysSince1970 + 719_162 + 1) % 7 == weekday
        else { return nil }
        self.init(date, time, offsetSeconds: 0)
    }

    private init?(_ date: CivilDate, _ time: TimeOfDay, offsetSeconds: Int) {
        var seconds = time.hour * 3600 + time.minute * 60 + time.second - offsetSeconds
        var microsecond = time.microsecond
        if time.second == 60 {
            // Leap seconds are put in before midnight UTC only, whatever the local hour.
            guard (seconds + 86_400) % 86_400 == 0 else { return nil }
            seconds -= 1
            microsecond = 999_999
        }
        let total = Int64(date.daysSince1970 * 86_400 + seconds)
        self.init(exactly: total * 1_000_000 + Int64(microsecond))
    }
}

/// A time of day; `second` is 60 for a leap second.
struct TimeOfDay {
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
}
