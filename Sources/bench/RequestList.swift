/// Whole HTTP requests of one length, one after the other in memory.
struct RequestList {
    /// How many there are.
    let count: Int
    private let bytes: [UInt8]
    private let length: Int

    /// Takes requests of `length` bytes each.
    init(_ bytes: [UInt8], length: Int) {
        self.bytes = bytes
        self.length = length
        count = bytes.count / length
    }

    /// The request of that number.
    subscript(_ index: Int) -> Span<UInt8> {
        @_lifetime(borrow self)
        get { bytes.span.extracting(index * length..<(index + 1) * length) }
    }
}
