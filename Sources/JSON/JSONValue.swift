/// The kinds of JSON values; numbers are told apart by how they are written and by their size.
package enum JSONKind: String, Sendable, CustomStringConvertible {
    case object = "an object"
    case array = "an array"
    case string = "a string"
    /// A number without fraction and exponent that fits in `Int64`.
    case integer = "an integer"
    /// A number without fraction and exponent that fits in `UInt64` only.
    case unsigned = "an unsigned integer"
    /// A number with a fraction or an exponent.
    case double = "a number"
    case boolean = "a boolean"
    case null = "null"

    /// The kind in words, with its article.
    package var description: String { rawValue }
}

/// A value within a parsed document, read in place from the parser's buffers.
///
/// Copies are cheap; none can outlive the parser's next use.
package struct JSONValue: ~Escapable {
    // The layout is that of simdjson's doc/tape.md: the upper 8 bits of a word are a letter, the
    // lower 56 a payload; numbers have a second word.
    let tape: Span<UInt64>
    let strings: Span<UInt8>
    let index: Int

    @_lifetime(copy tape, copy strings)
    init(tape: Span<UInt64>, strings: Span<UInt8>, index: Int) {
        self.tape = tape
        self.strings = strings
        self.index = index
    }

    /// What the value is.
    package var kind: JSONKind {
        switch letter {
        case .object: .object
        case .array: .array
        case .string: .string
        case .integer: .integer
        case .unsigned: .unsigned
        case .double: .double
        case .true, .false: .boolean
        default: .null
        }
    }

    var letter: TapeLetter { TapeLetter(word: tape[index]) }

    var isContainer: Bool { letter == .object || letter == .array }

    /// The value at another place of the same tape.
    @_lifetime(copy self)
    func value(at index: Int) -> JSONValue {
        JSONValue(tape: tape, strings: strings, index: index)
    }

    /// The place after this value, its second word or all that it contains.
    var endIndex: Int { endIndex(of: index) }

    /// The place after the value at `index`.
    func endIndex(of index: Int) -> Int {
        let word = tape[index]
        return switch TapeLetter(word: word) {
        case .object, .array: Int(truncatingIfNeeded: word & 0xFFFF_FFFF)
        case .integer, .unsigned, .double: index + 2
        default: index + 1
        }
    }
}

/// The letter in the upper 8 bits of a word on the tape.
struct TapeLetter: Equatable {
    let byte: UInt8

    init(word: UInt64) { byte = UInt8(truncatingIfNeeded: word >> 56) }

    private init(_ letter: Unicode.Scalar) { byte = UInt8(ascii: letter) }

    static let object = TapeLetter("{")
    static let objectEnd = TapeLetter("}")
    static let array = TapeLetter("[")
    static let arrayEnd = TapeLetter("]")
    static let string = TapeLetter("\"")
    static let integer = TapeLetter("l")
    static let unsigned = TapeLetter("u")
    static let double = TapeLetter("d")
    static let `true` = TapeLetter("t")
    static let `false` = TapeLetter("f")

    static func ~= (pattern: TapeLetter, letter: TapeLetter) -> Bool { pattern == letter }
}
