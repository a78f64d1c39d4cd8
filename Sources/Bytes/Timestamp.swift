/// A moment in UTC to the microsecond, in the years 1 to 9999.
package struct Timestamp: Hashable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    package let microseconds: Int64

    /// 0001-01-01T00:00:00Z, the earliest moment RFC 3339 can name here.
    package static let min = Timestamp(unchecked: -62_135_596_800_000_000)

    /// 9999-12-31T23:59:59.999999Z, the latest.
    package static let max = Timestamp(unchecked: 253_402_300_799_999_999)

    /// Takes microseconds since 1970; beyond `min` or `max` it is that one.
    package init(microseconds: Int64) {
        self.microseconds = Swift.min(
            Swift.max(microseconds, Self.min.microseconds),
            Self.max.microseconds
        )
    }

    /// Takes seconds since 1970; `nil` outside the years 1 to 9999.
    package init?(unixSeconds seconds: Int64) {
        self.init(seconds, unit: 1_000_000)
    }

    /// Takes milliseconds since 1970; `nil` outside the years 1 to 9999.
    package init?(unixMilliseconds milliseconds: Int64) {
        self.init(milliseconds, unit: 1_000)
    }

    private init?(_ count: Int64, unit: Int64) {
        let (value, tooLarge) = count.multipliedReportingOverflow(by: unit)
        guard !tooLarge else { return nil }
        self.init(exactly: value)
    }

    /// `nil` outside the years 1 to 9999.
    init?(exactly microseconds: Int64) {
        guard microseconds >= Self.min.microseconds, microseconds <= Self.max.microseconds else {
            return nil
        }
        self.microseconds = microseconds
    }

    private init(unchecked microseconds: Int64) {
        self.microseconds = microseconds
    }
}

extension Timestamp: Comparable {
    /// Orders moments by time.
    package static func < (a: Timestamp, b: Timestamp) -> Bool {
        a.microseconds < b.microseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// The same as `rfc3339`.
    package var description: String { rfc3339 }
}
