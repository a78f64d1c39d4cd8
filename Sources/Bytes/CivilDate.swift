/// A day of the proleptic Gregorian calendar in the years 1 to 9999.
package struct CivilDate: Hashable, Sendable {
    /// The year, from 1 to 9999.
    package var year: Int
    /// The month, from 1.
    package var month: Int
    /// The day of the month, from 1.
    package var day: Int

    /// The first and the last day, counted from 1970-01-01.
    package static let dayRange = -719_162...2_932_896

    /// `nil` if there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
        let leap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let length = month == 2 ? (leap ? 29 : 28) : 30 + ((month + month >> 3) & 1)
        guard day <= length else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// The day that lies `days` after 1970-01-01, which must be within `dayRange`.
    ///
    /// Neri and Schneider, "Euclidean affine functions and their application to calendar
    /// algorithms" (2022): years begin in March, so that the leap day comes last.
    package init(daysSince1970 days: Int) {
        let n1 = 4 &* UInt32(truncatingIfNeeded: days &+ 719_468) &+ 3
        let (century, rest) = n1.quotientAndRemainder(dividingBy: 146_097)
        let n2 = 2_939_745 &* UInt64(rest | 3)
        let yearOfCentury = UInt32(truncatingIfNeeded: n2 >> 32)
        let dayOfYear = UInt32(truncatingIfNeeded: n2) / 2_939_745 / 4
        let n3 = 2_141 &* dayOfYear &+ 197_913
        let nextYear = dayOfYear >= 306
        year = Int(100 &* century &+ yearOfCentury) &+ (nextYear ? 1 : 0)
        month = Int(n3 >> 16) &- (nextYear ? 12 : 0)
        day = Int((n3 & 0xffff) / 2_141) &+ 1
    }

    /// Days since 1970-01-01.
    package var daysSince1970: Int {
        // Years begin in March here too; (153 m + 2) / 5 is the days before month m.
        let y = month > 2 ? year : year - 1
        let m = month > 2 ? month - 3 : month + 9
        return y * 365 + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468
    }
}
