/// A path to a value within a document, per RFC 6901, split once for many look-ups.
package struct JSONPointer: Hashable, Sendable {
    /// A step's place in `names`, and its number if it can be one of an array's.
    struct Step: Hashable, Sendable {
        let start: Int
        let end: Int
        let arrayIndex: Int?
    }

    /// The pointer as it was written.
    package let text: String
    /// The names of all steps with `~0` and `~1` resolved, one after the other: a single
    /// allocation, so that following a path counts no references.
    let names: [UInt8]
    let steps: [Step]

    /// Reads a pointer such as `/data/object/id`; the empty text means the whole document.
    package init(_ text: String) throws(JSONPointerError) {
        var names: [UInt8] = []
        var steps: [Step] = []
        let source = text.utf8Span.span
        var position = 0
        guard source.isEmpty || source[0] == UInt8(ascii: "/") else {
            throw JSONPointerError(text: text, reason: .noSlash)
        }
        while position < source.count {
            position += 1
            let start = names.count
            while position < source.count, source[position] != UInt8(ascii: "/") {
                var byte = source[position]
                if byte == UInt8(ascii: "~") {
                    position += 1
                    switch position < source.count ? source[position] : 0 {
                    case UInt8(ascii: "0"): byte = UInt8(ascii: "~")
                    case UInt8(ascii: "1"): byte = UInt8(ascii: "/")
                    default: throw JSONPointerError(text: text, reason: .badEscape)
                    }
                }
                names.append(byte)
                position += 1
            }
            let index = Self.arrayIndex(names.span.extracting(start..<names.count))
            steps.append(Step(start: start, end: names.count, arrayIndex: index))
        }
        self.text = text
        self.names = names
        self.steps = steps
    }

    /// The number that a step stands for in an array: decimal digits without leading zeros.
    private static func arrayIndex(_ name: Span<UInt8>) -> Int? {
        guard (1...10).contains(name.count), name.count == 1 || name[0] != UInt8(ascii: "0") else {
            return nil
        }
        var number = 0
        for index in name.indices {
            let digit = name[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The pointer as it was written.
    package var description: String { text }
}

/// Why a text is no JSON Pointer.
package struct JSONPointerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The ways to get a pointer wrong.
    package enum Reason: Sendable {
        /// It has text but does not begin with `/`.
        case noSlash
        /// A `~` is followed by neither `0` nor `1`.
        case badEscape
    }

    /// The text that was to be read.
    package let text: String
    /// What is wrong with it.
    package let reason: Reason

    /// One line for people.
    package var description: String {
        switch reason {
        case .noSlash: "not a JSON Pointer: found \"\(text)\", expected a leading /"
        case .badEscape: "not a JSON Pointer: found \"\(text)\", expected 0 or 1 after each ~"
        }
    }
}
