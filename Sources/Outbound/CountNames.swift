internal import Bytes
internal import YAML

/// Which header, or which member of one, holds what of a limit.
struct CountNames: Sendable {
    private let window: WindowLength?
    private let per: String?
    private let limit: String?
    private let remaining: String?
    private let used: String?
    private let reset: String?
    private let form: MomentForm
    private let restore: String?
    private let period: String?
    private let interval: String?

    /// The keys of an entry that are read here.
    static let keys = [
        "window", "per", "limit", "remaining", "used", "reset", "as", "restore", "period",
        "interval",
    ]

    /// All names, for who must collect their values first.
    var all: [String] {
        [limit, remaining, used, reset, restore, period, interval].compactMap(\.self)
    }

    /// Reads the names; headers' are told apart by nothing but their letters.
    init(_ node: YAMLNode, _ keys: YAMLMapping, areHeaders: Bool) throws(YAMLError) {
        func name(_ key: String) throws(YAMLError) -> String? {
            try keys[key].map { node throws(YAMLError) in
                try areHeaders ? node.headerName.asciiLowercased : node.string
            }
        }
        window = try WindowLength(keys["window"])
        per = try keys.text("per")
        limit = try name("limit")
        remaining = try name("remaining")
        used = try name("used")
        reset = try name("reset")
        restore = try name("restore")
        period = try name("period")
        interval = try name("interval")
        form =
            try keys["as"].map { node throws(YAMLError) in
                try node.form(of: [.seconds, .epoch, .milliseconds, .httpDate])
            } ?? .seconds
        guard (keys["as"] == nil) == (reset == nil) else {
            throw node.error("found one of reset and as", expected: "both or neither")
        }
        guard limit != nil || remaining != nil || used != nil || reset != nil else {
            throw node.error("found no count", expected: "limit, remaining, used or reset")
        }
        guard [window != nil, period != nil, interval != nil].count(where: { $0 }) <= 1 else {
            throw node.error(
                "found several lengths of the window",
                expected: "one of window, period, interval"
            )
        }
    }

    /// Reads what is there into the report; `place` tells members of one field from headers.
    func read(
        _ values: NamedValues,
        name: String?,
        place: String = "",
        at now: Timestamp,
        into report: inout LimitReport
    ) {
        func read<Value>(
            _ name: String?,
            _ parse: (String) throws(UnreadReason) -> Value
        ) -> Value? {
            guard let name else { return nil }
            do {
                return try values.value(name).map(parse)
            } catch {
                report.note(Self.label(place, name), error)
                return nil
            }
        }
        var state = LimitState()
        state.name = name
        state.per = per
        state.used = read(used) { text throws(UnreadReason) in
            try FieldNumber(text[...]).roundedUp
        }
        state.remaining = read(remaining) { text throws(UnreadReason) in
            try FieldNumber(text[...]).roundedDown
        }
        state.resets = read(reset) { text throws(UnreadReason) in
            try form.moment(text, now: now)
        }
        state.restorePerSecond = read(restore) { text throws(UnreadReason) in
            try FieldNumber(text[...]).value
        }
        state.window =
            window
            ?? read(period) { text throws(UnreadReason) in try Self.window(text, perSecond: 1) }
            ?? read(interval) { text throws(UnreadReason) in
                try Self.window(text, perSecond: 1000)
            }
        let quotas = read(limit) { text throws(UnreadReason) in try Quotas(text) }
        var others: [LimitState] = []
        quotas?.fill(&state, &others, at: now)
        // Of a window's length alone nobody learns anything.
        if state.limit ?? state.remaining ?? state.used != nil || state.resets != nil {
            report.add(state, from: Self.label(place, all[0]))
        }
        for var other in others {
            other.per = per
            report.add(other, from: Self.label(place, all[0]))
        }
    }

    private static func label(_ place: String, _ name: String) -> String {
        place.isEmpty ? name : "\(place) \(name)"
    }

    private static func window(
        _ text: String,
        perSecond: Int
    ) throws(UnreadReason) -> WindowLength {
        let number = try FieldNumber(text[...])
        guard number.millionths == 0, number.whole % perSecond == 0,
            let window = WindowLength(seconds: number.whole / perSecond)
        else { throw .notAWindow }
        return window
    }
}

extension WindowLength {
    /// The length under a key that may be missing.
    init?(_ node: YAMLNode?) throws(YAMLError) {
        guard let node else { return nil }
        guard let window = WindowLength(try node.string) else {
            throw node.mismatch(expected: "a window such as 10s, 1m, 1h or 1d")
        }
        self = window
    }
}
