import JSON
import Testing

@Suite("Extraction")
struct JSONExtractorTests {
    static func text(_ string: String) -> Found { .string(Array(string.utf8)) }

    @Test("values of every kind are found in one go")
    func kinds() throws {
        let document = #"{"a":null,"b":false,"c":true,"d":1.50,"e":"x","f":[1],"g":{"h":[]}}"#
        let found = try extracted(document, "/a", "/b", "/c", "/d", "/e", "/f", "/g", "/g/h", "/i")
        #expect(
            found == [
                .null, .bool(false), .bool(true), .number(1.5), Self.text("x"), .array, .object,
                .array, .missing,
            ]
        )
    }

    @Test(
        "a number keeps its text, however large",
        arguments: ["0", "-0", "1.10", "1e400", "123456789012345678901234567890", "-1.5E+3"]
    )
    func numbers(number: String) throws {
        var extractor = JSONExtractor()
        let paths = try JSONPaths(pointers(["/a", "/b/0"]))
        let bytes = Array("{\"a\": \(number) \n, \"b\":[\(number)\t]}".utf8)
        let extraction = try extractor.extract(bytes.span, paths)
        for index in 0..<2 {
            #expect(extraction[index].kind == .number)
            #expect(Array(extraction[index].text) == Array(number.utf8))
        }
    }

    @Test(
        "what looks like a number but is none is refused",
        arguments: ["01", "1.", ".5", "+1", "1e", "-", "1x", "0x1", "1.e1", "NaN", "-01", "1e+"]
    )
    func notNumbers(number: String) throws {
        #expect(throws: JSONExtractionError.notJSON) { try extracted("{\"a\":\(number)}", "/a") }
        #expect(throws: JSONExtractionError.notJSON) { try extracted(number, "") }
    }

    @Test("names are compared with their escapes resolved")
    func names() throws {
        let document = #"{"\u0061":1,"n\/b":2,"":3,"\ud83d\ude02":4,"a long name, \"quoted\"":5}"#
        let found = try extracted(
            document,
            "/a",
            "/n~1b",
            "/",
            "/😂",
            "/a long name, \"quoted\"",
            "/u0061",
            "/\\u0061"
        )
        #expect(
            found == [
                .number(1), .number(2), .number(3), .number(4), .number(5), .missing, .missing,
            ]
        )
    }

    @Test("names are told apart at every length", arguments: 0..<40)
    func lengths(length: Int) throws {
        let name = String(repeating: "x", count: length)
        let document = "{\"\(name)y\":1,\"\(name)\\n\":2,\"\(name)\" :3,\"\(name)xx\":4}"
        let found = try extracted(document, "/\(name)", "/\(name)y", "/\(name)\n", "/\(name)x")
        #expect(found == [.number(3), .number(1), .number(2), .missing])
    }

    @Test("strings have their escapes resolved and do not overwrite each other")
    func strings() throws {
        let document =
            #"{"a":"x\n","\u0062":"\ud83d\ude02","c":"plain","\u0064":"\u00e9\"","e":""}"#
        let found = try extracted(document, "/a", "/b", "/c", "/d", "/e")
        #expect(found == ["x\n", "😂", "plain", "é\"", ""].map { Self.text($0) })
    }

    @Test("of repeated names the first counts, even if the path ends there")
    func repeated() throws {
        #expect(try extracted(#"{"a":1,"a":2}"#, "/a") == [.number(1)])
        #expect(
            try extracted(#"{"a":1,"a":{"b":2},"c":3}"#, "/a/b", "/c") == [.missing, .number(3)]
        )
        #expect(try extracted(#"{"a":{"b":1},"\u0061":{"c":2}}"#, "/a/c") == [.missing])
    }

    @Test("paths may be equal, parts of each other, or lead through arrays")
    func shapes() throws {
        let document = #"{"a":{"0":{"b":1}},"c":[[7,8],{"b":2}],"d":3}"#
        let found = try extracted(
            document,
            "/a/0/b",
            "/a",
            "/a/0",
            "/c/1/b",
            "/c",
            "/c/0/1",
            "/c/2",
            "/d",
            "/d",
            ""
        )
        #expect(
            found == [
                .number(1), .object, .object, .number(2), .array, .number(8), .missing, .number(3),
                .number(3), .object,
            ]
        )
    }

    @Test("the whole document may be of any kind")
    func whole() throws {
        #expect(try extracted(" 7 ", "", "/a") == [.number(7), .missing])
        #expect(try extracted(#""\u0061""#, "") == [Self.text("a")])
        #expect(try extracted("null", "") == [.null])
        #expect(try extracted("[]", "", "/0") == [.array, .missing])
        #expect(try extracted("{}", "", "/a") == [.object, .missing])
        #expect(try extracted("[1]") == [])
    }

    @Test(
        "bytes that are no JSON are refused where they are read",
        arguments: [
            "", " ", "{", "[", "\"", "1 2", "nul", "{\"a\"}", "{\"a\":}", "{\"a\":1", "{\"a\" 1}",
            "{\"a\":1,}", "{a:1}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud83d\"}", "{\"\\x\":1}",
            "{\"b\":{\"c\":1}", "{\"b\":[}", "{\"a\":1}}", "{\"b\":,\"c\":1}", "{\"b\":1 2}",
            "{\"b\":1}{}", "{\"a\":\"\u{1}\"}", "[1,2", "{\"b\"::}", "{\"b\":}}", "\u{FEFF}{}",
            "{,}",
        ]
    )
    func refused(text: String) throws {
        #expect(throws: JSONExtractionError.notJSON) { try extracted(text, "/a", "/z", "") }
    }

    @Test("bytes that are no UTF-8 are refused wherever they are")
    func notUTF8() throws {
        let bytes = Array(#"{"a":1,"b":""#.utf8) + [0xC0] + Array(#""}"#.utf8)
        let paths = try pointers(["/a"])
        #expect(throws: JSONExtractionError.notJSON) { try extracted(bytes, paths) }
    }

    @Test("what lies behind everything wanted is not read")
    func early() throws {
        #expect(try extracted(#"{"a":1,"b":nonsense}"#, "/a") == [.number(1)])
        #expect(try extracted(#"{"a":{"b":1,"c":]},"d":2}"#, "/a/b") == [.number(1)])
        #expect(
            try extracted(#"{"a":{"b":[1,[2,{}]],"c":{}},"d":2}"#, "/a/b/0", "/d").last
                == .number(2)
        )
    }

    @Test("documents nest as deep as they like, and paths too")
    func deep() throws {
        let depth = 200_000
        let arrays = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(try extracted("{\"a\":\(arrays),\"b\":1}", "/b") == [.number(1)])
        let steps = String(repeating: "/0", count: 1024)
        #expect(try extracted(arrays, steps) == [.array])
        #expect(try extracted(arrays, steps + "/0", "/0") == [.missing, .array])
        #expect(throws: JSONExtractionError.notJSON) { try extracted("{\"a\":\(arrays)]}", "/b") }
    }

    @Test("a document above the ceiling on size is refused, one below it is read")
    func size() throws {
        let limit = 32 << 20
        var bytes = Array("{\"a\":1}".utf8) + Array(repeating: 0x20, count: limit - 7)
        let paths = try pointers(["/a"])
        #expect(try extracted(bytes, paths) == [.number(1)])
        bytes.append(0x20)
        let refusal = JSONExtractionError.tooLarge(byteCount: limit + 1, limit: limit)
        #expect(throws: refusal) { try extracted(bytes, paths) }
        #expect(
            refusal.description == "JSON too large: found 33554433 bytes, expected at most 33554432"
        )
    }

    @Test("one extractor reads documents of all sizes with any paths, one after the other")
    func reuse() throws {
        var extractor = JSONExtractor()
        let sets = try [["/a"], ["/z", "/a", "/b/c"], [""]].map { try JSONPaths(pointers($0)) }
        for (round, size) in [10, 100_000, 10, 3_000_000, 10, 5000].enumerated() {
            let text = String(repeating: "é", count: size)
            let bytes = Array(#"{"z":"\#(text)\n","a":"\#(size)\u0041"}"#.utf8)
            let paths = sets[round % 2]
            let extraction = try extractor.extract(bytes.span, paths)
            let found = extraction.values.all
            #expect(found[round % 2] == Self.text("\(size)A"))
            if round % 2 == 1 { #expect(found[0] == Self.text(text + "\n")) }
        }
        let bytes: [UInt8] = [0x5B]
        #expect(throws: JSONExtractionError.notJSON) {
            _ = try extractor.extract(bytes.span, sets[0])
        }
        let whole = try extractor.extract([0x31].span, sets[2])
        #expect(whole[0].kind == .number)
    }
}
