internal import Bytes

/// Why a text is not comma-separated values.
package struct CSVProblem: Error, Hashable, CustomStringConvertible {
    /// The line of the text, counted from 1.
    package let line: Int
    /// What is wrong there, and what was expected.
    package let reason: String

    package var description: String { "line \(line): \(reason)" }
}

/// Reads comma-separated values, record by record: RFC 4180, UTF-8 with or without byte order mark.
///
/// Lines end in CRLF or LF. A line of nothing is no record. What is ambiguous is refused, never
/// guessed: a quote within a plain field, text after a closing quote, a carriage return alone, NUL.
package struct CSVReader: Sendable {
    /// The longest field: nothing that names or counts comes near it.
    package static let fieldBytes = 1 << 20
    /// The most fields of a record; exports of providers have some hundred columns at most.
    package static let fieldCount = 4096

    /// What stands between fields.
    package let separator: UInt8
    /// The line at which the last record began, counted from 1.
    package private(set) var line = 0
    /// Where the last record lies in the text, without its line end.
    package private(set) var place = 0..<0
    private var offset: Int
    private var nextLine = 1

    /// Starts at the first record; the separator is the one of comma, semicolon and tab that the
    /// first line has most of outside quotes, as spreadsheets of some countries do not use commas.
    ///
    /// - Throws: `CSVProblem` if the text is in another encoding than UTF-8.
    package init(_ bytes: Span<UInt8>) throws(CSVProblem) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        offset = bytes.hasPrefix(mark.span) ? mark.count : 0
        if bytes.count > 1, bytes[0] ^ bytes[1] == 0x01, bytes[0] >= 0xFE {
            throw CSVProblem(line: 1, reason: "the text is UTF-16, expected UTF-8")
        }
        if let invalid = UTF8Check.firstInvalid(bytes) {
            var line = 1
            for i in 0..<invalid where bytes[i] == 0x0A { line += 1 }
            throw CSVProblem(line: line, reason: "found bytes that are not UTF-8, expected UTF-8")
        }
        separator = Self.separator(of: bytes, from: offset)
    }

    /// Starts at the first record of a text whose separator is known, such as a record alone.
    package init(_ bytes: Span<UInt8>, separator: UInt8) throws(CSVProblem) {
        offset = 0
        self.separator = separator
        guard UTF8Check.isValid(bytes) else {
            throw CSVProblem(line: 1, reason: "found bytes that are not UTF-8, expected UTF-8")
        }
    }

    private static func separator(of bytes: Span<UInt8>, from start: Int) -> UInt8 {
        let candidates: [UInt8] = [0x2C, 0x3B, 0x09]
        var counts = [0, 0, 0]
        var isQuoted = false
        for i in start..<bytes.count {
            let byte = bytes[i]
            if byte == 0x22 { isQuoted.toggle() }
            if isQuoted { continue }
            if byte == 0x0A { break }
            if let place = candidates.firstIndex(of: byte) { counts[place] += 1 }
        }
        var best = 0
        for place in 1..<3 where counts[place] > counts[best] { best = place }
        return candidates[best]
    }

    /// The fields of the next record; `nil` at the end.
    package mutating func next(in bytes: Span<UInt8>) throws(CSVProblem) -> [String]? {
        while offset < bytes.count {
            line = nextLine
            let start = offset
            let fields = try record(bytes)
            let isBlank = fields.count == 1 && place.isEmpty
            place = start..<place.upperBound
            if !isBlank { return fields }
        }
        return nil
    }

    /// Reads a record; `place` is where it lies, without its line end.
    private mutating func record(_ bytes: Span<UInt8>) throws(CSVProblem) -> [String] {
        var fields: [String] = []
        let start = offset
        while true {
            guard fields.count < Self.fieldCount else {
                throw problem("the record has more than \(Self.fieldCount) fields")
            }
            fields.append(try field(bytes))
            let end = offset
            if end < bytes.count, bytes[end] == separator {
                offset += 1
                continue
            }
            try skipLineEnd(bytes)
            place = start..<end
            return fields
        }
    }

    private mutating func field(_ bytes: Span<UInt8>) throws(CSVProblem) -> String {
        if offset < bytes.count, bytes[offset] == 0x22 { return try quoted(bytes) }
        let start = offset
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == separator || byte == 0x0A || byte == 0x0D { break }
            if byte == 0x22 {
                throw problem("found a quote within a field, expected the whole field in quotes")
            }
            if byte == 0 { throw problem("found NUL, expected text") }
            offset += 1
        }
        try check(length: offset - start)
        return String(repairing: bytes.extracting(start..<offset))
    }

    private mutating func quoted(_ bytes: Span<UInt8>) throws(CSVProblem) -> String {
        var text: [UInt8] = []
        offset += 1
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == 0x22 {
                let next = offset < bytes.count ? bytes[offset] : 0x0A
                if next == 0x22 {
                    offset += 1
                } else if next == separator || next == 0x0A || next == 0x0D {
                    return String(repairing: text.span)
                } else {
                    throw problem("found text after a closing quote, expected the field's end")
                }
            }
            if byte == 0x0A { nextLine += 1 }
            if byte == 0 { throw problem("found NUL, expected text") }
            text.append(byte)
            try check(length: text.count)
        }
        throw CSVProblem(
            line: line,
            reason: "found the end of the text within quotes, expected a closing quote"
        )
    }

    private mutating func skipLineEnd(_ bytes: Span<UInt8>) throws(CSVProblem) {
        guard offset < bytes.count else { return }
        if bytes[offset] == 0x0D {
            offset += 1
            guard offset < bytes.count, bytes[offset] == 0x0A else {
                throw problem("found a carriage return alone, expected CRLF or LF")
            }
        }
        offset += 1
        nextLine += 1
    }

    private func check(length: Int) throws(CSVProblem) {
        guard length <= Self.fieldBytes else {
            throw problem("the field is longer than \(Self.fieldBytes) bytes")
        }
    }

    private func problem(_ reason: String) -> CSVProblem {
        CSVProblem(line: nextLine, reason: reason)
    }
}
