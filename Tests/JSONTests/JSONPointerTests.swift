import JSON
import Testing

@Suite("JSON Pointers")
struct JSONPointerTests {
    /// The document of RFC 6901 section 5.
    static let example = #"""
        {"foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5,
         "k\"l": 6, " ": 7, "m~n": 8}
        """#

    @Test(
        "the examples of RFC 6901 lead where it says",
        arguments: [
            ("/foo/0", "bar"), ("/foo/1", "baz"), ("/", "0"), ("/a~1b", "1"), ("/c%d", "2"),
            ("/e^f", "3"), ("/g|h", "4"), ("/i\\j", "5"), ("/k\"l", "6"), ("/ ", "7"),
            ("/m~0n", "8"),
        ]
    )
    func examples(text: String, value: String) throws {
        let pointer = try JSONPointer(text)
        #expect(try reading(Self.example) { $0.at(pointer)?.scalarText } == value)
        #expect(pointer.description == text)
    }

    @Test("the empty pointer means the whole document")
    func whole() throws {
        let pointer = try JSONPointer("")
        #expect(try reading(Self.example) { $0.at(pointer)?.count } == 10)
        #expect(try reading("7") { $0.at(pointer)?.int64 } == 7)
    }

    @Test(
        "a path that is not there leads nowhere",
        arguments: [
            "/bar", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/+1", "/foo/-1", "/foo/1e0",
            "/foo/", "/foo/0/x", "/foo/99999999999999999999", "/foo/4294967296", "/foo/bar",
            "/a", "/ /", "//",
        ]
    )
    func missing(text: String) throws {
        let pointer = try JSONPointer(text)
        #expect(try reading(Self.example) { $0.at(pointer) == nil })
    }

    @Test("digits are names in an object and numbers in an array")
    func digits() throws {
        let pointer = try JSONPointer("/0/10")
        #expect(try reading(#"{"0":[0,1,2,3,4,5,6,7,8,9,"x"]}"#) { $0.at(pointer)?.string } == "x")
        #expect(try reading(#"[{"1":1,"10":"y"}]"#) { $0.at(pointer)?.string } == "y")
    }

    @Test("escapes are resolved once, in the order of the RFC")
    func escapes() throws {
        let pointer = try JSONPointer("/~01/~10")
        #expect(try reading(#"{"~1":{"/0":"x"}}"#) { $0.at(pointer)?.string } == "x")
    }

    @Test("of repeated names the first counts")
    func repeated() throws {
        let pointer = try JSONPointer("/a")
        #expect(try reading(#"{"a":1,"a":2}"#) { $0.at(pointer)?.int64 } == 1)
    }

    @Test("a pointer starts anywhere")
    func relative() throws {
        let pointer = try JSONPointer("/b")
        #expect(try reading(#"{"a":{"b":3}}"#) { $0.member("a")?.at(pointer)?.int64 } == 3)
    }

    @Test(
        "a text that is no pointer is refused with the reason",
        arguments: [
            ("a", "not a JSON Pointer: found \"a\", expected a leading /"),
            ("#/a", "not a JSON Pointer: found \"#/a\", expected a leading /"),
            ("/~", "not a JSON Pointer: found \"/~\", expected 0 or 1 after each ~"),
            ("/a~2", "not a JSON Pointer: found \"/a~2\", expected 0 or 1 after each ~"),
            ("/~/0", "not a JSON Pointer: found \"/~/0\", expected 0 or 1 after each ~"),
        ]
    )
    func refused(text: String, message: String) {
        let error = #expect(throws: JSONPointerError.self) { try JSONPointer(text) }
        #expect(error?.description == message)
    }
}
