import DaybookTesting
import JSON
import Testing

@testable import Projections

@Suite("Places in a JSON text")
struct JSONPlacesTests {
    /// What a pointer leads to; an error as text.
    private static func found(_ pointer: String, _ text: String) throws -> String? {
        var places = JSONPlaces()
        let bytes = Array(text.utf8)
        let pointer = try JSONPointer(pointer)
        do {
            try places.begin(bytes.span)
            guard let range = try places.find(pointer, in: bytes.span) else { return nil }
            return String(decoding: bytes[range], as: UTF8.self)
        } catch {
            return "error"
        }
    }

    @Test(
        "are those of the values that a pointer leads to, without the white space around",
        arguments: [
            ("", " {} ", "{}"), ("", "5", "5"), ("", " \"a\" ", "\"a\""), ("/0", "[1]", "1"),
            ("/1", " [ 1 ,\t[ 2 ] , 3\n] ", "[ 2 ]"), ("/1/0", "[1,[2],3]", "2"),
            ("/2", "[1,[2],3 ]", "3"), ("/a", #"{ "a" : { "b" : [ ] } }"#, #"{ "b" : [ ] }"#),
            ("/a/b", #"{ "a" : { "b" : [ ] } }"#, "[ ]"),
            ("/b", #"{"a":"}]\\","b":true}"#, "true"),
            ("/b", #"{"a":"\"","b":"\\\""}"#, #""\\\"""#),
            ("/a", #"{"a":1,"a":2}"#, "1"), ("/", #"{"":7}"#, "7"), ("//0", #"{"":[8]}"#, "8"),
            ("/a~1b", #"{"a/b":1}"#, "1"), ("/a~0b", #"{"a~b":1}"#, "1"),
            ("/~01", #"{"~1":1}"#, "1"), ("/a/b", #"{"a\/b":1,"a":{"b":2}}"#, "2"),
            ("/é", #"{"\u00e9":1}"#, "1"), ("/\u{1}", #"{"\u0001":1}"#, "1"),
            ("/0", #"{"0":"zero"}"#, #""zero""#), ("/1/0", "[[[]],[-1.5e3]]", "-1.5e3"),
        ]
    )
    func places(pointer: String, text: String, found: String) throws {
        #expect(try Self.found(pointer, text) == found)
    }

    @Test(
        "are none where a pointer leads nowhere",
        arguments: [
            ("/0", "[]"), ("/1", "[1]"), ("/00", "[1]"), ("/+0", "[1]"), ("/-", "[1]"),
            ("/18446744073709551616", "[1]"), ("/a", "[1]"), ("/", "[1]"), ("/a", "{}"),
            ("/0", #""text""#), ("/a/b", #"{"a":5}"#), ("/a/0", #"{"a":"x"}"#), ("/b", #"{"a":1}"#),
        ]
    )
    func nowhere(pointer: String, text: String) throws {
        #expect(try Self.found(pointer, text) == nil)
    }

    @Test(
        "are refused in what is no JSON, as far as it is read",
        arguments: [
            ("", ""), ("", "x y"), ("", "[1"), ("", "[1]]"), ("", "{} {}"), ("", "\"a"),
            ("/0", "[1,]"), ("/0", "[,1]"), ("/0", "[1 2]"), ("/0", "[1}"), ("/a", "{\"a\":1]"),
            ("/a", "{a:1}"), ("/a", "{\"a\" 1}"), ("/a", "{\"a\":}"), ("/a", "{\"a\":1,}"),
            ("/a", #"{"\x":1,"a":2}"#), ("/a/0", #"{"a":[1 2]}"#), ("/0", "[\"\u{1}\"]"),
        ]
    )
    func refused(pointer: String, text: String) throws {
        #expect(try Self.found(pointer, text) == "error")
    }

    // MARK: - Against the parser

    private static func document(_ depth: Int, _ chance: inout SeededChance) -> String {
        let space = ["", "", " ", "\n\t"]
        func gap() -> String { space.randomElement(using: &chance) ?? "" }
        let scalars = ["1", "-0.5e2", "true", "null", #""a,]}\"\\""#, #""""#, #""é\u00e9""#]
        guard depth > 0, Int.random(in: 0...4, using: &chance) > 0 else {
            return scalars.randomElement(using: &chance) ?? "1"
        }
        let count = Int.random(in: 0...4, using: &chance)
        if Bool.random(using: &chance) {
            let elements = (0..<count).map { _ in gap() + document(depth - 1, &chance) + gap() }
            return "[\(gap())\(elements.joined(separator: ","))]"
        }
        let names = [#""a""#, #""b/c""#, #""\u0061~""#, #""0""#, #""""#, #""x\\y""#]
        let members = (0..<count).map { _ in
            let name = names.randomElement(using: &chance) ?? ""
            return "\(gap())\(name)\(gap()):\(gap())\(document(depth - 1, &chance))\(gap())"
        }
        return "{\(gap())\(members.joined(separator: ","))}"
    }

    /// The pointers to all values, those that an earlier member of the same name hides included.
    private static func pointers(_ text: [UInt8]) throws -> [String] {
        var all: [String] = []
        var parser = JSONParser()
        let document = try parser.parse(text.span)
        pointers(document, "", &all)
        return all
    }

    private static func pointers(_ value: JSONValue, _ path: String, _ all: inout [String]) {
        all.append(path)
        var index = 0
        var elements = value.elements
        while let element = elements.next() {
            pointers(element, "\(path)/\(index)", &all)
            index += 1
        }
        var members = value.members
        while let member = members.next() {
            let name = member.name.replacing("~", with: "~0").replacing("/", with: "~1")
            pointers(member.value, "\(path)/\(name)", &all)
        }
    }

    /// The value that a pointer leads to, by the parser; `nil` if there is none.
    private static func parsed(_ pointer: String, _ text: [UInt8]) throws -> String? {
        let pointer = try JSONPointer(pointer)
        var parser = JSONParser()
        let document = try parser.parse(text.span)
        guard let value = document.at(pointer) else { return nil }
        return description(value)
    }

    private static func description(_ value: JSONValue) -> String {
        var parts: [String] = []
        value.forEachElement { parts.append(description($0)) }
        value.forEachMember {
            parts.append("\($0.name.debugDescription): \(description($0.value))")
        }
        let scalar = value.scalarText ?? value.string ?? value.double.map { "\($0)" } ?? ""
        return "\(value.kind) \(scalar) \(parts)"
    }

    @Test("are where the parser finds the same values, in any order", arguments: 1...200)
    func oracle(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let text = Array(" \(Self.document(5, &chance)) ".utf8)
        var places = JSONPlaces()
        try places.begin(text.span)
        for path in try Self.pointers(text).shuffled(using: &chance) {
            let pointer = try JSONPointer(path)
            let range = try places.find(pointer, in: text.span)
            let found = try range.flatMap { try Self.parsed("", Array(text[$0])) }
            let expected = try Self.parsed(path, text)
            #expect(found == expected, "\(path)")
        }
    }

    @Test("are found or refused in any bytes, and lie within them", arguments: 1...200)
    func hostile(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        var text = Array(Self.document(5, &chance).utf8)
        let signs = Array(#"{}[],:"\ x1"#.utf8)
        for _ in 0...Int.random(in: 0...3, using: &chance) {
            let place = Int.random(in: text.indices, using: &chance)
            text[place] = signs.randomElement(using: &chance) ?? 0
        }
        var places = JSONPlaces()
        guard (try? places.begin(text.span)) != nil else { return }
        for path in ["", "/0", "/a", "/0/a/1", "/b~1c/0", "/a~0", "/1/1/1", "//0"] {
            let pointer = try JSONPointer(path)
            guard let range = try? places.find(pointer, in: text.span) else { continue }
            #expect(!range.isEmpty && range.upperBound <= text.count)
        }
    }
}
