package import YAML

/// What the catalog knows of a service: how to call it, and how it tells of its limits.
package struct ServiceProfile: Sendable {
    /// The system's name.
    package let name: String
    /// What the service is, in a sentence.
    package let about: String
    /// The provider's pages it was written from.
    package let documented: [String]
    /// How sure it is: `solid`, `secondary` or `uncertain`; `nil` if the system's entry says.
    package let confidence: String?
    /// Where it is: a URL, with `{NAME}` where accounts differ.
    package let base: String
    /// How it wants to be shown who calls.
    package let auth: AuthKind
    /// The limits that its provider documents.
    package let limits: [RateLimit]
    /// How many calls may be under way at once.
    package let concurrent: Int?
    /// The statuses that mean "too many calls".
    package let limited: [Int]
    /// The error codes in bodies that mean the same.
    package let limitedCodes: [String]
    /// Where it says how long to stay away.
    package let retryAfter: RetryAfter?
    /// Where a call says that it is the same as an earlier one.
    package let idempotency: Idempotency?
    /// The answer's header, in lower case, that the provider's support asks for.
    package let requestID: String?
    /// Advice on trying again.
    package let retry: String?
    let readings: [LimitReading]

    /// Reads the `service:` half of a system's entry; `about` holds unless it has its own.
    package init(_ node: YAMLNode, name: String, about: String) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "about", "documented", "confidence", "base", "auth", "limits", "concurrent", "limited",
            "limited_codes", "retry_after", "readings", "idempotency", "request_id", "retry",
        ])
        self.name = name
        self.about = try keys.text("about") ?? about
        var documented: [String] = []
        for node in try keys["documented"]?.bounded ?? [] { documented.append(try node.secureURL) }
        self.documented = documented
        confidence = try keys["confidence"]?.word(of: ["solid", "secondary", "uncertain"])
        base = try keys.required("base").urlTemplate
        auth = try AuthKind(try keys.required("auth"))
        var limits: [RateLimit] = []
        for node in try keys["limits"]?.bounded ?? [] { limits.append(try RateLimit(node)) }
        self.limits = limits
        concurrent = try keys["concurrent"]?.integer(in: 1...OutboundLimits.concurrent)
        var limited: [Int] = []
        for node in try keys["limited"]?.bounded ?? [] {
            let status = try node.integer(in: 400...599)
            guard !limited.contains(status) else {
                throw node.error("found \(status) twice", expected: "it once")
            }
            limited.append(status)
        }
        self.limited = limited
        limitedCodes = try keys["limited_codes"]?.texts ?? []
        retryAfter = try keys["retry_after"].map { node throws(YAMLError) in try RetryAfter(node) }
        var readings: [LimitReading] = []
        for node in try keys["readings"]?.bounded ?? [] { readings.append(try LimitReading(node)) }
        self.readings = readings
        idempotency = try keys["idempotency"].map { node throws(YAMLError) in
            try Idempotency(node)
        }
        requestID = try keys["request_id"]?.headerName.asciiLowercased
        retry = try keys.text("retry")
    }

    /// The names in braces in `base`, in order.
    package var placeholders: [String] {
        base.split(separator: "{").dropFirst().map { String($0.prefix { $0 != "}" }) }
    }
}
