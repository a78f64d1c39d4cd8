import JSON
import Testing

@Suite("Depth")
struct JSONDepthTests {
    static func arrays(_ depth: Int, around core: String = "") -> String {
        String(repeating: "[", count: depth) + core + String(repeating: "]", count: depth)
    }

    static func objects(_ depth: Int) -> String {
        String(repeating: "{\"a\":", count: depth - 1) + "{}"
            + String(repeating: "}", count: depth - 1)
    }

    @Test("64 levels pass", arguments: [arrays(64), arrays(64, around: "1"), objects(64)])
    func deepest(text: String) {
        #expect(parseError(text) == nil)
    }

    @Test("65 levels are refused where the last one opens", arguments: ["", "1", "[]", "[[[1]]]"])
    func tooDeep(core: String) {
        let error = parseError(Self.arrays(65, around: core))
        #expect(error == .tooDeep(offset: 64, limit: 64))
        #expect(
            error?.description == "JSON too deep: found level 65 at byte 64, expected at most 64"
        )
        #expect(parseError(Self.objects(65)) == .tooDeep(offset: 64 * 5, limit: 64))
    }

    @Test("a hundred thousand levels are refused, closed or not")
    func hostile() {
        #expect(parseError(Self.arrays(100_000)) == .tooDeep(offset: 64, limit: 64))
        let open = String(repeating: "[", count: 100_000)
        #expect(parseError(open) == .tooDeep(offset: 64, limit: 64))
        let objects = String(repeating: "{\"a\":", count: 100_000)
        #expect(parseError(objects) == .tooDeep(offset: 64 * 5, limit: 64))
    }

    @Test("a parser has the depth it was made with", arguments: [1, 2, 63, 65, 200])
    func configured(depth: Int) {
        for core in ["", "1"] {
            let allowed = Array(Self.arrays(depth, around: core).utf8)
            #expect(parseError(allowed, depth: depth) == nil)
            let refused = Array(Self.arrays(depth + 1, around: core).utf8)
            #expect(
                parseError(refused, depth: depth) == .tooDeep(offset: depth, limit: depth)
            )
        }
    }

    @Test("the limit holds again after a document at the limit")
    func reuse() throws {
        var parser = JSONParser()
        for _ in 0..<3 {
            let text = Self.arrays(64, around: "1")
            #expect(try parser.parse(text.utf8Span.span).count == 1)
            #expect(throws: JSONError.tooDeep(offset: 64, limit: 64)) {
                _ = try parser.parse(Self.arrays(65).utf8Span.span)
            }
        }
    }
}
