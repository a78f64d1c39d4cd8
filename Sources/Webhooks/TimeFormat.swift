internal import Bytes
internal import YAML

/// How a provider writes a moment.
enum TimeFormat: String, CaseIterable, Sendable {
    case rfc3339
    /// As RFC 3339 but without an offset: UTC.
    case zoneless
    /// Seconds since 1970.
    case unix
    /// Milliseconds since 1970.
    case unixMilliseconds = "unix-ms"
    /// As in HTTP's `Date` (RFC 9110 section 5.6.7).
    case httpDate = "http-date"

    init(_ node: YAMLNode?) throws(YAMLError) {
        guard let node else {
            self = .rfc3339
            return
        }
        let word = try node.word(of: Self.allCases.map(\.rawValue))
        self = Self(rawValue: word) ?? .rfc3339
    }

    func read(_ text: String) -> Timestamp? {
        switch self {
        case .rfc3339: Timestamp(rfc3339: text)
        case .zoneless: Timestamp(zoneless: text.utf8Span.span) ?? Timestamp(rfc3339: text)
        case .unix: integer(text).flatMap { Timestamp(unixSeconds: $0) }
        case .unixMilliseconds: integer(text).flatMap { Timestamp(unixMilliseconds: $0) }
        case .httpDate: Timestamp(httpDate: text.utf8Span.span)
        }
    }

    private func integer(_ text: String) -> Int64? {
        Decimal.parse(text.utf8Span.span).flatMap { Int64(exactly: $0) }
    }
}

/// Where the moment is at which something occurred.
struct TimeSource: Sendable {
    let source: ValueSource
    let format: TimeFormat

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        if case .mapping = node.content {
            let keys = try node.mapping(allowed: ["from", "as"])
            source = try ValueSource(try keys.required("from"), &headers)
            format = try TimeFormat(keys["as"])
        } else {
            source = try ValueSource(node, &headers)
            format = .rfc3339
        }
    }
}

/// How far a signed time may be from now.
struct Tolerance: Sendable {
    let seconds: Int64
    /// Whether a time in the future is refused, too.
    let isTwoSided: Bool

    init(seconds: Int64, isTwoSided: Bool) {
        self.seconds = seconds
        self.isTwoSided = isTwoSided
    }

    /// Reads `300` or `{ seconds: 300, side: old }`.
    init(_ node: YAMLNode) throws(YAMLError) {
        let range = 1...WebhookLimits.toleranceSeconds
        guard case .mapping = node.content else {
            self.init(seconds: Int64(try node.integer(in: range)), isTwoSided: true)
            return
        }
        let keys = try node.mapping(allowed: ["seconds", "side"])
        let side = try keys["side"]?.word(of: ["old", "both"]) ?? "both"
        self.init(
            seconds: Int64(try keys.required("seconds").integer(in: range)),
            isTwoSided: side == "both"
        )
    }

    /// A time exactly at the limit is accepted, as the providers' own libraries do.
    func check(_ time: Timestamp, now: Timestamp) throws(Refusal) {
        let age = (now.microseconds - time.microseconds) / 1_000_000
        if age > seconds {
            throw Refusal(
                .tooOld,
                "the signed time is \(age) s ago, at most \(seconds) s are accepted"
            )
        }
        if isTwoSided, age < -seconds {
            throw Refusal(
                .tooNew,
                "the signed time is \(-age) s ahead, at most \(seconds) s are accepted"
            )
        }
    }
}
