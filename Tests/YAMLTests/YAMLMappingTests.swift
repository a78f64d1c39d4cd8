import Testing
import YAML

@Suite("Mappings")
struct YAMLMappingTests {
    static let keys = ["origin", "listen", "head_file", "sources", "services"]

    @Test("keys that are allowed are found")
    func allowed() throws {
        let mapping = try parsed("listen: a\norigin: b\n").mapping(allowed: Self.keys)
        #expect(mapping["listen"]?.text == "a")
        #expect(try mapping.required("origin").text == "b")
        #expect(mapping["sources"] == nil)
        #expect(mapping.entries.map(\.name) == ["listen", "origin"])
    }

    @Test(
        "an unknown key is refused with the nearest one",
        arguments: [
            ("lisen", "\"listen\""), ("listne", "\"listen\""), ("Listen", "\"listen\""),
            ("headfile", "\"head_file\""), ("source", "\"sources\""), ("service", "\"services\""),
            ("orogin", "\"origin\""), ("hed_fiel", "\"head_file\""),
            ("port", "one of origin, listen, head_file, sources, services"),
            ("x", "one of origin, listen, head_file, sources, services"),
        ]
    )
    func unknown(key: String, expected: String) throws {
        let node = try parsed("origin: a\n\(key): b\n")
        let found = message { _ = try node.mapping(allowed: Self.keys) }
        #expect(found == "daybook.yaml:2:1: unknown key \"\(key)\", expected \(expected)")
    }

    @Test("a single allowed key is named by itself")
    func single() throws {
        let node = try parsed("abc: 1")
        let found = message { _ = try node.mapping(allowed: ["bearer"]) }
        #expect(found == "daybook.yaml:1:1: unknown key \"abc\", expected \"bearer\"")
    }

    @Test("a key of a hundred thousand characters is refused in good time")
    func long() throws {
        let key = String(repeating: "x", count: 100_000)
        let node = try parsed("? \(key)\n: 1\n")
        let found = message { _ = try node.mapping(allowed: Self.keys) }
        #expect(found?.contains("…\", expected one of origin") == true)
    }

    @Test("a missing key is refused at the mapping's place")
    func missing() throws {
        let node = try #require(parsed("a:\n  b: c")["a"])
        let mapping = try node.mapping
        let found = message { _ = try mapping.required("secrets") }
        #expect(found == "daybook.yaml:2:3: missing key \"secrets\"")
    }

    @Test("what is no mapping is refused", arguments: [("[]", "a list"), ("x", "\"x\"")])
    func noMapping(text: String, finding: String) throws {
        let node = try parsed(text)
        #expect(
            message { _ = try node.mapping(allowed: ["a"]) }
                == "daybook.yaml:1:1: found \(finding), expected a mapping"
        )
        #expect(node["a"] == nil)
    }
}
