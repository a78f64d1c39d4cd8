import DaybookTesting
import JSON
import Testing

@Suite("Exact bytes of members")
struct TopLevelMembersTests {
    func found(_ text: String) throws -> [String] {
        var parser = JSONParser()
        let bytes = Array(text.utf8)
        return try parser.topLevelMembers(bytes.span).map { key, range in
            "\(key)=\(String(decoding: bytes[range], as: UTF8.self))"
        }
    }

    @Test(
        "each member's value is found as it was written",
        arguments: [
            ("{}", []), (" { } ", []), (#"{"a":1}"#, ["a=1"]),
            (
                #"{"a" : "x\"}," , "data":{ "b": [1, {"c":"}]"}] }}"#,
                [#"a="x\"},""#, #"data={ "b": [1, {"c":"}]"}] }"#]
            ),
            (
                "\n{\t\"n\":-1.50e+2\r\n,\"t\":true ,\"f\" :false,\"z\": null}\n",
                ["n=-1.50e+2", "t=true", "f=false", "z=null"]
            ),
            (
                #"{"\u0064ata\\":"\\","":[],"e":"","data":[[],{}]}"#,
                [#"data\="\\""#, "=[]", "e=\"\"", "data=[[],{}]"]
            ),
            (#"{"a":1,"a":2}"#, ["a=1", "a=2"]),
            (#"{"é":"漢"}"#, ["é=\"漢\""]),
        ] as [(String, [String])]
    )
    func exact(text: String, members: [String]) throws {
        #expect(try found(text) == members)
    }

    @Test(
        "what is no object is refused with its kind",
        arguments: [
            ("[1]", "an array"), ("\"{}\"", "a string"), ("1", "an integer"), ("null", "null"),
        ]
    )
    func notAnObject(text: String, kind: String) {
        let error = #expect(throws: JSONError.self) { try found(text) }
        #expect(
            error?.description == "wrong kind of JSON: found \(kind), expected an object"
        )
    }

    @Test("the document is validated before anything is found")
    func validated() {
        #expect(throws: JSONError.notJSON(offset: 7, found: 0x78, expected: .value)) {
            try found("{\"a\": [x]}")
        }
    }

    @Test("the bytes found parse to what the whole document holds", arguments: 0..<10)
    func agrees(seed: UInt64) throws {
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 3000))
        var parser = JSONParser()
        var part = JSONParser()
        for _ in 0..<100 {
            let text = Array("{\"x\":\(writer.document()), \"y\" :\(writer.document())}".utf8)
            let ranges = try parser.topLevelMembers(text.span)
            let whole = try parser.parse(text.span)
            for (key, range) in ranges {
                let alone = try Tree(part.parse(text.span.extracting(range)))
                guard let member = whole.member(key) else {
                    Issue.record("no member \(key)")
                    continue
                }
                let within = Tree(member)
                #expect(alone == within)
            }
        }
    }
}
