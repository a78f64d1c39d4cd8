import JSON
import Testing

@Suite("Repeated member names")
struct DuplicateKeyTests {
    @Test(
        "a repeated name is refused with its members and depth",
        arguments: [
            (#"{"a":1,"a":1}"#, 0, 1, 1), (#"{"a":1,"b":2,"\u0061":3}"#, 0, 2, 1),
            (#"{"z":[{"y":{"b":1,"a":2,"b":3}}]}"#, 0, 2, 4), (#"[[],{"":1,"":2}]"#, 0, 1, 2),
        ]
    )
    func refused(text: String, first: Int, second: Int, depth: Int) throws {
        let error = JSONError.duplicateKey(first: first, second: second, depth: depth)
        #expect(throws: error) { try canonical(text) }
        #expect(throws: error) { try reading(text) { try $0.requireDistinctKeys() } }
        #expect(try reading(text) { $0.hasDuplicateKeys })
        #expect(
            error.description == "JSON member name repeated: found in members \(first + 1) and "
                + "\(second + 1) of an object at depth \(depth), expected distinct names"
        )
    }

    @Test(
        "equal names in different objects are no repetition",
        arguments: [
            #"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#, "{}", "[]", "1", "1.5", "\"a\"",
            "[1.5,18446744073709551615,\"x\",null,{}]",
        ]
    )
    func accepted(text: String) throws {
        #expect(try !reading(text) { $0.hasDuplicateKeys })
    }

    @Test("only the value asked is looked at")
    func scope() throws {
        let text = #"[{"a":{"b":1}},{"c":1,"c":2}]"#
        #expect(try reading(text) { $0.element(0)?.hasDuplicateKeys } == false)
        #expect(try reading(text) { $0.element(1)?.hasDuplicateKeys } == true)
    }

    @Test("a hundred thousand names are compared in good time")
    func many() throws {
        let names = (0..<100_000).reversed().map { "\"k\($0)\":0" }
        let distinct = "{" + names.joined(separator: ",") + "}"
        #expect(try !reading(distinct) { $0.hasDuplicateKeys })
        let repeated = "{" + (names + ["\"k7\":1"]).joined(separator: ",") + "}"
        #expect(throws: JSONError.duplicateKey(first: 99_992, second: 100_000, depth: 1)) {
            try canonical(repeated)
        }
    }
}
