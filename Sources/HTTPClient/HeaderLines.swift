internal import CCurl

/// The headers of a request as libcurl takes them: a list of lines.
@safe struct HeaderLines: ~Copyable {
    /// The first line; `nil` for none.
    private(set) var list: UnsafeMutablePointer<curl_slist>?

    init() { unsafe list = nil }

    deinit {
        unsafe curl_slist_free_all(list)
    }

    /// Adds a header as it is given, or refuses it.
    mutating func append(_ name: String, _ value: String) throws(HTTPClientError) {
        try RequestCheck.header(name, value)
        let isBlank = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        // A colon with nothing after it would remove a header.
        try append(line: isBlank ? "\(name);" : "\(name): \(value)")
    }

    /// Leaves out a header that libcurl would add of its own.
    mutating func remove(_ name: String) throws(HTTPClientError) {
        try append(line: "\(name):")
    }

    private mutating func append(line: String) throws(HTTPClientError) {
        // libcurl copies the line.
        guard let longer = unsafe curl_slist_append(list, line) else {
            throw .failed(code: Int(CURLE_OUT_OF_MEMORY.rawValue), reason: "no memory for headers")
        }
        unsafe list = unsafe longer
    }
}
