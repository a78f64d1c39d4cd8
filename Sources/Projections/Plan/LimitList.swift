internal import Bytes

/// A list of limits as a call's line has it: `60/1m 5000/1d@90`, with the share of each, in
/// hundredths, at which it is near (80 if not said).
enum LimitList {
    /// Writes the list as JSON: `[{"alert_at":80,"allowed":60,"window":"1m"}, …]`.
    ///
    /// - Returns: `false` if the text is no such list.
    static func json(_ text: String, _ output: inout [UInt8]) -> Bool {
        output.removeAll(keepingCapacity: true)
        output.append(UInt8(ascii: "["))
        for limit in text.split(separator: " ") {
            let halves = limit.split(separator: "@", omittingEmptySubsequences: false)
            let parts = halves[0].split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2, parts.count == 2, let allowed = UInt32(parts[0]),
                let alert = halves.count == 2 ? UInt32(halves[1]) : 80,
                Duration.microseconds(parts[1].utf8Span.span) != nil
            else { return false }
            if output.count > 1 { output.append(UInt8(ascii: ",")) }
            let window = String(parts[1])
            output.append(
                contentsOf:
                    "{\"alert_at\":\(alert),\"allowed\":\(allowed),\"window\":\"\(window)\"}"
                    .utf8
            )
        }
        output.append(UInt8(ascii: "]"))
        return output.count > 2
    }
}

/// A length of time such as `1s`, `15m`, `1h`, `1d`.
enum Duration {
    /// Its microseconds; `nil` for anything else, and beyond a year.
    static func microseconds(_ text: Span<UInt8>) -> Int64? {
        guard text.count >= 2, text.count <= 10,
            let count = Decimal.parse(text.extracting(..<(text.count - 1))), count > 0
        else { return nil }
        let seconds: UInt64
        switch text[text.count - 1] {
        case UInt8(ascii: "s"): seconds = 1
        case UInt8(ascii: "m"): seconds = 60
        case UInt8(ascii: "h"): seconds = 3600
        case UInt8(ascii: "d"): seconds = 86_400
        default: return nil
        }
        let (total, overflows) = count.multipliedReportingOverflow(by: seconds)
        guard !overflows, total <= 366 * 86_400 else { return nil }
        return Int64(total) * 1_000_000
    }
}
