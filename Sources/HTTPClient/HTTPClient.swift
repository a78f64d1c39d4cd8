internal import CCurl
internal import Synchronization

/// Fetches documents and sends requests over HTTPS, within limits and without surprises: the host
/// must prove who it is, redirects are not followed, and no cookie, proxy or credential is used but
/// what is given with a request.
package struct HTTPClient: Sendable {
    /// What a transfer may take.
    package struct Limits: Sendable {
        /// The longest body accepted, in bytes.
        package var bytes: Int
        /// The longest time from start to end, in seconds.
        package var seconds: Double

        /// Takes both limits; `seconds` must be above 0.
        package init(bytes: Int, seconds: Double) {
            precondition(bytes >= 0 && seconds > 0, "a transfer needs some time")
            self.bytes = bytes
            self.seconds = seconds
        }
    }

    private let allowsPlainHTTP: Bool
    private let usesProxyFromEnvironment: Bool
    private let reachesPrivate: Bool

    /// Makes a client; the first two exceptions are off unless asked for.
    ///
    /// - Parameters:
    ///   - allowsPlainHTTP: Fetches `http` URLs too, as tests do.
    ///   - usesProxyFromEnvironment: Goes through the proxy that `https_proxy` and its kin name.
    ///   - reachesPrivate: Reaches addresses that are not of the public internet, too; see
    ///     `AddressRule`.
    package init(
        allowsPlainHTTP: Bool = false,
        usesProxyFromEnvironment: Bool = false,
        reachesPrivate: Bool = true
    ) {
        self.allowsPlainHTTP = allowsPlainHTTP
        self.reachesPrivate = reachesPrivate
        self.usesProxyFromEnvironment = usesProxyFromEnvironment
    }

    /// Fetches `url`, on this thread, and gives status and body of whatever is answered.
    ///
    /// The host's certificate must chain to one in `caFile` (PEM), or to one that the system
    /// trusts if that is `nil`.
    package func get(
        _ url: String,
        limits: Limits,
        caFile: String? = nil
    ) throws(HTTPClientError) -> (status: Int, body: [UInt8]) {
        let answer = try send(
            "GET",
            url,
            headers: [],
            body: [],
            limits: limits,
            caFile: caFile
        )
        return (answer.status, answer.body)
    }

    /// Sends a request, on this thread, and gives whatever is answered.
    ///
    /// The request has the headers as they are given, and `Host`, `Accept` and `User-Agent` where
    /// none is given. `Content-Length` follows from the body; without a body only POST, PUT and
    /// PATCH have one. The answer's headers come in its order and spelling. What `get` says of
    /// hosts and certificates holds here as well.
    package func send(
        _ method: String,
        _ url: String,
        headers: [(name: String, value: String)],
        body: [UInt8],
        limits: Limits,
        caFile: String? = nil
    ) throws(HTTPClientError) -> (
        status: Int, headers: [(name: String, value: String)], body: [UInt8]
    ) {
        let collector = Collector()
        let start = TransferStart(
            id: TransferID(number: 0),
            request: ClientRequest(method: method, url: url, headers: headers, body: body),
            rules: rules(limits, caFile),
            receiver: collector,
            moment: monotonicNanoseconds()
        )
        let easy = try EasyHandle()
        let exchange = try Exchange(start, on: easy, decodes: false)
        // 0 would mean without end.
        try easy.set(CURLOPT_TIMEOUT_MS, max(1, Int(min(limits.seconds * 1000, 1e9))))
        // Refuses an announced length before the first byte; 0 would mean any length. The length
        // that HEAD is told is that of a body that does not come.
        let most = method == "HEAD" ? 0 : min(max(1, limits.bytes), Int(Int32.max))
        try easy.set(CURLOPT_MAXFILESIZE, most)
        let code = withExtendedLifetime(exchange) { unsafe curl_easy_perform(easy.pointer) }
        if code == CURLE_FILESIZE_EXCEEDED { throw .tooLarge(limit: limits.bytes) }
        if let problem = exchange.problem(code) { throw problem }
        return collector.answer
    }

    private func rules(_ limits: Limits, _ caFile: String?) -> TransferRules {
        TransferRules(
            connectSeconds: limits.seconds,
            firstByteSeconds: limits.seconds,
            seconds: limits.seconds,
            bodyBytes: limits.bytes,
            allowsPlainHTTP: allowsPlainHTTP,
            reachesPrivate: reachesPrivate,
            usesProxyFromEnvironment: usesProxyFromEnvironment,
            caFile: caFile
        )
    }
}

/// Keeps an answer as it comes.
private final class Collector: TransferReceiver {
    private struct Kept {
        var head = AnswerHead(status: 0, headers: [])
        var body: [UInt8] = []
    }

    private let kept = Mutex(Kept())

    var answer: (status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        kept.withLock { ($0.head.status, $0.head.headers, $0.body) }
    }

    func began(_ head: AnswerHead) {
        kept.withLock { $0.head = head }
    }

    func received(_ piece: Span<UInt8>) -> Bool {
        kept.withLock { kept in
            unsafe piece.withUnsafeBufferPointer { unsafe kept.body.append(contentsOf: $0) }
        }
        return true
    }

    func ended(_ end: TransferEnd) {}
}
