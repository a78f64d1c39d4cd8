internal import CCurl
internal import Glibc

/// One of libcurl's transfers, to be prepared for one request after the other.
@safe final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    /// What libcurl is lent until it is done.
    private var lines = HeaderLines()
    private let message: UnsafeMutablePointer<CChar>

    /// libcurl's own size of a buffer for what is received.
    private static let bufferBytes = 16 << 10

    /// libcurl's own set-up, which must happen once, before any other call.
    static let isReady = CCurl_global_init() == CURLE_OK

    init() throws(HTTPClientError) {
        guard EasyHandle.isReady, let pointer = unsafe curl_easy_init() else {
            throw .failed(code: Int(CURLE_FAILED_INIT.rawValue), reason: "libcurl cannot start")
        }
        unsafe self.pointer = unsafe pointer
        unsafe message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        unsafe curl_easy_cleanup(pointer)
        unsafe message.deallocate()
    }

    /// Forgets what it was prepared for; `false`: it cannot be used again.
    ///
    /// Connections that libcurl keeps are not touched. After some transfers it keeps their buffer,
    /// whose size can then not be set any more.
    func reset() -> Bool {
        unsafe curl_easy_reset(pointer)
        lines = HeaderLines()
        return unsafe CCurl_set_long(pointer, CURLOPT_BUFFERSIZE, Self.bufferBytes) == CURLE_OK
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe CCurl_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(unsafe CCurl_set_string(pointer, option, value))
    }

    /// Sets what does not depend on the request, and who is to be trusted.
    func restrict(to target: TargetURL, _ rules: TransferRules) throws(HTTPClientError) {
        unsafe message.pointee = 0
        try check(unsafe CCurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, message))
        try set(CURLOPT_PROTOCOLS_STR, target.scheme)
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1)
        try set(CURLOPT_USERAGENT, "daybook")
        // Timeouts by signal would hit whichever thread happens to run.
        try set(CURLOPT_NOSIGNAL, 1)
        // Else ending a transfer would wait for the name server.
        try set(CURLOPT_QUICK_EXIT, 1)
        // What a proxy answers is not the host's answer.
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        // 2: the name in the URL must be one of the certificate's.
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // libcurl 7.88 stalls when the head of an HTTP/2 answer is longer than its buffer.
        if target.scheme == "https" { try set(CURLOPT_BUFFERSIZE, rules.headBytes + 4096) }
        if let caFile = rules.caFile {
            try set(CURLOPT_CAINFO, caFile)
            // The system's own folder would be trusted besides.
            try set(CURLOPT_CAPATH, nil as String?)
        }
    }

    /// Sets method, URL, headers and body; refuses what would not go out as it is given.
    func load(_ request: ClientRequest, decodes: Bool) throws(HTTPClientError) {
        let method = request.method
        try RequestCheck.method(method, hasBody: !request.body.isEmpty)
        try set(CURLOPT_URL, request.url)
        let hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
        if hasBody { try set(body: request.body) }
        if method == "HEAD" { try set(CURLOPT_NOBODY, 1) }
        try set(CURLOPT_CUSTOMREQUEST, method)
        // Empty: all that libcurl can decode.
        if decodes { try set(CURLOPT_ACCEPT_ENCODING, "") }
        try set(headers: request.headers, hasBody: hasBody, decodes: decodes)
    }

    /// Gives the request a body, which libcurl copies.
    private func set(body: [UInt8]) throws(HTTPClientError) {
        let code = unsafe body.withUnsafeBytes { bytes in
            unsafe CCurl_set_body(pointer, bytes.baseAddress, bytes.count)
        }
        try check(code)
    }

    /// Gives the request its headers, in the place of those that libcurl would think of.
    private func set(
        headers: [(name: String, value: String)],
        hasBody: Bool,
        decodes: Bool
    ) throws(HTTPClientError) {
        var namesType = false
        for (name, value) in headers {
            let lowercase = name.lowercased()
            if lowercase == "content-type" { namesType = true }
            if decodes, lowercase == "accept-encoding" { continue }
            try lines.append(name, value)
        }
        // Else a long body waits a second for a "100 Continue" that not every server sends.
        try lines.remove("Expect")
        // Else a body were a form.
        if hasBody, !namesType { try lines.remove("Content-Type") }
        try check(unsafe CCurl_set_pointer(pointer, CURLOPT_HTTPHEADER, lines.list))
    }

    /// How many bytes of requests have left, or an attempt was made to send.
    var sentBytes: Int {
        var count = 0
        _ = unsafe CCurl_get_long(pointer, CURLINFO_REQUEST_SIZE, &count)
        return count
    }

    /// Throws what an option's `code` means.
    func check(_ code: CURLcode) throws(HTTPClientError) {
        if let problem = problem(code) { throw problem }
    }

    /// What libcurl's `code` means; `nil`: all is well.
    func problem(_ code: CURLcode) -> HTTPClientError? {
        guard code != CURLE_OK else { return nil }
        let told = unsafe String(cString: message)
        let reason = told.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : told
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_LOGIN_DENIED:
            return .badURL(reason: reason)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            return .unreachable(reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_INVALIDCERTSTATUS:
            return .untrusted(reason: reason)
        default:
            return .failed(code: Int(code.rawValue), reason: reason)
        }
    }
}
