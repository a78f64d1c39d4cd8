internal import Glibc

/// A walk over the lines of newline-delimited JSON, whole or arriving in pieces.
///
/// Lines end in LF or CRLF; those with nothing but white space are passed over but counted.
package struct NDJSONLines: Sendable {
    /// The number of the line that `next` returned last, counted from 1.
    package private(set) var lineNumber = 0
    /// The offset where the next line begins.
    package private(set) var offset = 0

    /// Starts at the first line.
    package init() {}

    /// The place of the next line in `bytes`, without its end, nil when there is no further one.
    ///
    /// When more input may follow, `isWhole` is false and a last line without its end is left for
    /// later: keep the bytes from `offset`, append what arrives, and call `rebase`.
    package mutating func next(in bytes: Span<UInt8>, isWhole: Bool = true) -> Range<Int>? {
        while offset < bytes.count {
            let start = offset
            let newline = Self.newline(in: bytes, from: start)
            guard let end = newline ?? (isWhole ? bytes.count : nil) else { return nil }
            offset = newline.map { $0 + 1 } ?? end
            lineNumber += 1
            let content = Self.content(of: bytes, start..<end)
            if !content.isEmpty { return content }
        }
        return nil
    }

    /// Says that the bytes before `offset` are gone from the front of the input.
    package mutating func rebase() { offset = 0 }

    /// The line without white space around it.
    private static func content(of bytes: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
        var (start, end) = (line.lowerBound, line.upperBound)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    private static func newline(in bytes: Span<UInt8>, from start: Int) -> Int? {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress,
                let found = unsafe memchr(base + start, 0x0A, buffer.count - start)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
