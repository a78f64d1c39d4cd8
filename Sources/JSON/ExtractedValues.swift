internal import CSimdJSON

/// The values that an extractor has found, in the order of the paths.
@safe package struct ExtractedValues: ~Escapable {
    private let entries: Span<csimdjson_found>

    @_lifetime(copy entries)
    init(_ entries: Span<csimdjson_found>) { unsafe self.entries = unsafe entries }

    /// How many paths there are.
    package var count: Int { unsafe entries.count }

    /// The value that the path at this place leads to.
    package subscript(index: Int) -> ExtractedValue {
        @_lifetime(copy self)
        get {
            let entry = unsafe entries[index]
            let text = unsafe UnsafeBufferPointer(start: entry.text, count: Int(entry.count))
            return unsafe _overrideLifetime(
                ExtractedValue(
                    kind: ExtractedKind(entry.kind),
                    text: Span(_unsafeElements: text)
                ),
                copying: self
            )
        }
    }

    @unsafe func entry(_ index: Int) -> csimdjson_found { unsafe entries[index] }
}
