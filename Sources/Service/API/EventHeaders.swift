internal import Bytes

/// The attributes of a CloudEvent in HTTP's binary mode (HTTP binding 1.0, section 3.1.3).
enum EventHeaders {
    private static let prefix = "ce-"
    /// Characters of an attribute's name; the specification advises 20.
    private static let nameCharacters = 64

    /// Whether headers are those of an event in binary mode.
    static func arePresent(_ headers: [(name: String, value: String)]) -> Bool {
        headers.contains { $0.name.lowercased() == "ce-specversion" }
    }

    /// Reads the attributes out of headers named `ce-…`.
    static func attributes(
        _ headers: [(name: String, value: String)]
    ) throws(APIProblem) -> [(name: String, value: String)] {
        var attributes: [(name: String, value: String)] = []
        for (header, value) in headers {
            let lower = header.lowercased()
            guard lower.hasPrefix(prefix) else { continue }
            let name = String(lower.dropFirst(prefix.count))
            guard (1...nameCharacters).contains(name.utf8.count),
                name.utf8.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 })
            else {
                throw .malformed(
                    "a header names no attribute, expected ce- and 1 to \(nameCharacters) of a-z "
                        + "and 0-9"
                )
            }
            guard !["data", "datacontenttype", "datacontentencoding"].contains(name) else {
                throw .malformed("ce-\(name) is no header of binary mode, expected Content-Type")
            }
            guard let text = decoded(value) else {
                throw .malformed(
                    "the value of ce-\(name) is not percent-encoded UTF-8 without control "
                        + "characters"
                )
            }
            attributes.append((name, text))
        }
        return attributes
    }

    /// Undoes the encoding of a value (section 3.1.3.2): first quoted parts, then `%XX`, once.
    ///
    /// `nil` for bytes beyond ASCII, a `%` without two hex digits, a quote without its end, and
    /// what is then not UTF-8 or holds control characters.
    static func decoded(_ value: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count)
        var isQuoted = false
        var isEscaped = false
        for byte in value.utf8 {
            guard byte < 0x7F, byte >= 0x20 || byte == 0x09 else { return nil }
            if isEscaped {
                isEscaped = false
                bytes.append(byte)
            } else if byte == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if isQuoted, byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        guard !isQuoted, let plain = percentDecoded(bytes) else { return nil }
        guard plain.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            return nil
        }
        return plain
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> String? {
        guard bytes.contains(UInt8(ascii: "%")) else { return String(utf8: bytes.span) }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "%") else {
                plain.append(bytes[position])
                position += 1
                continue
            }
            guard position + 3 <= bytes.count,
                let byte = Hex.decodeAnyCase(bytes.span.extracting(position + 1..<position + 3))
            else { return nil }
            plain += byte
            position += 3
        }
        return String(utf8: plain.span)
    }
}
