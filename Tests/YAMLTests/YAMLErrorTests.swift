import Testing
import YAML

@Suite("Refused files")
struct YAMLErrorTests {
    static let writtenOut = "each value written out, without anchors and aliases"

    @Test(
        "what our files may not have is refused with its place",
        arguments: [
            ("", "1:1: found nothing, expected a document"),
            ("# only a comment\n", "2:1: found nothing, expected a document"),
            ("listen: a\nb: c\nlisten: d", "3:1: duplicate key \"listen\", first at line 1"),
            ("a: {b: 1, 'b': 2}", "1:11: duplicate key \"b\", first at line 1"),
            (
                "a: &x 1\nb: *x\n",
                "1:4: found anchor \"&x\", expected \(writtenOut)"
            ),
            (
                "b: *x\n",
                "1:4: found alias \"*x\", expected \(writtenOut)"
            ),
            (
                "&k a: b",
                "1:1: found anchor \"&k\", expected \(writtenOut)"
            ),
            (
                "- &l [a]",
                "1:3: found anchor \"&l\", expected \(writtenOut)"
            ),
            (
                "a: !!str 1",
                "1:4: found tag \"tag:yaml.org,2002:str\", expected a value without tag"
            ),
            ("a: !secret b", "1:4: found tag \"!secret\", expected a value without tag"),
            ("!x {a: b}", "1:1: found tag \"!x\", expected a value without tag"),
            ("a: 1\n---\nb: 2\n", "2:1: found a second document, expected one"),
            ("--- a\n...\n---\n", "3:1: found a second document, expected one"),
            ("? [a]\n: b", "1:3: found a list, expected a text as key"),
            ("{a: b}: c", "1:1: found a mapping, expected a text as key"),
            ("? \n: b", "1:2: found nothing, expected a text as key"),
            ("{? : b}", "1:4: found nothing, expected a text as key"),
            ("null: b", "1:1: found null, expected a text as key"),
            ("a: \u{1}", "1:4: found control character 0x1, expected text"),
            ("a: b\nc: \0\n", "2:4: found control character 0x0, expected text"),
        ]
    )
    func refused(text: String, expected: String) {
        #expect(message(of: text) == "daybook.yaml:\(expected)")
    }

    @Test(
        "broken YAML is refused in libyaml's words, with its place",
        arguments: [
            ("a:\n\tb: 1", "2:1: found a tab, expected spaces for indentation"),
            ("\ta: 1", "1:1: found a tab, expected spaces for indentation"),
            ("a: 1\n b: 2", "2:3: mapping values are not allowed in this context"),
            (
                "a:\n    b: 1\n  c: 2",
                "3:3: did not find expected key while parsing a block mapping that starts at line 1"
            ),
            (
                "- a\nb: c",
                "2:1: did not find expected '-' indicator while parsing a block collection "
                    + "that starts at line 1"
            ),
            (
                "a: [1, 2",
                "2:1: did not find expected ',' or ']' while parsing a flow sequence "
                    + "that starts at line 1"
            ),
            (
                "a: {b: 1\nc: d\n",
                "2:2: did not find expected ',' or '}' while parsing a flow mapping "
                    + "that starts at line 1"
            ),
            (
                "a: 'b\n",
                "2:1: found unexpected end of stream while scanning a quoted scalar "
                    + "that starts at line 1"
            ),
            (
                "a: \"\\q\"",
                "1:5: found unknown escape character while parsing a quoted scalar "
                    + "that starts at line 1"
            ),
            (
                ": b",
                "1:1: did not find expected key while parsing a block mapping that starts at line 1"
            ),
            ("a\nb: c", "2:2: mapping values are not allowed in this context"),
            (
                "a: @b",
                "1:4: found character that cannot start any token while scanning for the "
                    + "next token that starts at line 1"
            ),
            (
                "a: %b",
                "1:4: found character that cannot start any token while scanning for the "
                    + "next token that starts at line 1"
            ),
        ]
    )
    func broken(text: String, expected: String) {
        #expect(message(of: text) == "daybook.yaml:\(expected)")
    }

    @Test(
        "bytes that are not UTF-8 are refused with their place",
        arguments: [
            ([0x61, 0xFF], "1:2"), ([0x61, 0x3A, 0x0A, 0x20, 0xC3], "2:2"),
            ([0xC3, 0xA9, 0x0A, 0xC3, 0xA9, 0xED, 0xA0, 0x80], "2:2"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1"), ([0xC0, 0x80], "1:1"),
        ] as [([UInt8], String)]
    )
    func notUTF8(bytes: [UInt8], place: String) {
        let found = message { _ = try parseYAML(bytes.span, file: "x.yaml") }
        #expect(found == "x.yaml:\(place): found bytes that are not UTF-8, expected UTF-8")
    }

    @Test("UTF-16 without its mark is refused")
    func utf16() {
        let found = message { _ = try parseYAML([0x61, 0, 0x3A, 0].span, file: "x.yaml") }
        #expect(found == "x.yaml:1:2: found control character 0x0, expected text")
    }

    @Test("a billion laughs are refused at the first")
    func laughs() {
        let text = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
        #expect(message(of: text)?.hasPrefix("daybook.yaml:1:4: found anchor \"&a\"") == true)
    }

    @Test("a file cut anywhere is read or refused, never more")
    func truncated() throws {
        let bytes = Array(
            """
            origin: shop.example.com/daybook
            sources:
              stripe: { provider: stripe, secrets: [env:A, 'file:b', "c\\u00e9"] }
            text: |
              two
              lines
            """.utf8
        )
        var refused = 0
        for count in bytes.indices {
            do throws(YAMLError) {
                _ = try parseYAML(bytes.span.extracting(..<count), file: "x")
            } catch {
                refused += 1
                #expect(error.place.line <= 6)
            }
        }
        #expect(refused > 20)
        #expect(refused < bytes.count)
    }
}
