internal import CCurl

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

    /// Makes a client; both exceptions are off unless asked for.
    ///
    /// - Parameters:
    ///   - allowsPlainHTTP: Fetches `http` URLs too, as tests do.
    ///   - usesProxyFromEnvironment: Goes through the proxy that `https_proxy` and its kin name.
    package init(allowsPlainHTTP: Bool = false, usesProxyFromEnvironment: Bool = false) {
        self.allowsPlainHTTP = allowsPlainHTTP
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
        try RequestCheck.method(method, hasBody: !body.isEmpty)
        // libcurl would take a zero byte for the end.
        guard !url.utf8.contains(0) else { throw .badURL(reason: "it holds a zero byte") }
        var transfer = try Transfer(limits: limits)
        try restrict(transfer, limits)
        try trust(transfer, caFile)
        try transfer.set(CURLOPT_URL, url)
        let hasBody = !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
        if hasBody { try transfer.set(body: body) }
        try transfer.set(CURLOPT_CUSTOMREQUEST, method)
        if method == "HEAD" {
            try transfer.set(CURLOPT_NOBODY, 1)
            // Its length is that of a body that does not come.
            try transfer.set(CURLOPT_MAXFILESIZE, 0)
        }
        try transfer.set(headers: headers, hasBody: hasBody)
        return try transfer.run()
    }

    private func restrict(
        _ transfer: borrowing Transfer,
        _ limits: Limits
    ) throws(HTTPClientError) {
        try transfer.set(CURLOPT_PROTOCOLS_STR, allowsPlainHTTP ? "https,http" : "https")
        try transfer.set(CURLOPT_FOLLOWLOCATION, 0)
        try transfer.set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try transfer.set(CURLOPT_USERAGENT, "daybook")
        // An empty name overrides the environment's.
        if !usesProxyFromEnvironment { try transfer.set(CURLOPT_PROXY, "") }
        // Timeouts by signal would hit whichever thread happens to run.
        try transfer.set(CURLOPT_NOSIGNAL, 1)
        // 0 would mean without end.
        let milliseconds = max(1, Int(min(limits.seconds * 1000, 1e9)))
        try transfer.set(CURLOPT_TIMEOUT_MS, milliseconds)
        // Refuses an announced length before the first byte; 0 would mean any length.
        try transfer.set(CURLOPT_MAXFILESIZE, min(max(1, limits.bytes), Int(Int32.max)))
    }

    private func trust(
        _ transfer: borrowing Transfer,
        _ caFile: String?
    ) throws(HTTPClientError) {
        try transfer.set(CURLOPT_SSL_VERIFYPEER, 1)
        // 2: the name in the URL must be one of the certificate's.
        try transfer.set(CURLOPT_SSL_VERIFYHOST, 2)
        try transfer.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let caFile {
            try transfer.set(CURLOPT_CAINFO, caFile)
            // The system's own folder would be trusted besides.
            try transfer.set(CURLOPT_CAPATH, nil as String?)
        }
    }
}
