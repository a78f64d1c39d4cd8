internal import CSimdJSON

/// What an extractor has found in a document.
@safe package struct Extraction: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    /// The values, in the order of the paths.
    package let values: ExtractedValues

    @_lifetime(copy values)
    init(handle: OpaquePointer, values: ExtractedValues) {
        unsafe self.handle = unsafe handle
        self.values = values
    }

    /// The value that the path at this place leads to.
    package subscript(index: Int) -> ExtractedValue {
        @_lifetime(copy self)
        get { values[index] }
    }

    /// Reads values out of each element of the array that the path at `index` leads to.
    ///
    /// The paths begin at the element; the empty one means all of it. There are no elements if
    /// there is no array. They are valid until the next call, and `values` stay valid.
    @_lifetime(&self)
    package mutating func each(
        _ index: Int,
        _ paths: borrowing JSONPaths,
        limit: Int
    ) throws(JSONExtractionError) -> ExtractedElements {
        guard let tree = unsafe paths.tree else { throw .outOfMemory }
        let array = unsafe values.entry(index)
        var found: UnsafePointer<csimdjson_found>?
        var count = 0
        if unsafe array.kind == CSIMDJSON_ARRAY.rawValue {
            let status = unsafe csimdjson_each(
                handle,
                tree,
                array.text,
                max(limit, 0),
                &found,
                &count
            )
            try JSONExtractionError.check(status, limit: limit)
        }
        let entries = unsafe UnsafeBufferPointer(start: found, count: count * paths.count)
        return unsafe _overrideLifetime(
            ExtractedElements(Span(_unsafeElements: entries), count: count, width: paths.count),
            mutating: &self
        )
    }
}
