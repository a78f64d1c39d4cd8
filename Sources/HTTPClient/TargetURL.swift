internal import CCurl
internal import Glibc

/// What must be known of a URL before it is fetched, as libcurl reads it.
struct TargetURL {
    let scheme: String
    /// The address, if the host is written as one: 4 or 16 bytes.
    let literal: [UInt8]?

    /// Reads an absolute URL of `http` (if it is allowed) or `https`, without a user's name.
    init(_ url: String, allowsPlainHTTP: Bool) throws(HTTPClientError) {
        // libcurl would take a zero byte for the end.
        guard !url.utf8.contains(0) else { throw .badURL(reason: "it holds a zero byte") }
        guard let handle = unsafe curl_url() else {
            throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue), reason: "no memory for a url")
        }
        defer { unsafe curl_url_cleanup(handle) }
        let code = unsafe curl_url_set(
            handle,
            CURLUPART_URL,
            url,
            UInt32(CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME)
        )
        guard code == CURLUE_OK else {
            throw .badURL(reason: unsafe String(cString: curl_url_strerror(code)))
        }
        scheme = unsafe Self.part(CURLUPART_SCHEME, of: handle).lowercased()
        guard scheme == "https" || scheme == "http" && allowsPlainHTTP else {
            let expected = allowsPlainHTTP ? "https or http" : "https"
            throw .badURL(reason: "its scheme is \(scheme), expected \(expected)")
        }
        let host = unsafe Self.part(CURLUPART_HOST, of: handle)
        // Full-width digits, for one, become an address only further on.
        guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .badURL(reason: "its host is not ASCII; international names begin with xn--")
        }
        literal = Self.literal(host)
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text
        else { return "" }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }

    /// The address that a host's text is; libcurl has brought odd forms of IPv4 into the usual one.
    private static func literal(_ host: String) -> [UInt8]? {
        if host.hasPrefix("["), host.hasSuffix("]") {
            return bytes(of: String(host.dropFirst().dropLast()))
        }
        return bytes(of: host.hasSuffix(".") ? String(host.dropLast()) : host)
    }

    /// The bytes of an address as `inet_pton` reads it, without a zone; `nil`: it is none.
    static func bytes(of address: String) -> [UInt8]? {
        let family = address.utf8.contains(UInt8(ascii: ":")) ? AF_INET6 : AF_INET
        var bytes = [UInt8](repeating: 0, count: family == AF_INET ? 4 : 16)
        let text = address.prefix { $0 != "%" }
        let isRead = unsafe bytes.withUnsafeMutableBytes {
            unsafe inet_pton(family, String(text), $0.baseAddress)
        }
        return isRead == 1 ? bytes : nil
    }
}
