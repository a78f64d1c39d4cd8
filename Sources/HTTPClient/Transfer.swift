internal import CCurl

/// One request and its answer, on a connection of its own.
@safe struct Transfer: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let limits: HTTPClient.Limits
    /// What libcurl is lent until it is done.
    private var lines = HeaderLines()

    /// libcurl's own set-up, which must happen once, before any other call.
    private static let isReady = CCurl_global_init() == CURLE_OK

    init(limits: HTTPClient.Limits) throws(HTTPClientError) {
        guard Transfer.isReady, let handle = unsafe curl_easy_init() else {
            throw .failed(code: Int(CURLE_FAILED_INIT.rawValue), reason: "libcurl cannot start")
        }
        unsafe self.handle = unsafe handle
        self.limits = limits
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe CCurl_set_long(handle, option, value), "")
    }

    func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(unsafe CCurl_set_string(handle, option, value), "")
    }

    /// Gives the request a body, which libcurl copies.
    func set(body: [UInt8]) throws(HTTPClientError) {
        let code = unsafe body.withUnsafeBytes { bytes in
            unsafe CCurl_set_body(handle, bytes.baseAddress, bytes.count)
        }
        try check(code, "")
    }

    /// Gives the request its headers, in the place of those that libcurl would think of.
    mutating func set(
        headers: [(name: String, value: String)],
        hasBody: Bool
    ) throws(HTTPClientError) {
        var namesType = false
        for (name, value) in headers {
            try lines.append(name, value)
            if name.lowercased() == "content-type" { namesType = true }
        }
        // Else a long body waits a second for a "100 Continue" that not every server sends.
        try lines.remove("Expect")
        // Else a body were a form.
        if hasBody, !namesType { try lines.remove("Content-Type") }
        try check(unsafe CCurl_set_pointer(handle, CURLOPT_HTTPHEADER, lines.list), "")
    }

    /// Sends the request and receives the answer.
    func run() throws(HTTPClientError) -> (
        status: Int, headers: [(name: String, value: String)], body: [UInt8]
    ) {
        var body = BoundedBody(limit: limits.bytes)
        var message = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        let code = unsafe withUnsafeMutablePointer(to: &body) { body in
            unsafe message.withUnsafeMutableBufferPointer { message in
                unsafe perform(into: body, message: message.baseAddress)
            }
        }
        guard !body.isCut else { throw .tooLarge(limit: limits.bytes) }
        let end = message.firstIndex(of: 0) ?? message.endIndex
        let words = message[..<end].map { UInt8(bitPattern: $0) }
        try check(code, String(decoding: words, as: UTF8.self))
        var status = 0
        try check(unsafe CCurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status), "")
        return (status, answeredHeaders(), body.bytes)
    }

    /// The headers of the answer, which libcurl has kept.
    private func answeredHeaders() -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        var last: UnsafeMutablePointer<curl_header>?
        let origin = UInt32(CURLH_HEADER)
        // -1: of the last answer, should there have been several.
        while let next = unsafe curl_easy_nextheader(handle, origin, -1, last) {
            let name = unsafe String(cString: next.pointee.name)
            let value = unsafe String(cString: next.pointee.value)
            // libcurl 7.88 leaves the line's end where the value is empty.
            headers.append((name, value == "\r" ? "" : value))
            unsafe last = unsafe next
        }
        return headers
    }

    /// Lends libcurl the places it writes to, for as long as the transfer runs.
    private func perform(
        into body: UnsafeMutablePointer<BoundedBody>,
        message: UnsafeMutablePointer<CChar>?
    ) -> CURLcode {
        unsafe CCurl_set_pointer(handle, CURLOPT_ERRORBUFFER, message)
        unsafe CCurl_set_pointer(handle, CURLOPT_WRITEDATA, body)
        unsafe CCurl_set_writer(handle) { piece, size, count, context in
            let body = unsafe context.assumingMemoryBound(to: BoundedBody.self)
            let piece = unsafe UnsafeRawBufferPointer(start: piece, count: size * count)
            // Any number but the piece's own stops the transfer.
            return unsafe body.pointee.append(piece) ? piece.count : 0
        }
        defer { unsafe CCurl_set_pointer(handle, CURLOPT_ERRORBUFFER, nil) }
        return unsafe curl_easy_perform(handle)
    }

    /// Throws what libcurl's `code` means; `message` says more, if it is not empty.
    private func check(_ code: CURLcode, _ message: String) throws(HTTPClientError) {
        guard code != CURLE_OK else { return }
        let general = unsafe String(cString: curl_easy_strerror(code))
        let reason = message.isEmpty ? general : message
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL, CURLE_LOGIN_DENIED:
            throw .badURL(reason: reason)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            throw .unreachable(reason: reason)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE:
            throw .untrusted(reason: reason)
        case CURLE_FILESIZE_EXCEEDED:
            throw .tooLarge(limit: limits.bytes)
        case CURLE_OPERATION_TIMEDOUT:
            throw .tooSlow(limit: limits.seconds)
        default:
            throw .failed(code: Int(code.rawValue), reason: reason)
        }
    }
}
