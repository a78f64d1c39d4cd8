import Testing
import YAML

@testable import Projections

@Suite("Forms of a definition")
struct DefinitionFormTests {
    private func rule(_ text: String) throws -> Rule {
        try #require(try Sample.read(Sample.definition(rule: text)).rules.first)
    }

    private func choices(_ setting: String) throws -> [Choice] {
        let definition = try Sample.read(Sample.definition(setting: setting))
        return try #require(definition.rules.first?.settings.first).choices
    }

    private func source(_ setting: String) throws -> SourcedValue {
        switch try #require(try choices(setting).first).value {
        case .from(let source), .delta(let source): return source
        default: throw YAMLError(at: .init(file: "", line: 0, column: 0), "no source")
        }
    }

    @Test("the head, the columns and the text are as written")
    func head() throws {
        let text = Sample.definition(column: "last: { type: text, keep: first, about: Said. }")
        let definition = try Sample.read(text)
        #expect(definition.name == "sample")
        #expect(definition.version == 1)
        #expect(definition.about == "")
        #expect(definition.key == "item")
        #expect(
            definition.columns.map(\.name) == [
                "state", "best", "note", "tags", "size", "paid", "seen", "live", "times", "stock",
                "calls", "refunds", "last",
            ]
        )
        #expect(definition.columns[0].type == .enumeration(["open", "closed", "lost"]))
        #expect(definition.columns[11].by == "refund")
        #expect(definition.columns[12].keep == .first)
        #expect(definition.text == Array(text.utf8))
    }

    @Test(
        "a register goes with the types it is for and no other",
        arguments: Keep.allCases
    )
    func registers(keep: Keep) {
        let fitting: [String: String] = [
            "latest": "enum text integer money time boolean",
            "first": "enum text integer money time boolean",
            "max": "integer time", "min": "integer time", "furthest": "enum",
            "sum": "integer money", "count": "integer", "all": "text enum integer time",
            "balance": "integer", "window": "integer", "quantiles": "integer",
        ]
        let types = fitting[keep.rawValue]?.split(separator: " ").map(String.init) ?? []
        for type in ["enum", "text", "integer", "money", "time", "boolean"] {
            let of = type == "enum" ? "of: [x], " : ""
            let column = "c: { type: \(type), \(of)keep: \(keep.rawValue) }"
            let refusal = Sample.refusal(of: Sample.definition(column: column))
            #expect(
                (refusal == nil) == types.contains(type),
                "\(keep) of \(type): \(refusal ?? "")"
            )
        }
    }

    @Test(
        "paths lead into the content, the line, headers and calls' messages",
        arguments: [
            ("/data/object/id", ValuePath.content("/data/object/id")), ("/", .content("/")),
            ("/a~1b/m~0n/0", .content("/a~1b/m~0n/0")), ("\"@type\"", .attribute(.type)),
            ("\"@recordedtime\"", .attribute(.recordedtime)),
            ("header:X-WC-Webhook-Topic", .header("x-wc-webhook-topic")),
            ("request:/items/0", .request("/items/0")), ("response:/id", .response("/id")),
        ]
    )
    func paths(text: String, path: ValuePath) throws {
        #expect(try source("note: \(text)").path == path)
        #expect(try source("note: { from: \(text) }").path == path)
    }

    @Test("a template is literals and places, and says again what was written")
    func templates() throws {
        let key = try rule(#"{ from: { type: a }, key: "{/a}@{@type}-é", set: { note: /x } }"#).key
        #expect(
            key.parts == [
                .value(.content("/a")), .literal("@"), .value(.attribute(.type)), .literal("-é"),
            ]
        )
        #expect(key.description == "{/a}@{@type}-é")
        #expect(key.line == 18)
    }

    @Test("a rule has attributes, conditions, a list, a moment and links")
    func rules() throws {
        let rule = try rule(
            """
            from: { provider: [a, b*], kind: webhook }
                when: { /x: present, /y: absent, "@status": [200, ok], /z: { gte: 1, lt: 9 } }
                each: /lines
                key: "{/id}"
                at: { from: header:Date, as: http-date }
                link: ["pi:{/p}", "tracking:{/t}"]
            """
        )
        #expect(rule.line == 18)
        #expect(rule.from.map(\.attribute) == [.provider, .kind])
        #expect(rule.from.map(\.patterns) == [["a", "b*"], ["webhook"]])
        #expect(rule.each == .content("/lines"))
        #expect(rule.at?.path == .header("date"))
        #expect(rule.at?.format == .httpDate)
        #expect(rule.links.map(\.description) == ["pi:{/p}", "tracking:{/t}"])
        #expect(rule.settings.isEmpty)
        #expect(rule.when.map(\.line) == [19, 19, 19, 19, 19])
        let tests = rule.when.map { "\($0.path) \($0.test)" }
        #expect(
            tests == [
                "/x present", "/y absent", "@status isOne([\"200\", \"ok\"])",
                "/z compares(Projections.Comparison.gte, 1)",
                "/z compares(Projections.Comparison.lt, 9)",
            ]
        )
    }

    @Test("a word in quotes is a value, not a test")
    func quotedWords() throws {
        let when = try rule(
            #"{ from: { type: a }, key: "{/id}", link: "p:{/p}", when: { /x: "absent", /y: 1 } }"#
        ).when
        #expect("\(when.map(\.test))".contains(#"isOne(["absent"])"#))
        #expect("\(when.map(\.test))".contains(#"isOne(["1"])"#))
    }

    @Test("a path alone is a required value as it stands")
    func shortForm() throws {
        let source = try source("note: /x")
        #expect(source.map == nil)
        #expect(source.timeFormat == .rfc3339)
        #expect(source.scale == 1)
        #expect(source.fallback == nil)
        #expect(!source.isOptional)
    }

    @Test("a value has a map, a format, a scale, a currency, a default or is optional")
    func options() throws {
        let mapped = try source("state: { from: /x, map: { a: open, 1: lost }, default: closed }")
        #expect(mapped.map?.map(\.word) == ["a", "1"])
        #expect(mapped.map?.map(\.literal) == [.word(0), .word(2)])
        #expect(mapped.fallback == .word(1))
        #expect(try source("seen: { from: /x, as: unix-ms }").timeFormat == .unixMilliseconds)
        #expect(try source("size: { from: /x, scale: -1, optional: true }").scale == -1)
        #expect(try source("size: { from: /x, scale: -1, optional: true }").isOptional)
        let money = try source("paid: { from: /x, as: minor, currency: { is: EUR } }")
        #expect(money.isMinor)
        guard case .code("EUR") = money.currency else { Issue.record("no currency"); return }
        let other = try source(#"refunds: { from: /x, currency: /c, by: "{/r}" }"#)
        guard case .path(.content("/c")) = other.currency else { Issue.record("no path"); return }
    }

    @Test(
        "a literal is read for its column's type",
        arguments: [
            ("state: { is: lost }", Literal.word(2)), ("note: { is: 5 }", .text("5")),
            ("note: { is: \"\" }", .text("")), ("size: { is: -5 }", .integer(-5)),
            ("size: { is: -9223372036854775808 }", .integer(.min)),
            ("live: { is: false }", .boolean(false)),
            ("seen: { is: 1970-01-01T00:00:01+00:00 }", .time(1_000_000)),
            ("paid: { is: { amount: 12.50, currency: EUR } }", .money("12.50", currency: "EUR")),
            ("paid: { is: { amount: 1250, currency: JPY } }", .money("1250", currency: "JPY")),
            ("stock: { is: 0 }", .integer(0)),
        ]
    )
    func literals(setting: String, literal: Literal) throws {
        guard case .literal(let found)? = try choices(setting).first?.value else {
            Issue.record("no literal")
            return
        }
        #expect(found == literal)
    }

    @Test(
        "a setting is one choice or the first that holds, with sub-keys where the column has them"
    )
    func lists() throws {
        let choices = try choices(
            #"refunds: [{ when: { /a: 1 }, from: /x, currency: /c, by: "{/r}" }, "#
                + #"{ is: { amount: 0, currency: EUR }, by: all }]"#
        )
        #expect(choices.count == 2)
        #expect(choices[0].when.count == 1)
        #expect(choices[0].by?.description == "{/r}")
        #expect(choices[1].by?.parts == [.literal("all")])
    }

    @Test("settings are in the order of the columns, whatever the order in the file")
    func order() throws {
        let text = Sample.definition(setting: "seen: /s, note: /n, state: /t")
        let rule = try #require(try Sample.read(text).rules.first)
        #expect(rule.settings.map(\.column) == [0, 2, 6])
    }

    @Test("counting registers are told to count, windows with their width, balances of changes")
    func counting() throws {
        guard case .count(width: nil)? = try choices("times: { count: true }").first?.value else {
            Issue.record("no count")
            return
        }
        let window = try choices("calls: { count: true, width: /w, when: { /x: 1 } }").first
        guard case .count(width: .content("/w"))? = window?.value else {
            Issue.record("no window")
            return
        }
        guard case .delta? = try choices("stock: { delta: /d }").first?.value,
            case .from? = try choices("stock: /d").first?.value
        else { Issue.record("no balance"); return }
    }
}
