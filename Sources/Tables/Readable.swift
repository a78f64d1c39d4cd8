/// Figures as people read them.
package enum Readable {
    /// Separates thousands: `1,234,567`.
    package static func grouped(_ value: UInt64) -> String {
        let digits = String(value)
        var result = ""
        for (i, digit) in digits.enumerated() {
            if i > 0, (digits.utf8.count - i) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A count of bytes in binary units (IEC 80000-13): `512 B`, `1.5 KiB`, `153 KiB`.
    package static func bytes(_ count: UInt64) -> String {
        guard count >= 1024 else { return "\(count) B" }
        for (i, unit) in ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"].enumerated() {
            let size: UInt64 = 1 << (10 * (UInt64(i) + 1))
            if let figure = figure(count, per: size, scale: 10) { return "\(figure) \(unit)" }
        }
        preconditionFailure("a count of bytes is less than 16 EiB")
    }

    /// A measured time to three digits: `850 ns`, `12.3 µs`, `1.23 s`, and from a minute `2 min 5 s`.
    package static func duration(_ nanoseconds: UInt64) -> String {
        if nanoseconds < 1000 { return "\(nanoseconds) ns" }
        for (unit, size) in [("µs", 1000), ("ms", 1_000_000)] as [(String, UInt64)] {
            if let figure = figure(nanoseconds, per: size, scale: 100) {
                return "\(figure) \(unit)"
            }
        }
        let second: UInt64 = 1_000_000_000
        // 59.95 s would be rounded to 60.0.
        if nanoseconds < 59_950_000_000,
            let figure = figure(nanoseconds, per: second, scale: 100)
        {
            return "\(figure) s"
        }
        let (seconds, rest) = nanoseconds.quotientAndRemainder(dividingBy: second)
        return span(seconds: seconds + (rest >= second / 2 ? 1 : 0))
    }

    /// A span of time in its two largest units: `10 s`, `2 min 5 s`, `1 h 3 min`, `2 d 4 h`.
    package static func span(seconds: UInt64) -> String {
        switch seconds {
        case ..<60: "\(seconds) s"
        case ..<3600: pair(seconds / 60, "min", seconds % 60, "s")
        case ..<86400: pair(seconds / 3600, "h", seconds % 3600 / 60, "min")
        default: pair(seconds / 86400, "d", seconds % 86400 / 3600, "h")
        }
    }

    private static func pair(_ a: UInt64, _ unitA: String, _ b: UInt64, _ unitB: String) -> String {
        b == 0 ? "\(grouped(a)) \(unitA)" : "\(grouped(a)) \(unitA) \(b) \(unitB)"
    }

    /// `value / unit`, rounded to three digits; `nil` if it has more before the point.
    ///
    /// `scale` is 10 or 100 for one or two decimals at most, `unit` 2^60 at most.
    private static func figure(_ value: UInt64, per unit: UInt64, scale: UInt64) -> String? {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        guard whole < 1000 else { return nil }
        var scale = scale
        while true {
            let rounded = whole * scale + (rest * scale + unit / 2) / unit
            if rounded < 1000 { return decimal(rounded, scale) }
            guard scale > 1 else { return nil }
            scale /= 10
        }
    }

    private static func decimal(_ value: UInt64, _ scale: UInt64) -> String {
        if scale == 1 { return String(value) }
        let decimals = String(value % scale)
        let zeros = String(repeating: "0", count: (scale == 100 ? 2 : 1) - decimals.utf8.count)
        return "\(value / scale).\(zeros)\(decimals)"
    }
}
