internal import CCurl

/// One request and its answer, on a connection of its own.
@safe struct Transfer: ~Copyable {
    private let handle: UnsafeMutableRawPointer
    private let limits: HTTPClient.Limits
    /// The request's own headers; `nil` for none.
    private var headers: UnsafeMutablePointer<curl_slist>?

    /// libcurl's own set-up, which must happen once, before any other call.
    private static let isReady = CCurl_global_init() == CURLE_OK

    init(limits: HTTPClient.Limits) throws(HTTPClientError) {
        guard Transfer.isReady, let handle = unsafe curl_easy_init() else {
            throw .failed(code: Int(CURLE_FAILED_INIT.rawValue), reason: "libcurl cannot start")
        }
        unsafe self.handle = unsafe handle
        self.limits = limits
        unsafe headers = nil
    }

    deinit {
        unsafe curl_easy_cleanup(handle)
        unsafe curl_slist_free_all(headers)
    }

    func set(_ option: CURLoption, _ value: Int) throws(HTTPClientError) {
        try check(unsafe CCurl_set_long(handle, option, value), "")
    }

    func set(_ option: CURLoption, _ value: String?) throws(HTTPClientError) {
        try check(unsafe CCurl_set_string(handle, option, value), "")
    }

    /// Adds a header; an empty value takes one away that libcurl would send.
    mutating func add(_ name: String, _ value: String) throws(HTTPClientError) {
        let isToken = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
        let isLine = value.utf8.allSatisfy { $0 != 0 && $0 != 10 && $0 != 13 }
        guard isToken, isLine, !name.isEmpty else {
            throw .badRequest(reason: "a header is not NAME: VALUE on one line")
        }
        let longer = unsafe curl_slist_append(headers, "\(name): \(value)")
        guard let longer = unsafe longer else {
            throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue), reason: "out of memory")
        }
        unsafe headers = longer
        try check(unsafe CCurl_set_pointer(handle, CURLOPT_HTTPHEADER, longer), "")
    }

    /// Gives the request a body, which libcurl copies.
    func setBody(_ body: [UInt8]) throws(HTTPClientError) {
        try set(CURLOPT_POSTFIELDSIZE, body.count)
        var body = body
        let code = unsafe body.withUnsafeMutableBytes { bytes in
            unsafe CCurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
        }
        try check(code, "")
    }

    /// Sends the request and receives the answer.
    func run() throws(HTTPClientError) -> (status: Int, body: [UInt8]) {
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
        return (status, body.bytes)
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
