/// Finds the end of an HTTP/1.1 message in what was received so far.
struct AnswerReader {
    /// What the status line says: three digits.
    let status: Int
    /// Bytes of head and body.
    let length: Int

    /// `nil` as long as the head is not complete.
    init?(_ bytes: Span<UInt8>) {
        guard let length = Self.length(bytes), let status = Self.number(bytes, 9..<12) else {
            return nil
        }
        self.status = status
        self.length = length
    }

    /// Bytes of head and body, of a request as well; `nil` as long as the head is not complete.
    static func length(_ bytes: Span<UInt8>) -> Int? {
        guard let end = headEnd(bytes) else { return nil }
        return end + contentLength(bytes.extracting(0..<end))
    }

    private static func headEnd(_ bytes: Span<UInt8>) -> Int? {
        var at = 3
        while at < bytes.count {
            if bytes[at] == lineFeed, bytes[at - 1] == carriageReturn, bytes[at - 2] == lineFeed {
                return at + 1
            }
            at += 1
        }
        return nil
    }

    /// The announced bytes of body; a message without the header has none.
    private static func contentLength(_ head: Span<UInt8>) -> Int {
        var line = 0
        while line + name.utf8CodeUnitCount < head.count {
            if isNamed(head, line) {
                var start = line + name.utf8CodeUnitCount
                if head[start] == 0x20 { start += 1 }
                var end = start
                while head[end] != carriageReturn { end += 1 }
                return number(head, start..<end) ?? 0
            }
            while head[line] != lineFeed { line += 1 }
            line += 1
        }
        return 0
    }

    private static func isNamed(_ head: Span<UInt8>, _ line: Int) -> Bool {
        name.withUTF8Buffer { name in
            for i in name.indices where unsafe head[line + i] | 0x20 != name[i] {
                return false
            }
            return true
        }
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var value = 0
        for i in range {
            guard bytes[i] >= 48, bytes[i] <= 57 else { return nil }
            value = value * 10 + Int(bytes[i] - 48)
        }
        return value
    }

    /// In lower case; the colon stays itself under the letters' mask.
    private static let name: StaticString = "content-length:"
    private static let carriageReturn: UInt8 = 0x0d
    private static let lineFeed: UInt8 = 0x0a
}
