internal import Bytes
internal import HTTPClient
internal import Ledger
internal import YAML

/// A request that a caller sent to `/out/SERVICE/…`, to be passed on.
package struct GatewayRequest: Sendable {
    /// Who calls, as it is recorded.
    package struct Caller: Hashable, Sendable {
        /// `token`, or `service-key` where the service's own secret was shown.
        package let kind: String
        /// The token's name, or the service's.
        package let name: String

        package init(kind: String, name: String) {
            self.kind = kind
            self.name = name
        }
    }

    let method: String
    /// Path and query below the service's base, as they came.
    let target: String
    /// All headers, as they came.
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    let caller: Caller
    /// How long the caller waits for a limit, and for another attempt.
    let patience: Duration
    /// The thread that the call belongs to.
    let correlation: String
    /// The event that caused it, as a line has it.
    let causation: String?
    let traceparent: String?

    /// How long a caller waits who does not say.
    static let patience = Duration.seconds(10)
    /// Headers with which a caller tells us, and not the service, something.
    static let ownPrefix = "x-daybook-"
    private static let methods: Set = [
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY",
    ]

    /// Takes a request; refuses one that could mean another than it seems.
    ///
    /// `target` begins after the service's name.
    package init(
        method: String,
        target: String,
        headers: [(name: String, value: String)],
        body: [UInt8],
        caller: Caller
    ) throws(CallProblem) {
        guard Self.methods.contains(method) else {
            throw CallProblem(.badRequest, "the method \(method) is not passed on")
        }
        let path = target.prefix { $0 != "?" && $0 != "#" }
        // As a server may read it that decodes before it looks.
        for segment in String(path).decodingSeparators.split(separator: "/") {
            let plain = segment.prefix { $0 != ";" }
            guard plain != ".", plain != ".." else {
                throw CallProblem(.badTarget, "the path climbs with . or ..")
            }
        }
        guard !target.contains("#"), !target.contains("\\") else {
            throw CallProblem(.badTarget, "the target holds # or \\")
        }
        self.method = method
        self.target = target.isEmpty || target.hasPrefix("/") ? target : "/\(target)"
        self.headers = headers
        self.body = body
        self.caller = caller
        patience = try Self.patience(Self.own("max-wait", headers))
        correlation = try Self.correlation(Self.own("correlation", headers))
        causation = try Self.causation(Self.own("causation", headers))
        traceparent = headers.first { $0.name.asciiLowercased == "traceparent" }.map(\.value)
            .flatMap { (1...64).contains($0.utf8.count) ? $0 : nil }
    }

    /// Path without query, for the line.
    var path: String { String(target.prefix { $0 != "?" }) }

    private static func own(
        _ name: String,
        _ headers: [(name: String, value: String)]
    ) -> String? {
        headers.first { $0.name.asciiLowercased == ownPrefix + name }?.value
    }

    private static func patience(_ text: String?) throws(CallProblem) -> Duration {
        guard let text else { return patience }
        if text == "0" { return .zero }
        // Whole seconds are taken without a unit, too, as other headers have them.
        let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard let patience = Quantity.duration(isPlain ? "\(text)s" : text),
            patience <= .seconds(3600)
        else {
            throw CallProblem(
                .badRequest,
                "X-Daybook-Max-Wait is no wait, expected such as 10s, 500ms or 0, at most 1h"
            )
        }
        return patience
    }

    private static func correlation(_ text: String?) throws(CallProblem) -> String {
        guard let text else { return AdminEvent.newID() }
        guard (1...128).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else {
            throw CallProblem(
                .badRequest,
                "X-Daybook-Correlation is no name, expected up to 128 visible ASCII characters"
            )
        }
        return text
    }

    private static func causation(_ text: String?) throws(CallProblem) -> String? {
        guard let text else { return nil }
        guard let sequence = Decimal.parsePadded(text.utf8Span.span, digits: text.utf8.count) else {
            throw CallProblem(
                .badRequest,
                "X-Daybook-Causation is no sequence, expected a number such as 41"
            )
        }
        return Decimal.padded(sequence, digits: Decimal.sequenceDigits)
    }
}

extension String {
    /// With percent-encoded dots and separators as such, and backslashes as slashes.
    fileprivate var decodingSeparators: String {
        var rest = self[...]
        var text = ""
        while let first = rest.first {
            switch rest.prefix(3).lowercased() {
            case "%2e": text.append(".")
            case "%2f", "%5c": text.append("/")
            default:
                text.append(first == "\\" ? "/" : first)
                rest = rest.dropFirst()
                continue
            }
            rest = rest.dropFirst(3)
        }
        return text
    }
}
