internal import Bytes

/// How a provider writes a moment to come.
package enum MomentForm: String, Sendable {
    /// Seconds from now; a fraction is understood.
    case seconds
    /// Seconds from now, with a fraction.
    case decimalSeconds = "decimal-seconds"
    /// Milliseconds from now.
    case milliseconds
    /// Minutes from now.
    case minutes
    /// Seconds since 1970.
    case epoch
    /// RFC 9110 section 5.6.7.
    case httpDate = "http-date"

    /// Reads a moment, not later than a year from now and not earlier than a day ago.
    ///
    /// A date is understood in every form, and plain seconds where a date is documented: RFC 9110
    /// has both in one header, and no number looks like a date.
    func moment(_ text: String, now: Timestamp) throws(UnreadReason) -> Timestamp {
        if let date = Timestamp(httpDate: text.utf8Span.span) {
            return try Self.checked(date, now)
        }
        let number = try FieldNumber(text[...])
        let unit: Int64
        switch self {
        case .seconds, .decimalSeconds, .httpDate: unit = 1_000_000
        case .milliseconds: unit = 1000
        case .minutes: unit = 60_000_000
        case .epoch:
            guard let moment = Timestamp(unixSeconds: Int64(number.whole)) else { throw .tooFar }
            let fraction = Int64(number.millionths)
            return try Self.checked(
                Timestamp(microseconds: moment.microseconds + fraction),
                now
            )
        }
        let wait = try number.microseconds(unit: unit)
        return Timestamp(microseconds: now.microseconds + wait)
    }

    private static func checked(
        _ moment: Timestamp,
        _ now: Timestamp
    ) throws(UnreadReason) -> Timestamp {
        let ahead = moment.microseconds - now.microseconds
        guard ahead <= Int64(OutboundLimits.horizonSeconds) * 1_000_000 else { throw .tooFar }
        guard ahead >= -Int64(OutboundLimits.pastSeconds) * 1_000_000 else { throw .past }
        return moment
    }
}
