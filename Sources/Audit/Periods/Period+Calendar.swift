package import Bytes
internal import Ledger

extension Period {
    /// What the subject of an event begins with that is about a period.
    package static let subjectPrefix = "period:"

    /// The period as the subject of an event: `period:2026-Q3`.
    package var subject: String { Self.subjectPrefix + name }

    /// The period of the same length before this one; `nil` before the year 1.
    package var before: Period? {
        let last = Timestamp(microseconds: start.microseconds - 1)
        guard last < start else { return nil }
        let date = last.rfc3339.prefix(10)
        let year = date.prefix(4)
        let month = Int(date.dropFirst(5).prefix(2)) ?? 1
        switch name.utf8.count {
        case 4: return try? Period(String(year))
        case 7 where name.contains("Q"): return try? Period("\(year)-Q\((month + 2) / 3)")
        case 7: return try? Period(String(date.prefix(7)))
        default: return try? Period(String(date))
        }
    }

    /// Whether all of another period lies in this one.
    package func covers(_ other: Period) -> Bool { start <= other.start && other.end <= end }

    /// Whether a moment lies in it.
    package func contains(_ time: Timestamp) -> Bool { start <= time && time < end }
}

extension Line {
    /// When the event occurred by its sender's word; else when it was recorded.
    var occurred: Timestamp? {
        guard let text = raw(.time), let time = Timestamp(rfc3339: text) else {
            return recordedTime
        }
        return time
    }
}
