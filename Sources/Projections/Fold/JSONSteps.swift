internal import Bytes
internal import JSON

/// Steps over the values of a JSON text without reading them.
///
/// It checks no more than it has to step over, and takes any bytes: of what is no JSON it says so,
/// or steps over it.
struct JSONSteps: ~Escapable {
    private let text: Span<UInt8>
    private(set) var position: Int

    @_lifetime(copy text)
    init(_ text: Span<UInt8>, at position: Int = 0) {
        self.text = text
        self.position = position
    }

    private var byte: UInt8 { position < text.count ? text[position] : 0 }

    @_lifetime(self: copy self)
    mutating func skipSpace() {
        while true {
            switch byte {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Enters the container that begins here; `false` if it is empty.
    @_lifetime(self: copy self)
    mutating func enter(_ closing: UInt8) -> Bool {
        position += 1
        skipSpace()
        return byte != closing
    }

    /// Goes on to the next element or member; `false` at the container's end.
    @_lifetime(self: copy self)
    mutating func goOn(_ closing: UInt8) throws(JSONExtractionError) -> Bool {
        skipSpace()
        if byte == closing { return false }
        try pass(UInt8(ascii: ","))
        return true
    }

    /// Passes a byte and the white space around it.
    @_lifetime(self: copy self)
    mutating func pass(_ wanted: UInt8) throws(JSONExtractionError) {
        skipSpace()
        guard byte == wanted else { throw .notJSON }
        position += 1
        skipSpace()
    }

    @_lifetime(self: copy self)
    mutating func skipString() throws(JSONExtractionError) {
        guard byte == UInt8(ascii: "\"") else { throw .notJSON }
        position += 1
        let start = position
        while let quote = text.firstIndex(of: UInt8(ascii: "\""), from: position) {
            position = quote + 1
            var first = quote
            while first > start, text[first - 1] == UInt8(ascii: "\\") { first -= 1 }
            // An odd number of backslashes escapes it.
            if (quote - first) & 1 == 0 { return }
        }
        throw .notJSON
    }

    /// Steps over a value; brackets of one kind count as those of the other.
    @_lifetime(self: copy self)
    mutating func skipValue() throws(JSONExtractionError) {
        var depth = 0
        while true {
            switch byte {
            case UInt8(ascii: "\""): try skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                position += 1
            default:
                if depth == 0 {
                    try skipScalar()
                } else {
                    position += 1
                }
            }
            if depth == 0 { return }
            guard depth > 0, position < text.count else { throw .notJSON }
        }
    }

    @_lifetime(self: copy self)
    private mutating func skipScalar() throws(JSONExtractionError) {
        let start = position
        while position < text.count {
            switch text[position] {
            case 0x20, 0x0A, 0x0D, 0x09, UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard position > start else { throw .notJSON }
                return
            default: position += 1
            }
        }
        guard position > start else { throw .notJSON }
    }
}
