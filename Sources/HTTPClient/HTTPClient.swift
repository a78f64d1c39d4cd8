internal import CCurl

/// Fetches documents over HTTPS, within limits and without surprises: the host must prove who it
/// is, redirects are not followed, and no cookie, credential or proxy is used.
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
        let transfer = try Transfer(limits: limits)
        try restrict(transfer, limits)
        try trust(transfer, caFile)
        try transfer.set(CURLOPT_URL, url)
        return try transfer.run()
    }

    /// Sends a request with a body, on this thread, and gives status and body of what is answered.
    ///
    /// A header's name or value with a line end or a zero byte in it is refused, as is one that is
    /// not `NAME: VALUE`. What `get` says of hosts and certificates holds here, too.
    package func send(
        _ method: String,
        _ url: String,
        headers: [(name: String, value: String)],
        body: [UInt8],
        limits: Limits,
        caFile: String? = nil
    ) throws(HTTPClientError) -> (status: Int, body: [UInt8]) {
        var transfer = try Transfer(limits: limits)
        try restrict(transfer, limits)
        try trust(transfer, caFile)
        try transfer.set(CURLOPT_URL, url)
        try transfer.set(CURLOPT_CUSTOMREQUEST, method)
        try transfer.setBody(body)
        for header in headers { try transfer.add(header.name, header.value) }
        // Else a longer body waits a second for a "100 Continue" that not every server sends.
        try transfer.add("Expect", "")
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
