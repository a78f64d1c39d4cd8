internal import CSimdJSON

/// A JSON parser with reusable buffers, for one thread at a time.
///
/// It accepts exactly RFC 8259 in UTF-8 without byte order mark, within its limits on size and
/// depth, and integers within 64 bits. A parsed value holds on to the parser, so the compiler
/// refuses to use the value after the parser has moved on. That works for a parser in a variable,
/// in a noncopyable struct, in a `Mutex` or passed `inout`; a class passes its own on `inout`.
@safe package struct JSONParser: ~Copyable {
    private let handle: OpaquePointer?
    let maximumDepth: Int
    private let maximumBytes: Int

    /// Makes a parser that accepts at most `maximumDepth` nested containers in `maximumBytes`.
    package init(
        maximumDepth: Int = JSONLimits.depth,
        maximumBytes: Int = JSONLimits.byteCount
    ) {
        self.maximumDepth = min(max(maximumDepth, 1), JSONLimits.depthCeiling)
        self.maximumBytes = min(max(maximumBytes, 0), JSONLimits.byteCountCeiling)
        unsafe handle = csimdjson_parser_create()
    }

    deinit {
        if let handle = unsafe handle { unsafe csimdjson_parser_destroy(handle) }
    }

    /// Validates and parses the whole document.
    ///
    /// The value is valid until the parser is used again. Errors say what is wrong and where.
    @_lifetime(&self)
    package mutating func parse(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        guard bytes.count <= maximumBytes else {
            throw .tooLarge(byteCount: bytes.count, limit: maximumBytes)
        }
        return try parseAnySize(bytes)
    }

    /// Parses without a limit on size, for a text that is made from one within it.
    @_lifetime(&self)
    mutating func parseAnySize(_ bytes: Span<UInt8>) throws(JSONError) -> JSONValue {
        var document = unsafe csimdjson_document()
        var status = unsafe run(bytes, depth: maximumDepth, &document)
        if status != CSIMDJSON_OK {
            try diagnose(bytes, status)
            // What is left is a document whose innermost container, at the deepest level allowed,
            // is not empty: simdjson counts that as one level more.
            status = unsafe run(bytes, depth: maximumDepth + 1, &document)
            guard status == CSIMDJSON_OK else { throw .outOfMemory }
        }
        let tape = unsafe Span(_unsafeStart: document.tape, count: document.tape_count)
        let strings = unsafe Span(_unsafeStart: document.strings, count: document.strings_count)
        return unsafe _overrideLifetime(
            JSONValue(tape: tape, strings: strings, index: 1),
            mutating: &self
        )
    }

    private func run(
        _ bytes: Span<UInt8>,
        depth: Int,
        _ document: inout csimdjson_document
    ) -> csimdjson_status {
        guard let handle = unsafe handle else { return CSIMDJSON_NO_MEMORY }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe csimdjson_parse(handle, buffer.baseAddress, buffer.count, depth, &document)
        }
    }

    /// Finds the place and the reason, which simdjson does not tell.
    private func diagnose(_ bytes: Span<UInt8>, _ status: csimdjson_status) throws(JSONError) {
        if status == CSIMDJSON_NO_MEMORY { throw .outOfMemory }
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        try scanner.scanDocument()
        if status == CSIMDJSON_NOT_JSON {
            // Both readers implement one grammar; the stricter one decides should they ever differ.
            throw .notJSON(offset: 0, found: nil, expected: .value)
        }
    }
}
