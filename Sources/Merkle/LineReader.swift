import Bytes

/// Reads lines that each end with a line feed from the front of a text.
struct LineReader: ~Escapable {
    private let text: Span<UInt8>
    /// The offset of the line to be read next.
    private(set) var position = 0
    /// The number of the line read last, from 1.
    private(set) var line = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) {
        self.text = text
    }

    /// The next line without its line feed; `nil` at the end and where the line feed is missing.
    @_lifetime(copy self)
    mutating func next() -> Span<UInt8>? {
        guard let end = text.firstIndex(of: 10, from: position) else { return nil }
        let line = text.extracting(position..<end)
        position = end + 1
        self.line += 1
        return line
    }

    var isAtEnd: Bool { position == text.count }

    /// What has not been read.
    var rest: Span<UInt8> {
        @_lifetime(copy self)
        get { text.extracting(droppingFirst: position) }
    }
}
