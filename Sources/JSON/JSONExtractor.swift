internal import CSimdJSON

/// A reader of a few values out of many documents, with reusable buffers, for one thread at a time.
///
/// It is for documents that `JSONParser` has accepted before, and much faster: it reads no further
/// than it must and checks only what it reads. Of bytes that are no JSON it says so or finds some
/// values in them.
@safe package struct JSONExtractor: ~Copyable {
    private let handle: OpaquePointer?

    /// Makes an extractor; its buffers come with the first document.
    package init() {
        unsafe handle = csimdjson_extractor_create()
    }

    deinit {
        if let handle = unsafe handle { unsafe csimdjson_extractor_destroy(handle) }
    }

    /// Reads the values that the paths lead to.
    ///
    /// Of members with the same name the first counts.
    ///
    /// The extraction is valid until the extractor is used again, as long as the bytes are: numbers,
    /// and strings without escapes, are lent from where they are.
    @_lifetime(&self, copy bytes)
    package mutating func extract(
        _ bytes: Span<UInt8>,
        _ paths: borrowing JSONPaths
    ) throws(JSONExtractionError) -> Extraction {
        let limit = JSONLimits.byteCountCeiling
        guard bytes.count <= limit else {
            throw .tooLarge(byteCount: bytes.count, limit: limit)
        }
        guard let handle = unsafe handle, let tree = unsafe paths.tree else { throw .outOfMemory }
        var found: UnsafePointer<csimdjson_found>?
        let status = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe csimdjson_extract(handle, tree, buffer.baseAddress, buffer.count, &found)
        }
        try JSONExtractionError.check(status)
        let entries = unsafe UnsafeBufferPointer(start: found, count: paths.count)
        return unsafe _overrideLifetime(
            Extraction(handle: handle, values: ExtractedValues(Span(_unsafeElements: entries))),
            copying: bytes
        )
    }
}
