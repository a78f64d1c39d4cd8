internal import Bytes

/// A pattern in which `*` stands for any characters, also none: `orders/*`.
struct Glob: Hashable, Sendable {
    /// The pattern as it was written.
    let text: String
    private let pieces: [[UInt8]]

    init(_ text: String) {
        self.text = text
        let split = text.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
        pieces = split.map { Array($0) }
    }

    /// Whether the whole of `name` fits.
    func matches(_ name: Span<UInt8>) -> Bool {
        guard pieces.count > 1 else { return name.equals(pieces[0].span) }
        let first = pieces[0].span
        let last = pieces[pieces.count - 1].span
        guard name.count >= first.count + last.count, name.hasPrefix(first), name.hasSuffix(last)
        else { return false }
        // The leftmost fit for each piece leaves the most room for those after it.
        var start = first.count
        let end = name.count - last.count
        for index in 1..<(pieces.count - 1) {
            let piece = pieces[index].span
            while start + piece.count <= end,
                !name.extracting(start..<(start + piece.count)).equals(piece)
            {
                start += 1
            }
            guard start + piece.count <= end else { return false }
            start += piece.count
        }
        return true
    }

    /// Whether the whole of `name` fits.
    func matches(_ name: String) -> Bool {
        matches(name.utf8Span.span)
    }
}
