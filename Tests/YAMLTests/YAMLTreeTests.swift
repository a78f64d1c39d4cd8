import Testing
import YAML

@Suite("Trees")
struct YAMLTreeTests {
    @Test(
        "values are found with their places",
        arguments: [
            ("a", "a@1:1"), ("'a'", "'a'@1:1"), ("\"a\\n\\u00e9\"", "'a\né'@1:1"),
            ("a: 1", "{a@1:1:1@1:4}@1:1"), ("\n# x\n  a: 1", "{a@3:3:1@3:6}@3:3"),
            ("- a\n- - b\n  - c\n", "[a@1:3 [b@2:5 c@3:5]@2:3]@1:1"),
            ("a:\n- b\n", "{a@1:1:[b@2:3]@2:1}@1:1"),
            (
                "a:\n  b: [c, 'd']\n  e: {f: g}\n",
                "{a@1:1:{b@2:3:[c@2:7 'd'@2:10]@2:6 e@3:3:{f@3:7:g@3:10}@3:6}@2:3}@1:1"
            ),
            ("a:\nb: ~\n", "{a@1:1:@1:3 b@2:1:~@2:4}@1:1"),
            ("é: ü", "{é@1:1:ü@1:4}@1:1"),
            ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{a@1:1:'x\ny\n'@1:4 b@4:1:'x y'@4:4}@1:1"),
            ("a: x\n  y", "{a@1:1:x y@1:4}@1:1"),
            ("--- {}\n...\n", "{}@1:5"), ("[]", "[]@1:1"), ("---\n", "@2:1"),
            ("\u{FEFF}a: b", "{a@1:1:b@1:4}@1:1"),
            ("a: b\r\nc: d\r\n", "{a@1:1:b@1:4 c@2:1:d@2:4}@1:1"),
            (
                "{ from: { type: \"orders/*\" }, at: /updated_at, to: https://x.example/y }",
                "{from@1:3:{type@1:11:'orders/*'@1:17}@1:9 at@1:31:/updated_at@1:35 "
                    + "to@1:48:https://x.example/y@1:52}@1:1"
            ),
            ("limits: [60/1m, 5000/1d]", "{limits@1:1:[60/1m@1:10 5000/1d@1:17]@1:9}@1:1"),
            ("secrets: [env:A, plain:b]", "{secrets@1:1:[env:A@1:11 plain:b@1:18]@1:10}@1:1"),
            ("no: on\n1: 2\ntrue: x", "{no@1:1:on@1:5 1@2:1:2@2:4 true@3:1:x@3:7}@1:1"),
        ]
    )
    func places(text: String, expected: String) throws {
        #expect(try outline(text) == expected)
    }

    @Test("the bytes need not be a whole array")
    func slice() throws {
        let bytes = Array("xxa: bxx".utf8)
        let node = try parseYAML(bytes.span.extracting(2..<6), file: "x")
        #expect(node["a"]?.text == "b")
    }

    @Test("32 levels pass, 33 are refused where the last one opens")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(message(of: nested(32)) == nil)
        let refused = "daybook.yaml:1:33: too deep: found level 33, expected at most 32"
        #expect(message(of: nested(33)) == refused)
        #expect(message(of: String(repeating: "[", count: 1_000_000)) == refused)
        let block = (0..<33).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
        #expect(
            message(of: block)
                == "daybook.yaml:33:33: too deep: found level 33, expected at most 32"
        )
    }

    @Test("a hundred thousand values pass, more are refused")
    func count() {
        func list(_ count: Int) -> String { String(repeating: "- a\n", count: count) }
        #expect(message(of: list(99_999)) == nil)
        #expect(
            message(of: list(100_000))
                == "daybook.yaml:100000:3: too many values, expected at most 100000"
        )
    }

    @Test("a mebibyte passes, one byte more is refused")
    func size() {
        let text = "a: " + String(repeating: "x", count: (1 << 20) - 3)
        #expect(message(of: text) == nil)
        #expect(
            message(of: text + "x")
                == "daybook.yaml:1:1: too large: found 1048577 bytes, expected at most 1048576"
        )
    }
}
