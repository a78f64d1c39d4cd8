import JSON
import Testing

@Suite("Refused documents")
struct JSONErrorTests {
    @Test(
        "a broken grammar is refused with place, finding and expectation",
        arguments: [
            ("", "not JSON: found nothing but white space, expected a value"),
            (" \r\n\t", "not JSON: found nothing but white space, expected a value"),
            ("{", "not JSON: found the end at byte 1, expected a member name in quotes or }"),
            ("{,", "not JSON: found `,` at byte 1, expected a member name in quotes or }"),
            ("{\"a\":1,}", "not JSON: found `}` at byte 7, expected a member name in quotes"),
            ("{\"a\" 1}", "not JSON: found `1` at byte 5, expected :"),
            ("{\"a\":}", "not JSON: found `}` at byte 5, expected a value"),
            ("{\"a\":1 \"b\"", "not JSON: found `\"` at byte 7, expected , or }"),
            ("{1:2}", "not JSON: found `1` at byte 1, expected a member name in quotes or }"),
            ("[1", "not JSON: found the end at byte 2, expected , or ]"),
            ("[1}", "not JSON: found `}` at byte 2, expected , or ]"),
            ("[1,]", "not JSON: found `]` at byte 3, expected a value"),
            ("]", "not JSON: found `]` at byte 0, expected a value"),
            ("tru", "not JSON: found `t` at byte 0, expected a value"),
            ("[nul]", "not JSON: found `n` at byte 1, expected a value"),
            ("nulll", "not JSON: found `l` at byte 4, expected the end of the document"),
            ("NaN", "not JSON: found `N` at byte 0, expected a value"),
            ("'a'", "not JSON: found `'` at byte 0, expected a value"),
            ("-", "not JSON: found the end at byte 1, expected a digit"),
            ("+1", "not JSON: found `+` at byte 0, expected a value"),
            (".5", "not JSON: found `.` at byte 0, expected a value"),
            ("[1.]", "not JSON: found `]` at byte 3, expected a digit"),
            ("[1.0e]", "not JSON: found `]` at byte 5, expected a digit"),
            ("[1e+]", "not JSON: found `]` at byte 4, expected a digit"),
            ("[-a]", "not JSON: found `a` at byte 2, expected a digit"),
            ("[01]", "not JSON: found `1` at byte 2, expected , or ]"),
            ("00", "not JSON: found `0` at byte 1, expected the end of the document"),
            ("[1 2]", "not JSON: found `2` at byte 3, expected , or ]"),
            ("[1,\u{0C}2]", "not JSON: found byte 0x0c at byte 3, expected a value"),
            ("[1,\u{A0}2]", "not JSON: found byte 0xc2 at byte 3, expected a value"),
            ("// x\n1", "not JSON: found `/` at byte 0, expected a value"),
            ("{} x", "not JSON: found `x` at byte 3, expected the end of the document"),
            ("{}{}", "not JSON: found `{` at byte 2, expected the end of the document"),
            ("{}\0", "not JSON: found byte 0x00 at byte 2, expected the end of the document"),
            ("\0", "not JSON: found byte 0x00 at byte 0, expected a value"),
            ("\u{FEFF}{}", "not JSON: found byte 0xef at byte 0, expected no byte order mark"),
        ]
    )
    func grammar(text: String, message: String) {
        #expect(parseError(text)?.description == message)
    }

    @Test(
        "a broken string is refused with place, finding and expectation",
        arguments: [
            ("\"abc", "not JSON: found the end at byte 4, expected a closing quote"),
            ("[\"a\\\"]", "not JSON: found the end at byte 6, expected a closing quote"),
            (
                "\"a\0b\"",
                "not JSON: found byte 0x00 at byte 2, expected control characters to be escaped"
            ),
            (
                "\"a\nb\"",
                "not JSON: found byte 0x0a at byte 2, expected control characters to be escaped"
            ),
            ("\"\\a\"", "not JSON: found `a` at byte 2, expected one of \" \\ / b f n r t u"),
            ("\"\\u00g0\"", "not JSON: found `g` at byte 5, expected four hex digits"),
            ("\"\\u00", "not JSON: found the end at byte 5, expected four hex digits"),
            ("\"\\ud83d\"", "not JSON: found `\\` at byte 1, expected a surrogate in a pair"),
            ("\"\\ude02\"", "not JSON: found `\\` at byte 1, expected a surrogate in a pair"),
            ("\"x\\ud83dx\"", "not JSON: found `\\` at byte 2, expected a surrogate in a pair"),
            ("\"\\ud83d\\n\"", "not JSON: found `\\` at byte 1, expected a surrogate in a pair"),
            (
                "\"\\ud83d\\u0041\"",
                "not JSON: found `\\` at byte 1, expected a surrogate in a pair"
            ),
            (
                "\"\\ud83d\\ud83d\"",
                "not JSON: found `\\` at byte 1, expected a surrogate in a pair"
            ),
            (
                "\"\\ude02\\ud83d\"",
                "not JSON: found `\\` at byte 1, expected a surrogate in a pair"
            ),
            ("\"\\ud83d\\uzzzz\"", "not JSON: found `z` at byte 9, expected four hex digits"),
            ("{\"\\udc00\":1}", "not JSON: found `\\` at byte 2, expected a surrogate in a pair"),
        ]
    )
    func strings(text: String, message: String) {
        #expect(parseError(text)?.description == message)
    }

    @Test(
        "a number beyond its type is refused with its place",
        arguments: [
            ("18446744073709551616", 0), ("[-9223372036854775809]", 1),
            ("[1,100000000000000000000000000000]", 3), ("1e309", 0), ("[-1.8e308]", 1),
        ]
    )
    func numbers(text: String, offset: Int) {
        #expect(parseError(text) == .numberOutOfRange(offset: offset))
        #expect(
            parseError(text)?.description
                == "JSON number out of range: found at byte \(offset), expected 64 bits"
        )
    }

    @Test(
        "bytes that are not UTF-8 are refused with their place",
        arguments: [
            ([0xFF], 1), ([0x80], 1), ([0xC0, 0x80], 1), ([0xC3], 1), ([0xE2, 0x82], 1),
            ([0xE0, 0x80, 0x80], 1), ([0xED, 0xA0, 0x80], 1), ([0xF0, 0x80, 0x80, 0x80], 1),
            ([0xF4, 0x90, 0x80, 0x80], 1), ([0xF5, 0x80, 0x80, 0x80], 1), ([0x41, 0xFE], 2),
        ] as [([UInt8], Int)]
    )
    func utf8(bytes: [UInt8], offset: Int) {
        #expect(parseError([0x22] + bytes + [0x22]) == .notUTF8(offset: offset))
        #expect(parseError([0x5B] + bytes) == .notUTF8(offset: offset))
        #expect(
            parseError([0x22] + bytes)?.description
                == "not JSON: found bytes that are not UTF-8 at byte \(offset)"
        )
    }

    @Test("UTF-16 and UTF-32 are refused")
    func otherEncodings() {
        #expect(parseError([0xFF, 0xFE, 0x7B, 0, 0x7D, 0]) == .notUTF8(offset: 0))
        #expect(
            parseError([0, 0x7B, 0, 0x7D]) == .notJSON(offset: 0, found: 0, expected: .value)
        )
        #expect(
            parseError([0x7B, 0, 0x7D, 0])
                == .notJSON(offset: 1, found: 0, expected: .memberNameOrEnd)
        )
    }

    @Test("a document of as many bytes as allowed passes, one more is refused")
    func size() {
        #expect(parseError(Array("[1,2]".utf8), byteCount: 5) == nil)
        let error = parseError(Array("[1,23]".utf8), byteCount: 5)
        #expect(error == .tooLarge(byteCount: 6, limit: 5))
        #expect(error?.description == "JSON too large: found 6 bytes, expected at most 5")
    }
}
