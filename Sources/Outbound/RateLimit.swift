internal import Bytes
internal import YAML

/// So many calls in each window, such as `60/1m`.
package struct Rate: Hashable, Sendable {
    /// How many, from 1 to what 32 bits hold.
    package let count: Int
    /// In which time.
    package let window: WindowLength

    /// Takes a count and a window; `nil` if the count is out of range.
    package init?(count: Int, window: WindowLength) {
        guard (1...OutboundLimits.allowed).contains(count) else { return nil }
        self.count = count
        self.window = window
    }

    /// Reads `60/1m`, the notation of a line's `ratelimit`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = Decimal.parse(parts[0].utf8Span.span),
            let count = Int(exactly: count), let window = WindowLength(String(parts[1]))
        else { return nil }
        self.init(count: count, window: window)
    }

    init(_ node: YAMLNode) throws(YAMLError) {
        guard let rate = Rate(try node.string) else {
            throw node.mismatch(
                expected: "COUNT/WINDOW such as 60/1m or 5000/1d, at most \(OutboundLimits.allowed)"
            )
        }
        self = rate
    }
}

extension Rate: CustomStringConvertible {
    /// The same as it is read, such as `60/1m`.
    package var description: String { "\(count)/\(window)" }

    var inWords: String {
        window.inWords.first == "a" ? "\(count) \(window.inWords)" : "\(count) in \(window.inWords)"
    }
}

/// A limit that a provider documents.
package struct RateLimit: Hashable, Sendable {
    /// How it counts.
    package enum Kind: Hashable, Sendable {
        /// Calls in a window.
        case window(Rate)
        /// A leaky bucket: each call takes from it, and it is refilled all the time.
        case bucket(size: Int, restore: Rate)
    }

    /// How it counts.
    package let kind: Kind
    /// What has such a limit of its own, such as `tenant`.
    package let per: String?
    /// For customers of which plan it holds.
    package let plan: String?
    /// For which calls it holds.
    package let calls: String?

    /// Reads `{ limit: 60/1m, per:, plan:, for: }` or `{ bucket: 40, restore: 2/1s, … }`.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["limit", "bucket", "restore", "per", "plan", "for"])
        if let bucket = keys["bucket"] {
            if let limit = keys["limit"] {
                throw limit.error("found both limit and bucket", expected: "one of them")
            }
            kind = .bucket(
                size: try bucket.integer(in: 1...OutboundLimits.allowed),
                restore: try Rate(try keys.required("restore"))
            )
        } else {
            kind = .window(try Rate(try keys.required("limit")))
            if let restore = keys["restore"] {
                throw restore.error("found restore beside limit", expected: "it beside bucket only")
            }
        }
        per = try keys.text("per")
        plan = try keys.text("plan")
        calls = try keys.text("for")
    }

    /// One line for people: `60 a minute per tenant`.
    package var inWords: String {
        var words =
            switch kind {
            case .window(let rate): rate.inWords
            case .bucket(let size, let restore): "a bucket of \(size), \(restore.inWords) back"
            }
        if let per { words += " per \(per)" }
        if let calls { words += ", for \(calls)" }
        if let plan { words += " (\(plan))" }
        return words
    }
}
