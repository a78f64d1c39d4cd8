import Testing
import YAML

@Suite("Typed access")
struct YAMLAccessTests {
    func value(_ text: String) throws -> YAMLNode {
        try #require(parsed("key: \(text)")["key"])
    }

    @Test(
        "plain scalars mean what YAML 1.2's core schema says, others are text",
        arguments: [
            ("true", .boolean(true)), ("false", .boolean(false)), ("null", .null), ("~", .null),
            ("", .null), ("0", .integer(0)), ("-12", .integer(-12)), ("+7", .integer(7)),
            ("007", .integer(7)), ("9223372036854775807", .integer(.max)),
            ("9223372036854775808", .text("9223372036854775808")), ("no", .text("no")),
            ("on", .text("on")), ("yes", .text("yes")), ("True", .text("True")),
            ("NULL", .text("NULL")), ("1.5", .text("1.5")), ("0x10", .text("0x10")),
            ("0o7", .text("0o7")), ("1_000", .text("1_000")), ("12:30", .text("12:30")),
            ("2024-06-20", .text("2024-06-20")), ("'true'", .text("true")), ("\"1\"", .text("1")),
            ("''", .text("")), ("'~'", .text("~")), ("|\n  1", .text("1")),
        ] as [(String, YAMLScalar)]
    )
    func core(text: String, scalar: YAMLScalar) throws {
        #expect(try value(text).scalar == scalar)
        #expect(try value(text).isNull == (scalar == .null))
    }

    @Test("lists and mappings are no scalars", arguments: ["[]", "{}"])
    func noScalar(text: String) throws {
        #expect(try value(text).scalar == nil)
        #expect(try value(text).text == nil)
        #expect(try !value(text).isNull)
    }

    @Test("a text is any scalar but null", arguments: ["a b", "1", "true", "no", "''", "'~'"])
    func strings(text: String) throws {
        #expect(try value(text).string == text.filter { $0 != "'" })
    }

    @Test(
        "what is no text is refused",
        arguments: [
            ("~", "found null"), ("null", "found null"), ("", "found nothing"),
            ("[a]", "found a list"), ("{a: b}", "found a mapping"),
        ]
    )
    func noText(text: String, finding: String) throws {
        let node = try value(text)
        #expect(message { _ = try node.string }?.hasSuffix("\(finding), expected a text") == true)
    }

    @Test("integers within bounds are read", arguments: [-3, 0, 5])
    func integers(number: Int) throws {
        #expect(try value("\(number)").integer(in: -3...5) == number)
    }

    @Test(
        "other integers and other values are refused",
        arguments: [
            ("0", "\"0\""), ("65536", "\"65536\""), ("'80'", "\"80\""), ("8e1", "\"8e1\""),
            ("80.0", "\"80.0\""), ("http", "\"http\""), ("[80]", "a list"),
            ("99999999999999999999", "\"99999999999999999999\""), ("", "nothing"),
        ]
    )
    func noInteger(text: String, finding: String) throws {
        let node = try value(text)
        let found = message { _ = try node.integer(in: 1...65535) }
        let place = "daybook.yaml:1:\(text.isEmpty ? 5 : 6)"
        #expect(found == "\(place): found \(finding), expected an integer from 1 to 65535")
    }

    @Test("only true and false are booleans")
    func booleans() throws {
        #expect(try value("true").boolean)
        #expect(try !value("false").boolean)
        for (text, finding) in [("no", "\"no\""), ("1", "\"1\""), ("'true'", "\"true\"")] {
            let node = try value(text)
            let found = message { _ = try node.boolean }
            #expect(found == "daybook.yaml:1:6: found \(finding), expected true or false")
        }
    }

    @Test("a list is read, and where one may do without, one")
    func lists() throws {
        #expect(try value("[a, b]").list.map(\.text) == ["a", "b"])
        #expect(try value("[a, b]").oneOrMore.map(\.text) == ["a", "b"])
        #expect(try value("a").oneOrMore.map(\.text) == ["a"])
        #expect(try value("[]").list.isEmpty)
        let node = try value("a")
        let found = message { _ = try node.list }
        #expect(found == "daybook.yaml:1:6: found \"a\", expected a list")
    }

    @Test("one of several words is read, another is refused with the nearest")
    func words() throws {
        #expect(try value("latest").word(of: ["latest", "sum"]) == "latest")
        let near = try value("lastest")
        #expect(
            message { _ = try near.word(of: ["latest", "sum"]) }
                == "daybook.yaml:1:6: found \"lastest\", expected \"latest\""
        )
        let far = try value("median")
        #expect(
            message { _ = try far.word(of: ["latest", "sum"]) }
                == "daybook.yaml:1:6: found \"median\", expected one of latest, sum"
        )
    }

    @Test("an error never tells a secret, and quotes no more than a line")
    func discretion() throws {
        let secret = try value("plain:hunter2")
        let told = message { _ = try secret.boolean }
        #expect(told == "daybook.yaml:1:6: found a secret, expected true or false")
        let long = try value(String(repeating: "x", count: 100))
        let cut = message { _ = try long.boolean }
        #expect(cut?.contains("\"\(String(repeating: "x", count: 40))…\"") == true)
        let lines = try value("|\n  a\n  b\n")
        let joined = message { _ = try lines.boolean }
        #expect(joined == "daybook.yaml:1:6: found \"a b \", expected true or false")
    }

    @Test("the caller's own errors carry the node's place")
    func ownErrors() throws {
        let node = try value("x")
        #expect(node.error("no such source").description == "daybook.yaml:1:6: no such source")
        #expect(
            node.error("found x", expected: "y").description
                == "daybook.yaml:1:6: found x, expected y"
        )
        #expect(node.mismatch(expected: "y").description.hasSuffix("found \"x\", expected y"))
    }
}
