package import Bytes

/// A moment as a person writes it: RFC 3339, a date, or a time ago such as `15m`, `2h`, `7d`.
package enum Moment {
    /// What is accepted, for error texts.
    package static let expected = "2026-11-21T10:00:00Z, 2026-11-21, or 15m, 2h, 7d ago"

    /// Reads a moment; `nil` if `text` has none of the accepted forms.
    package static func parse(_ text: String, now: Timestamp) -> Timestamp? {
        if let time = Timestamp(rfc3339: text) { return time }
        if let day = Timestamp(date: text.utf8Span.span) { return day }
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604_800]
        guard let unit = text.last.flatMap({ units[$0] }),
            let count = Decimal.parse(text.dropLast().utf8Span.span), count < 1 << 32
        else { return nil }
        // What is asked may come from anybody: further back than there is time is no moment.
        let (span, isTooLong) = Int64(count).multipliedReportingOverflow(by: unit * 1_000_000)
        let (moment, isTooEarly) = now.microseconds.subtractingReportingOverflow(span)
        guard !isTooLong, !isTooEarly, moment >= Timestamp.min.microseconds else { return nil }
        return Timestamp(microseconds: moment)
    }
}
