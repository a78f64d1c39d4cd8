internal import HTTPClient
internal import Ledger
package import YAML

/// An outbound API as `daybook.yaml` configures it.
package struct OutboundService: Sendable {
    /// The name in `/out/NAME` and in lines.
    package let name: String
    /// Its URL, without a last slash.
    package let base: String
    let credential: Credential
    /// What it may be sent.
    package let limits: ServiceLimits
    /// Whether limits hold calls back or only say that they would.
    let limitMode: Limiter.Mode
    /// Where an idempotency key goes, if the service takes one.
    let idempotency: Idempotency?
    let rules: TransferRules
    let retries: RetryRules
    let breaker: Breaker.Rules
    /// Bytes of a request's body that are taken.
    package let requestBytes: Int
    /// Bytes of each body that are recorded; of a longer one, the first so many.
    let recordedBytes: Int
    /// What the catalog knows of it.
    let profile: ServiceProfile
    /// What of its calls is not recorded.
    package let secrets: CallSecrets

    /// The headers, in lower case, in which a caller may show who calls.
    package var secretHeaderNames: [String] { credential.headerNames }

    /// Whether somebody shows the service's own secret: such a caller could call it anyway.
    package func isOwnSecret(_ presented: Span<UInt8>) -> Bool { credential.isShown(by: presented) }

    /// The keys of an entry.
    private static let keys = [
        "base", "provider", "auth", "limits", "concurrent", "alert_at", "idempotency",
        "allow_private", "timeout", "retries", "breaker", "dry_run", "request_limit",
        "response_limit", "recorded", "ca_file", "proxy", "redact",
    ]

    /// Reads a service's entry.
    ///
    /// `known` gives what the catalog knows under a name, `resolve` the value of a reference to a
    /// secret, `path` the place of a file that is named.
    package init(
        name: YAMLNode,
        node: YAMLNode,
        known profile: (String) throws(YAMLError) -> ServiceProfile?,
        resolve: (String) throws -> [UInt8],
        path: (String) -> String
    ) throws(YAMLError) {
        let plainName = try name.string
        guard SourceName.isValid(plainName) else {
            throw name.error(
                "a service cannot be called so",
                expected: "\(SourceName.rule), and not daybook, which is the log's own"
            )
        }
        self.name = plainName
        let keys = try node.mapping(allowed: Self.keys)
        let known = try Self.profile(keys["provider"], plainName, profile)
        self.profile = if let known { known } else { try ServiceProfile.unknown(plainName) }
        let reachesPrivate = try keys["allow_private"]?.boolean ?? false
        base = try Self.base(keys["base"], node, known, allowsPlain: reachesPrivate)
        if let auth = keys["auth"] {
            credential = try Credential(auth, allowsPlain: reachesPrivate, resolve: resolve)
        } else {
            credential = .none
        }
        limits = try ServiceLimits(keys)
        limitMode = try keys["dry_run"]?.boolean == true ? .report : .hold
        idempotency = try Self.idempotency(keys["idempotency"], self.profile)
        rules = try Self.rules(keys, reachesPrivate, path)
        retries = RetryRules(attempts: try keys["retries"]?.integer(in: 1...20) ?? 5)
        breaker = try Breaker.Rules(keys["breaker"])
        requestBytes = try keys["request_limit"]?.bytes(1...(64 << 20)) ?? 8 << 20
        recordedBytes = try keys["recorded"]?.bytes(0...(16 << 20)) ?? 1 << 20
        let redacted = try keys["redact"]?.texts ?? []
        secrets = CallSecrets(
            headers: credential.headerNames + redacted,
            parameters: credential.parameterNames + redacted,
            values: credential.secretTexts
        )
    }

    private static func profile(
        _ node: YAMLNode?,
        _ name: String,
        _ profile: (String) throws(YAMLError) -> ServiceProfile?
    ) throws(YAMLError) -> ServiceProfile? {
        guard let node else { return try profile(name) }
        if let found = try profile(try node.string) { return found }
        throw node.error(
            "no API is known by that name",
            expected: "one that \"daybook providers\" lists with an API"
        )
    }

    /// Its URL: `http` only where private addresses are allowed, for nothing else hides what is
    /// sent.
    private static func base(
        _ node: YAMLNode?,
        _ entry: YAMLNode,
        _ profile: ServiceProfile?,
        allowsPlain: Bool
    ) throws(YAMLError) -> String {
        guard let node else {
            guard let profile, profile.placeholders.isEmpty else {
                let form = profile.map { ", such as \($0.base)" } ?? ""
                throw entry.error("the service has no base", expected: "base: its URL\(form)")
            }
            return withoutSlash(profile.base)
        }
        let url = try node.string
        let isPlain = url.hasPrefix("http://")
        guard isPlain || url.hasPrefix("https://"), !url.contains("?"), !url.contains("#"),
            !url.contains("{"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { throw node.mismatch(expected: "a URL such as https://api.example.com") }
        guard !url.hasUserName else {
            throw node.error("the URL holds a user name", expected: "it under auth: basic")
        }
        guard !isPlain || allowsPlain else {
            throw node.error(
                "the URL is not https",
                expected: "https, or allow_private: true for a service on a network of your own"
            )
        }
        return withoutSlash(url)
    }

    private static func withoutSlash(_ url: String) -> String {
        var url = url[...]
        while url.hasSuffix("/") { url.removeLast() }
        return String(url)
    }

    private static func idempotency(
        _ node: YAMLNode?,
        _ profile: ServiceProfile
    ) throws(YAMLError) -> Idempotency? {
        guard let node else { return profile.idempotency }
        if case .scalar = node.content {
            if node.text == "none" { return nil }
            return Idempotency(header: try node.headerName)
        }
        return try Idempotency(node)
    }

    private static func rules(
        _ keys: YAMLMapping,
        _ reachesPrivate: Bool,
        _ path: (String) -> String
    ) throws(YAMLError) -> TransferRules {
        var rules = TransferRules()
        rules.reachesPrivate = reachesPrivate
        rules.allowsPlainHTTP = reachesPrivate
        rules.usesProxyFromEnvironment = try keys["proxy"]?.boolean ?? false
        if let file = try keys.text("ca_file") { rules.caFile = path(file) }
        rules.bodyBytes = try keys["response_limit"]?.bytes(1...(256 << 20)) ?? 16 << 20
        guard let timeout = keys["timeout"] else { return rules }
        let times = try timeout.mapping(allowed: ["connect", "first_byte", "total"])
        if let node = times["connect"] { rules.connectSeconds = try node.seconds }
        if let node = times["first_byte"] { rules.firstByteSeconds = try node.seconds }
        if let node = times["total"] { rules.seconds = try node.seconds }
        return rules
    }
}

extension String {
    /// Whether a URL has something before an `@` in its authority, which may be a password.
    var hasUserName: Bool {
        let authority = drop { $0 != "/" }.drop { $0 == "/" }.prefix { $0 != "/" && $0 != "?" }
        return authority.contains("@")
    }
}

extension ServiceLimits {
    /// Reads `limits`, `concurrent` and `alert_at` of a service's entry.
    init(_ keys: YAMLMapping) throws(YAMLError) {
        let alertAt = try keys["alert_at"]?.integer(in: 1...100) ?? 80
        var windows: [Window] = []
        var bucket: (size: Int, restore: Rate)?
        for node in try keys["limits"]?.bounded ?? [] {
            guard case .mapping = node.content else {
                windows.append(Window(rate: try Rate(node), alertAt: alertAt))
                continue
            }
            switch try RateLimit(node).kind {
            case .window(let rate): windows.append(Window(rate: rate, alertAt: alertAt))
            case .bucket(let size, let restore):
                guard bucket == nil else { throw node.error("found a second bucket") }
                bucket = (size, restore)
            }
        }
        let concurrent = try keys["concurrent"]?.integer(in: 1...OutboundLimits.concurrent)
        self.init(windows: windows, bucket: bucket, concurrent: concurrent)
    }
}

extension Breaker.Rules {
    /// Reads `breaker: { failures: 50, calls: 20, within: 30s, open: 30s }`; failures in percent.
    init(_ node: YAMLNode?) throws(YAMLError) {
        self.init()
        guard let node else { return }
        let keys = try node.mapping(allowed: ["failures", "calls", "within", "open"])
        if let node = keys["failures"] { failurePercent = try node.integer(in: 1...100) }
        if let node = keys["calls"] { leastCalls = try node.integer(in: 1...100_000) }
        if let node = keys["within"] { within = .seconds(try node.seconds) }
        if let node = keys["open"] { open = .seconds(try node.seconds) }
    }
}

extension ServiceProfile {
    /// A service that the catalog does not know: it tells of its limits as RFC 9110 and RFC 6585
    /// have it.
    static func unknown(_ name: String) throws(YAMLError) -> ServiceProfile {
        let text = """
            { base: "https://unknown.invalid", auth: none, limited: [429],
              retry_after: { header: retry-after, as: seconds } }
            """
        let node = try parseYAML(Array(text.utf8).span, file: name)
        return try ServiceProfile(node, name: name, about: name)
    }
}

extension YAMLNode {
    /// A duration from 1ms to 1h, in seconds.
    fileprivate var seconds: Double {
        get throws(YAMLError) {
            let (seconds, attoseconds) = try duration.components
            let time = Double(seconds) + Double(attoseconds) / 1e18
            guard time > 0, time <= 3600 else { throw mismatch(expected: "from 1ms to 1h") }
            return time
        }
    }

    fileprivate func bytes(_ range: ClosedRange<Int>) throws(YAMLError) -> Int {
        let count = try byteCount
        guard range.contains(count) else {
            throw mismatch(expected: "from \(range.lowerBound) B to \(range.upperBound >> 20) MiB")
        }
        return count
    }
}
