/// A pattern in which every `*` stands for any text, also none.
struct Glob: Sendable {
    /// What stands between the stars, and before and after them; one piece if there is no star.
    private let pieces: [[UInt8]]

    init(_ pattern: String) {
        pieces = pattern.utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// Whether some text fits both patterns.
    ///
    /// If both have stars, what their ends ask for decides: all that stands between the stars of
    /// one and then of the other can stand in the middle of a text.
    func overlaps(_ other: Glob) -> Bool {
        switch (pieces.count, other.pieces.count) {
        case (1, 1): pieces[0] == other.pieces[0]
        case (1, _): other.matches(pieces[0][...])
        case (_, 1): matches(other.pieces[0][...])
        default:
            Self.agree(pieces[0], other.pieces[0])
                && Self.agree(
                    pieces[pieces.count - 1].reversed(),
                    other.pieces[other.pieces.count - 1].reversed()
                )
        }
    }

    /// Whether one is the other's beginning.
    private static func agree(
        _ a: some Collection<UInt8>,
        _ b: some Collection<UInt8>
    ) -> Bool {
        zip(a, b).allSatisfy { $0 == $1 }
    }

    /// Whether a text fits the pattern, which has a star.
    private func matches(_ text: ArraySlice<UInt8>) -> Bool {
        let (first, last) = (pieces[0], pieces[pieces.count - 1])
        guard text.count >= first.count + last.count, text.starts(with: first),
            text.suffix(last.count).elementsEqual(last)
        else { return false }
        var rest = text.dropFirst(first.count).dropLast(last.count)
        // The earliest place of each piece leaves most for those after it.
        for piece in pieces[1..<(pieces.count - 1)] where !piece.isEmpty {
            while !rest.starts(with: piece) {
                guard rest.popFirst() != nil else { return false }
            }
            rest = rest.dropFirst(piece.count)
        }
        return true
    }
}
