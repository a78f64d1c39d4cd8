import Bytes
import DaybookTesting
import JSON
import Testing

@testable import Audit

@Suite struct CanonicalReaderTests {
    private static func tree(_ text: String) throws -> BundleTree {
        try BundleVerifier.tree(Array(text.utf8))
    }

    @Test("canonical documents are read")
    func reads() throws {
        let text = #"{"a":[1,[],{}],"b":"x\"\\\n\u0001é€😀","c":true,"d":false,"e":null}"#
        let tree = try Self.tree(text)
        #expect(tree["a"] == .list([.number(1), .list([]), .object([:])]))
        #expect(tree["b"]?.text == "x\"\\\n\u{1}é€😀")
        #expect(tree["c"] == .truth(true) && tree["d"] == .truth(false) && tree["e"] == .null)
        #expect(try Self.tree("9007199254740991").number == 9_007_199_254_740_991)
    }

    @Test(
        "what is not canonical, or none of a bundle's values, is refused",
        arguments: [
            "", " ", "{", "[", "[1", "[1,", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
            "{\"b\":1,\"a\":2}", "{\"a\":1,\"a\":2}", "{ \"a\":1}", "[1 ]", "[1] ", "01", "-1",
            "1.5", "1e3", "9007199254740992", "99999999999999999999", "\"", "\"\\\"", "\"\\/\"",
            "\"\\u0041\"", "\"\\u000a\"", "\"\\uD83D\"", "\"\n\"", "tru", "nul", "truex", "1]",
            "NaN",
            "'a'", "{1:2}",
        ]
    )
    func refuses(text: String) {
        #expect(throws: Wrong.self) { try Self.tree(text) }
    }

    @Test("nesting is read up to the limit and no further")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try Self.tree(nested(64))
        #expect(throws: Wrong.self) { try Self.tree(nested(65)) }
        #expect(throws: Wrong.self) { try Self.tree(nested(200_000)) }
    }

    @Test("bytes that are not UTF-8 are refused")
    func encoding() {
        for bytes: [UInt8] in [
            [0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80],
        ] {
            #expect(throws: Wrong.self) { try BundleVerifier.tree(bytes) }
        }
    }

    @Test("a damaged document is refused or still canonical", arguments: 0..<50 as Range<UInt64>)
    func damaged(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var bytes = Array(#"{"a":[1,2,"x"],"b":{"c":null,"d":"\n"},"e":123}"#.utf8)
        for _ in 0..<3 {
            let place = Int.random(in: bytes.indices, using: &chance)
            bytes[place] = UInt8.random(in: 0x20...0x7e, using: &chance)
        }
        guard (try? BundleVerifier.tree(bytes)) != nil else { return }
        var parser = JSONParser()
        #expect((try? parser.canonicalized(bytes.span)) == bytes)
    }

    @Test("decimals are summed without rounding")
    func sums() throws {
        var sum = ExactSum()
        for text in ["0.1", "0.2", "-0.05", "1000000000000000000000", "0.000000000001"] {
            sum = try sum.adding(try ExactSum(text: text))
        }
        var expected = try ExactSum(text: "1000000000000000000000.250000000001")
        expected.count = 5
        #expect(sum == expected)
        for text in ["", ".", "1.", ".5", "--1", "+1", "1e3", "1,5", "1.0000000000001", "1.2.3"] {
            #expect(throws: Wrong.self) { try ExactSum(text: text) }
        }
        #expect(throws: Wrong.self) { try ExactSum(text: nil) }
        #expect(throws: Wrong.self) { try ExactSum(text: String(repeating: "9", count: 23)) }
    }
}
