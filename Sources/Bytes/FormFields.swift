/// The fields of an `application/x-www-form-urlencoded` body or a query, as bytes in their order.
///
/// They are read as the WHATWG's URL standard has it (section 5.1): pieces between `&`, of which
/// empty ones are passed over, each a name up to the first `=` and a value, which may be empty;
/// `+` is a space, and `%XX` is a byte. A `%` that no two hex digits follow stands for itself, so
/// that every text is accepted.
package struct FormFields: Sendable {
    /// A field with its encoding undone; bytes that need not be UTF-8.
    package struct Field: Hashable, Sendable {
        /// The name.
        package let name: [UInt8]
        /// The value, empty if there is none.
        package let value: [UInt8]
    }

    /// The most fields that are accepted: the largest forms of providers have some hundreds.
    package static let limit = 10_000

    /// The fields in their order, repeated ones included.
    package let fields: [Field]

    /// Reads a form; refuses one of more fields than the limit.
    package init(_ text: Span<UInt8>) throws(FormFieldsError) {
        var fields: [Field] = []
        var start = 0
        while start < text.count {
            let end = text.firstIndex(of: UInt8(ascii: "&"), from: start) ?? text.count
            let piece = text.extracting(start..<end)
            start = end + 1
            if piece.isEmpty { continue }
            guard fields.count < Self.limit else { throw .tooManyFields(limit: Self.limit) }
            let equals = piece.firstIndex(of: UInt8(ascii: "=")) ?? piece.count
            let name = Self.decoded(piece.extracting(first: equals))
            let value = Self.decoded(piece.extracting(droppingFirst: equals + 1))
            fields.append(Field(name: name, value: value))
        }
        self.fields = fields
    }

    private static func decoded(_ text: Span<UInt8>) -> [UInt8] {
        [UInt8](capacity: text.count) { output in
            var i = 0
            while i < text.count {
                if text[i] == UInt8(ascii: "%"), i &+ 2 < text.count,
                    let high = digit(text[i &+ 1]), let low = digit(text[i &+ 2])
                {
                    output.append(high << 4 | low)
                    i &+= 3
                } else {
                    output.append(text[i] == UInt8(ascii: "+") ? UInt8(ascii: " ") : text[i])
                    i &+= 1
                }
            }
        }
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        let number = character &- UInt8(ascii: "0")
        if number < 10 { return number }
        let letter = (character | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter &+ 10 : nil
    }
}

/// Why a form is refused.
package enum FormFieldsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It has more fields than are accepted.
    case tooManyFields(limit: Int)

    /// One line for people.
    package var description: String {
        switch self {
        case .tooManyFields(let limit): "form too large: found more than \(limit) fields"
        }
    }
}
