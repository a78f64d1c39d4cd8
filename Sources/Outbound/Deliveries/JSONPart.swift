internal import Bytes
internal import JSON

/// Finds a value of a JSON text by a JSON Pointer (RFC 6901), as the bytes it is written with.
///
/// It checks no more than it must: of a text that is no JSON it finds nothing, or something in it.
package struct JSONPart: ~Escapable {
    private let text: Span<UInt8>
    private var position = 0

    /// Where the value lies that `pointer` leads to; `nil` if it leads nowhere.
    package static func find(_ pointer: String, in text: Span<UInt8>) -> Range<Int>? {
        guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
        var part = JSONPart(text)
        part.skipSpace()
        for step in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard part.enter(name(step)) else { return nil }
        }
        let start = part.position
        guard part.skipValue() else { return nil }
        return start..<part.position
    }

    @_lifetime(copy text)
    private init(_ text: Span<UInt8>) {
        self.text = text
    }

    /// A step with `~1` and `~0` resolved.
    private static func name(_ step: Substring) -> [UInt8] {
        var name: [UInt8] = []
        var isEscape = false
        for byte in step.utf8 {
            if isEscape {
                name.append(byte == UInt8(ascii: "1") ? UInt8(ascii: "/") : UInt8(ascii: "~"))
                isEscape = false
            } else if byte == UInt8(ascii: "~") {
                isEscape = true
            } else {
                name.append(byte)
            }
        }
        return name
    }

    private var byte: UInt8 { position < text.count ? text[position] : 0 }

    private mutating func skipSpace() {
        while position < text.count, [0x20, 0x09, 0x0A, 0x0D].contains(text[position]) {
            position += 1
        }
    }

    /// Goes from a container to the element or member of this name.
    private mutating func enter(_ name: [UInt8]) -> Bool {
        switch byte {
        case UInt8(ascii: "["): return enterElement(name)
        case UInt8(ascii: "{"): return enterMember(name)
        default: return false
        }
    }

    private mutating func enterElement(_ name: [UInt8]) -> Bool {
        guard name.count == 1 || name.first != UInt8(ascii: "0"),
            var left = Decimal.parse(name.span)
        else { return false }
        position += 1
        skipSpace()
        while byte != UInt8(ascii: "]") {
            if left == 0 { return position < text.count }
            guard skipValue(), skipComma() else { return false }
            left -= 1
        }
        return false
    }

    private mutating func enterMember(_ name: [UInt8]) -> Bool {
        position += 1
        skipSpace()
        while byte == UInt8(ascii: "\"") {
            let start = position
            guard skipString() else { return false }
            let isIt = Self.key(text.extracting(start..<position), is: name)
            skipSpace()
            guard byte == UInt8(ascii: ":") else { return false }
            position += 1
            skipSpace()
            if isIt { return true }
            guard skipValue(), skipComma() else { return false }
        }
        return false
    }

    /// Whether a key, with its quotes, means a name.
    private static func key(_ quoted: Span<UInt8>, is name: [UInt8]) -> Bool {
        let raw = quoted.extracting(1..<quoted.count - 1)
        guard raw.firstIndex(of: UInt8(ascii: "\\")) != nil else { return raw.equals(name.span) }
        var parser = JSONParser()
        guard let value = try? parser.parse(quoted) else { return false }
        return value.utf8?.equals(name.span) ?? false
    }

    private mutating func skipComma() -> Bool {
        skipSpace()
        guard byte == UInt8(ascii: ",") else {
            return byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
        }
        position += 1
        skipSpace()
        return true
    }

    private mutating func skipString() -> Bool {
        position += 1
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                position += 1
                return true
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return false
    }

    /// Steps over a value; containers by their brackets, whatever is between.
    private mutating func skipValue() -> Bool {
        var depth = 0
        repeat {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard depth > 0 else { return false }
                depth -= 1
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D:
                guard depth > 0 else { return false }
                position += 1
            default:
                guard skipScalar() else { return false }
            }
        } while depth > 0
        return true
    }

    private mutating func skipScalar() -> Bool {
        let start = position
        let ends = Array(",:{}[]\" \t\r\n".utf8)
        while position < text.count, !ends.contains(text[position]) { position += 1 }
        return position > start
    }
}
