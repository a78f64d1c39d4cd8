internal import Bytes
internal import YAML

/// How a provider writes a moment.
enum TimeFormat: String, CaseIterable, Sendable {
    case rfc3339
    /// As RFC 3339 but without an offset: UTC.
    case zoneless
    /// Seconds since 1970.
    case unix
    /// Seconds since 1970 with a fraction.
    case unixDecimal = "unix-decimal"
    /// Milliseconds since 1970.
    case unixMilliseconds = "unix-ms"
    /// As in HTTP's `Date` (RFC 9110 section 5.6.7).
    case httpDate = "http-date"
    /// Digits alone, `20260201100000`: UTC.
    case compact

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
        case .unixDecimal: Self.decimal(text)
        case .unixMilliseconds: integer(text).flatMap { Timestamp(unixMilliseconds: $0) }
        case .httpDate: Timestamp(httpDate: text.utf8Span.span)
        case .compact: Self.compact(text)
        }
    }

    /// A moment as the provider writes it, to the second.
    func write(_ time: Timestamp) -> String {
        let seconds = time.microseconds / 1_000_000
        let whole = Timestamp(microseconds: seconds * 1_000_000).short
        return switch self {
        case .rfc3339: whole
        case .zoneless: String(whole.dropLast())
        case .unix, .unixDecimal: "\(seconds)"
        case .unixMilliseconds: "\(seconds * 1000)"
        case .httpDate: time.httpDate
        case .compact: String(whole.filter(\.isNumber))
        }
    }

    /// Of the fraction six digits count.
    private static func decimal(_ text: String) -> Timestamp? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? parts[1].prefix(6) : ""
        let digits = fraction + String(repeating: "0", count: 6 - fraction.count)
        guard let seconds = Int64(parts[0]), let micros = Int64(digits), micros >= 0,
            let whole = Timestamp(unixSeconds: seconds)
        else { return nil }
        return Timestamp(microseconds: whole.microseconds + micros)
    }

    private static func compact(_ text: String) -> Timestamp? {
        let digits = Array(text.utf8)
        guard digits.count == 14 else { return nil }
        var spaced: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if let mark = [4: "-", 6: "-", 8: "T", 10: ":", 12: ":"][index] {
                spaced.append(contentsOf: mark.utf8)
            }
            spaced.append(digit)
        }
        return Timestamp(zoneless: spaced.span)
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
                "timestamp \(age) s old, tolerance \(seconds) s"
            )
        }
        if isTwoSided, age < -seconds {
            throw Refusal(
                .tooNew,
                "timestamp \(-age) s ahead, tolerance \(seconds) s"
            )
        }
    }
}
