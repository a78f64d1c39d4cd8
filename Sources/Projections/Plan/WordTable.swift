internal import Bytes

/// Words, each with its place, for finding one without touching what it stands for.
final class WordTable: Sendable {
    private struct Entry: BitwiseCopyable {
        let start: Int
        let end: Int
    }

    private let bytes: [UInt8]
    private let entries: [Entry]

    init(_ words: [String]) {
        var bytes: [UInt8] = []
        var entries: [Entry] = []
        for word in words {
            let start = bytes.count
            bytes.append(contentsOf: word.utf8)
            entries.append(Entry(start: start, end: bytes.count))
        }
        self.bytes = bytes
        self.entries = entries
    }

    /// The place of a word; `nil` if it is none of them.
    func place(of word: Span<UInt8>) -> Int? {
        let bytes = bytes
        let words = bytes.span
        for (place, entry) in entries.enumerated()
        where entry.end - entry.start == word.count
            && words.extracting(entry.start..<entry.end).equals(word)
        {
            return place
        }
        return nil
    }
}
