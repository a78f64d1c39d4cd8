import Bytes
import DaybookTesting
import Outbound
import Testing

/// Thousands of answers that no service should send.
@Suite("random answers")
struct GarbageTests {
    private static let morsels = [
        "", "0", "1", "-1", "32/40", "40/32", "99999999999999999999", "1000000000000000",
        "999999999999999.999999", "1e30", "NaN", "Infinity", "1795168860", "2.0", "0.1", ";", ",",
        "=", "\"", "\\", "/", "(", "w=60", ";w=", "r=", "t=", "q=", "total=", "remaining=",
        "resets=", "api-usage=", "{", "}", "[", "]", ":", "\"call_count\":", "null", "{\"a\":[{",
        "Fri, 20 Nov 2026 10:01:00 GMT", "Fri, 31 Dec 9999 23:59:60 GMT", " ", "\t", "\u{0}",
        "\u{301}", "😀", "é", "５", "9223372036854775807", "9223372036854775808",
    ]

    private static func garbage(_ chance: inout SeededChance) -> String {
        (0..<Int.random(in: 0...6, using: &chance)).map { _ in
            morsels.randomElement(using: &chance) ?? ""
        }.joined()
    }

    /// The names that any dialect reads, and some that none does.
    private static let names: [String] =
        Dialect.all.flatMap { dialect in
            dialect.headers.split(separator: "\n").map { String($0.prefix { $0 != ":" }) }
        } + ["zendesk-ratelimit-", "zendesk-ratelimit-\u{1B}", "", "x-limit", "K"]

    @Test("no answer breaks the reading, and no count leaves its bounds", arguments: Dialect.all)
    func bounds(dialect: Dialect) throws {
        let profile = try profile(dialect.keys)
        let range = 0...OutboundLimits.count
        for seed in 0..<400 as Range<UInt64> {
            var chance = SeededChance(seed: seed)
            let headers = (0..<Int.random(in: 0...12, using: &chance)).map { _ in
                (
                    name: Self.names.randomElement(using: &chance) ?? "",
                    value: Self.garbage(&chance)
                )
            }
            let body = Array(
                Bool.random(using: &chance) ? Self.garbage(&chance).utf8 : dialect.body.utf8
            )
            let moments = [now, .min, .max]
            let moment = moments.randomElement(using: &chance) ?? now
            let report = profile.read(
                status: [200, 400, 403, 429, 503].randomElement(using: &chance) ?? 200,
                headers: headers,
                body: body.span,
                at: moment
            )
            for state in report.limits {
                let counts = [state.limit, state.used, state.remaining].compactMap(\.self)
                let isWithin =
                    counts.allSatisfy(range.contains)
                    && (state.restorePerSecond ?? 0).isFinite
                    && (state.restorePerSecond ?? 0) >= 0
                    && (state.name?.utf8.count ?? 0) <= OutboundLimits.nameBytes
                if !isWithin { Issue.record("seed \(seed): \(state.line)") }
            }
            let horizon = Int64(OutboundLimits.horizonSeconds) * 1_000_000
            for end in report.limits.compactMap(\.resets) + [report.retryAt].compactMap(\.self)
            where end.microseconds - moment.microseconds > horizon {
                Issue.record("seed \(seed): \(end)")
            }
        }
    }

    @Test("garbage of any bytes in one header is read or noted, never passed over")
    func noted() throws {
        let profile = try profile("readings: [{ remaining: x-left }]")
        for seed in 0..<5000 as Range<UInt64> {
            var chance = SeededChance(seed: seed)
            let report = profile.read(
                status: 200,
                headers: [("X-Left", Self.garbage(&chance))],
                body: [UInt8]().span,
                at: now
            )
            if report.limits.count + report.unread.count != 1 {
                Issue.record("seed \(seed): \(report.lines)")
            }
        }
    }
}
