/// Lengths of time as people read them.
package enum DurationText {
    private static let units: [(name: String, microseconds: Int64)] = [
        ("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000),
    ]

    /// A length in microseconds with two units at most: `850 ms`, `12.4 s`, `3 min 20 s`, `2 d 4 h`.
    ///
    /// A negative one, of a clock that was ahead, begins with a minus sign.
    package static func of(microseconds: Int64) -> String {
        let sign = microseconds < 0 ? "−" : ""
        let length = Int64(clamping: microseconds.magnitude)
        if length < 1_000_000 { return "\(sign)\(length / 1000) ms" }
        if length < 60_000_000 {
            let tenths = length / 100_000
            let fraction = tenths % 10 == 0 ? "" : ".\(tenths % 10)"
            return "\(sign)\(tenths / 10)\(fraction) s"
        }
        for (place, unit) in units.enumerated() where length >= unit.microseconds {
            let whole = "\(sign)\(length / unit.microseconds) \(unit.name)"
            guard place + 1 < units.count else { return whole }
            let rest = length % unit.microseconds / units[place + 1].microseconds
            return rest == 0 ? whole : "\(whole) \(rest) \(units[place + 1].name)"
        }
        return "\(sign)0 ms"
    }
}
