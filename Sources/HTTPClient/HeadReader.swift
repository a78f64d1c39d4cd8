/// Reads status line and headers of an answer, line by line, as libcurl gives them.
struct HeadReader {
    /// What a line makes of the head.
    enum Step {
        /// There is more to come, or it comes after the head.
        case more
        /// The head is whole.
        case whole(AnswerHead)
        /// It is over: there were too many bytes.
        case tooLong
        /// It is over: the host means to speak another protocol now.
        case switching
    }

    private let limit: Int
    private let leavesOutEncoding: Bool
    private var taken = 0
    private var status = 0
    private var headers: [(name: String, value: String)] = []
    /// Whether the head was whole: what follows are trailers.
    private(set) var isWhole = false

    /// Reads `limit` bytes at most, those of interim answers and trailers included.
    ///
    /// `leavesOutEncoding` says that the body is given decoded.
    init(limit: Int, leavesOutEncoding: Bool) {
        self.limit = limit
        self.leavesOutEncoding = leavesOutEncoding
    }

    /// Whether anything was answered.
    var hasBegun: Bool { taken > 0 }

    /// Takes a line, with its end.
    mutating func take(_ line: Span<UInt8>) -> Step {
        guard line.count <= limit - taken else { return .tooLong }
        taken += line.count
        if isWhole { return .more }
        var end = line.count
        while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
        if end == 0 { return finish() }
        if Self.isStatusLine(line) {
            status = Self.status(line)
            headers = []
        } else {
            add(line, end)
        }
        return .more
    }

    private mutating func finish() -> Step {
        if status == 101 { return .switching }
        // An interim answer: the one that is meant follows.
        guard status >= 200 else { return .more }
        isWhole = true
        var kept = headers
        headers = []
        if leavesOutEncoding,
            kept.contains(where: { Self.isSame($0.name, "content-encoding") })
        {
            kept.removeAll {
                Self.isSame($0.name, "content-encoding") || Self.isSame($0.name, "content-length")
            }
        }
        return .whole(AnswerHead(status: status, headers: kept))
    }

    private mutating func add(_ line: Span<UInt8>, _ end: Int) {
        var colon = 0
        while colon < end, line[colon] != UInt8(ascii: ":") { colon += 1 }
        if Self.isBlank(line[0]), !headers.isEmpty {
            // A line that goes on (RFC 9112, section 5.2): a space stands for its beginning.
            let last = headers.count - 1
            headers[last].value += " " + Self.text(line, 0, end)
        } else if colon < end {
            headers.append((Self.text(line, 0, colon), Self.text(line, colon + 1, end)))
        }
    }

    /// Whether a line begins an answer; `HTTP` is followed by `/`, which no header's name holds.
    private static func isStatusLine(_ line: Span<UInt8>) -> Bool {
        line.count > 5 && line[0] == UInt8(ascii: "H") && line[1] == UInt8(ascii: "T")
            && line[2] == UInt8(ascii: "T") && line[3] == UInt8(ascii: "P")
            && line[4] == UInt8(ascii: "/")
    }

    /// The three digits after the first space; libcurl has checked that they are there.
    private static func status(_ line: Span<UInt8>) -> Int {
        var index = 0
        while index < line.count, line[index] != 0x20 { index += 1 }
        while index < line.count, line[index] == 0x20 { index += 1 }
        var status = 0
        for place in index..<min(index + 3, line.count) {
            guard case 0x30...0x39 = line[place] else { break }
            status = status * 10 + Int(line[place] - 0x30)
        }
        return status
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// The text between two places, without blanks around it; what is not UTF-8 is repaired.
    private static func text(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> String {
        var (start, end) = (start, end)
        while start < end, isBlank(line[start]) { start += 1 }
        while start < end, isBlank(line[end - 1]) { end -= 1 }
        let bytes = line.extracting(start..<end)
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    private static func isSame(_ name: String, _ lowercase: String) -> Bool {
        name.utf8.count == lowercase.utf8.count
            && zip(name.utf8, lowercase.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
}
