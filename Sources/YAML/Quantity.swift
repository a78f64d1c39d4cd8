/// Durations and sizes as people write them: a whole number and a unit, without a space.
package enum Quantity {
    /// What a duration looks like, for messages.
    package static let durationForm = "a duration such as 300s, 15m, 2h or 1d"

    /// What a size looks like, for messages.
    package static let byteCountForm = "a size such as 512B, 64KiB, 4MiB or 1GiB"

    /// Reads a duration: `ms`, `s`, `m`, `h` or `d` after decimal digits; nil for anything else.
    package static func duration(_ text: String) -> Duration? {
        let units = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        return number(text, units).map { .milliseconds($0) }
    }

    /// Reads a size in bytes: `B`, `KiB`, `MiB`, `GiB` or `TiB` after decimal digits.
    ///
    /// Nil for anything else: `KB` and `K` mean two things.
    package static func byteCount(_ text: String) -> Int? {
        number(text, ["B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40])
    }

    private static func number(_ text: String, _ units: [String: Int]) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int(digits), let unit = units[String(text.dropFirst(digits.count))] else {
            return nil
        }
        let (product, overflows) = count.multipliedReportingOverflow(by: unit)
        return overflows ? nil : product
    }
}

extension YAMLNode {
    /// A duration such as `15m`.
    package var duration: Duration {
        get throws(YAMLError) {
            guard let duration = text.flatMap(Quantity.duration) else {
                throw mismatch(expected: Quantity.durationForm)
            }
            return duration
        }
    }

    /// A size such as `4MiB`, in bytes.
    package var byteCount: Int {
        get throws(YAMLError) {
            guard let count = text.flatMap(Quantity.byteCount) else {
                throw mismatch(expected: Quantity.byteCountForm)
            }
            return count
        }
    }
}
