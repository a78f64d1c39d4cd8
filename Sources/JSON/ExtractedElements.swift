internal import CSimdJSON

/// What an extractor has found in the elements of an array.
@safe package struct ExtractedElements: ~Escapable {
    private let entries: Span<csimdjson_found>
    private let width: Int
    /// How many elements the array has.
    package let count: Int

    @_lifetime(copy entries)
    init(_ entries: Span<csimdjson_found>, count: Int, width: Int) {
        unsafe self.entries = unsafe entries
        self.count = count
        self.width = width
    }

    /// The values of one element, in the order of the paths.
    package subscript(element: Int) -> ExtractedValues {
        @_lifetime(copy self)
        get {
            precondition((0..<count).contains(element))
            let own = element * width..<(element + 1) * width
            return unsafe ExtractedValues(entries.extracting(own))
        }
    }
}
