import Foundation
import JSON
import Testing

@Suite struct TopLevelElementsTests {
    private func elements(_ text: String, limit: Int = 100) throws -> (Int, [String])? {
        var parser = JSONParser()
        let bytes = Array(text.utf8)
        guard let found = try parser.topLevelElements(bytes.span, limit: limit) else { return nil }
        return (found.count, found.ranges.map { String(decoding: bytes[$0], as: UTF8.self) })
    }

    @Test(
        "the exact bytes of each element are found",
        arguments: [
            ("[]", []), (" [ ] ", []), ("[1]", ["1"]),
            ("[ 1 , 2.50 ,null]", ["1", "2.50", "null"]),
            ("[[],[[1,2],{}],{\"a\":[1,\"]\"]}]", ["[]", "[[1,2],{}]", "{\"a\":[1,\"]\"]}"]),
            (
                "\n[\t\"a,b\" ,\"\\\"]\",\r\n{ \"x\" : 1 } ]",
                ["\"a,b\"", "\"\\\"]\"", "{ \"x\" : 1 }"]
            ),
        ] as [(String, [String])]
    )
    func exact(text: String, expected: [String]) throws {
        let found = try #require(try elements(text))
        #expect(found.1 == expected)
        #expect(found.0 == expected.count)
    }

    @Test("beyond the limit elements are counted only", arguments: [0, 1, 999, 1000, 1001, 2000])
    func limit(limit: Int) throws {
        let text = "[" + (0..<1000).map { "\($0)" }.joined(separator: " , ") + "]"
        let found = try #require(try elements(text, limit: limit))
        #expect(found.0 == 1000)
        #expect(found.1 == (0..<min(limit, 1000)).map { "\($0)" })
    }

    @Test(
        "what is no array has no elements",
        arguments: ["{}", "1", "\"[]\"", "null", "{\"a\":[1]}"]
    )
    func others(text: String) throws {
        #expect(try elements(text) == nil)
    }

    @Test(
        "what is no JSON is refused",
        arguments: ["", "[", "[1,]", "[1 2]", "[1]]", "[01]", "[\u{0}]"]
    )
    func broken(text: String) {
        #expect(throws: JSONError.self) { try elements(text) }
    }
}
