package import Bytes

/// How far the clocks of a place are ahead of UTC, at every moment.
package struct TimeZone: Hashable, Sendable {
    /// The name in the IANA data base, such as `Europe/London`.
    package let name: String
    /// Moments at which the offset changes, ascending.
    let changes: [Timestamp]
    /// Seconds ahead of UTC: before the first change, then from each change on.
    let offsets: [Int]
    /// What holds from the last change on; `nil`: the last offset for ever.
    let rule: ZoneRule?

    /// The clocks of UTC.
    package static let utc = TimeZone(name: "UTC", changes: [], offsets: [0], rule: nil)

    /// More seconds than any clock is ahead of UTC or behind (RFC 9636 section 3.2).
    static let mostSeconds = 26 * 3600

    /// How many seconds the clocks are ahead of UTC at a moment.
    package func offset(at moment: Timestamp) -> Int { stretch(at: moment).offset }

    /// What the clocks show at a moment, written as if it were UTC.
    package func local(at moment: Timestamp) -> Timestamp {
        moment.advanced(bySeconds: offset(at: moment))
    }

    /// The first moment at which the clocks show `local`, written as if it were UTC, or more.
    ///
    /// So what falls into a gap, when clocks are put forward, is the moment after the gap, and of
    /// what is shown twice, when they are put back, it is the first.
    package func moment(local: Timestamp) -> Timestamp {
        var start = local.advanced(bySeconds: -Self.mostSeconds)
        while true {
            let (offset, end) = stretch(at: start)
            let moment = max(start, local.advanced(bySeconds: -offset))
            guard let end, moment >= end else { return moment }
            start = end
        }
    }

    /// The offset at a moment, and until when it holds.
    private func stretch(at moment: Timestamp) -> (offset: Int, end: Timestamp?) {
        var low = 0
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= moment { low = middle + 1 } else { high = middle }
        }
        if low < changes.count { return (offsets[low], changes[low]) }
        return rule?.stretch(at: moment) ?? (offsets[low], nil)
    }
}

extension Timestamp {
    /// So many seconds later, or earlier if they are negative.
    func advanced(bySeconds seconds: Int) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64(seconds) * 1_000_000)
    }

    /// Days since 1970-01-01, and the microseconds of that day that have passed.
    var dayAndRest: (day: Int, microseconds: Int64) {
        // Counted from the year 1, so that the division is of what is not negative.
        let (days, rest) = (microseconds - Self.min.microseconds)
            .quotientAndRemainder(dividingBy: 86_400_000_000)
        return (Int(days) + CivilDate.dayRange.lowerBound, rest)
    }
}
