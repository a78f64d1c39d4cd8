internal import Bytes
internal import JSON

/// Reads moments, in microseconds since 1970.
enum Moments {
    static func read(_ value: EventValue, _ format: TimeFormat) -> Int64? {
        switch (value.kind, format) {
        case (.string, .rfc3339):
            let time = Timestamp(rfc3339: value.text) ?? Timestamp(zoneless: value.text)
            return time?.microseconds
        case (.string, .zoneless):
            let time = Timestamp(zoneless: value.text) ?? Timestamp(rfc3339: value.text)
            return time?.microseconds
        case (.string, .httpDate): return Timestamp(httpDate: value.text)?.microseconds
        case (.string, .unix), (.number, .unix): return scaled(value.text, 6)
        case (.string, .unixMilliseconds), (.number, .unixMilliseconds):
            return scaled(value.text, 3)
        default: return nil
        }
    }

    /// Fractions finer than a microsecond are no moments that we can tell.
    private static func scaled(_ text: Span<UInt8>, _ exponent: Int) -> Int64? {
        guard let microseconds = ExactDecimal.scaled(text, exponent: exponent) else { return nil }
        let time = Timestamp(microseconds: microseconds)
        return time.microseconds == microseconds ? microseconds : nil
    }

    /// What is expected, for messages.
    static func expected(_ format: TimeFormat) -> String {
        switch format {
        case .rfc3339, .zoneless: "a time such as 2026-11-21T10:00:00Z"
        case .unix: "seconds since 1970"
        case .unixMilliseconds: "milliseconds since 1970"
        case .httpDate: "a time such as Sun, 06 Nov 1994 08:49:37 GMT"
        }
    }
}
