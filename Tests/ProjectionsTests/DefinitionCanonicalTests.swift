import Bytes
import Testing

@testable import Projections

@Suite("The canonical definition")
struct DefinitionCanonicalTests {
    static let text = """
        projection: sample
        version: 1
        about: What it says.
        key: item
        columns:
          state: { type: enum, of: [open, closed], keep: latest, about: A word. }
          size: { type: integer, keep: sum, by: parcel }
        derive:
          open: [{ when: { state: open }, is: true }, { is: false }]
        events:
          - from: { provider: shop, type: [a, b] }
            when: { /x: present, /n: { gte: 1, lt: 9 } }
            key: "{/id}"
            at: { from: /at, as: unix }
            link: "pi:{/p}"
            set:
              state: [{ when: { /y: 1 }, is: open }, { from: /s, map: { o: open, c: closed } }]
              size: { from: /n, scale: 1, by: "{/parcel}" }
          - from: { type: c }
            key: "{/id}"
            set: { state: { is: closed } }

        """

    /// The sample with one text in the place of another.
    private func changed(_ old: String, _ new: String) throws -> Definition {
        let parts = Self.text.split(separator: old, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "\(old) occurs \(parts.count - 1) times")
        return try Sample.read(parts.joined(separator: new))
    }

    @Test(
        "is the same whatever the style, the comments and the order of keys",
        arguments: [
            ("about: What it says.\n", ""), ("What it says.", "Something else."),
            (", about: A word.", ""), ("key: item\n", "key: item   # of what\n\n"),
            ("provider: shop, type: [a, b]", "type: [a, b], provider: shop"),
            (
                "{ provider: shop, type: [a, b] }",
                "\n      type:\n      - a\n      - \"b\"\n      provider: 'shop'"
            ),
            ("/x: present, /n: { gte: 1, lt: 9 }", "/n: { lt: 9, gte: 1 }, /x: present"),
            ("{ o: open, c: closed }", "{ c: closed, o: 'open' }"),
            ("type: c }", "type: [c] }"), ("scale: 1, ", ""), ("scale: 1, ", "optional: false, "),
            ("link: \"pi:{/p}\"", "link: ['pi:{/p}']"),
            ("projection: sample\nversion: 1\n", "version: 1\nprojection: sample\n"),
            ("state: { is: closed }", "state: [{ is: closed }]"),
        ]
    )
    func same(old: String, new: String) throws {
        let (whole, other) = (try Sample.read(Self.text), try changed(old, new))
        #expect(other.canonical == whole.canonical)
        #expect(other.hash == whole.hash)
        #expect(other.foldHash == whole.foldHash)
        #expect(other.text != whole.text)
    }

    @Test("is another if the order of columns, rules or choices is")
    func orders() throws {
        let whole = try Sample.read(Self.text)
        let state = "  state: { type: enum, of: [open, closed], keep: latest, about: A word. }\n"
        let size = "  size: { type: integer, keep: sum, by: parcel }\n"
        let columns = try changed(state + size, size + state)
        #expect(columns.foldHash != whole.foldHash)
        let last = """
              - from: { type: c }
                key: "{/id}"
                set: { state: { is: closed } }

            """
        let parts = Self.text.split(separator: "events:\n")
        let moved = "\(parts[0])events:\n\(last)\(parts[1].dropLast(last.count))"
        #expect(moved.utf8.count == Self.text.utf8.count)
        let rules = try Sample.read(moved)
        #expect(rules.rules.count == 2)
        #expect(rules.foldHash != whole.foldHash)
        let open = "{ when: { /y: 1 }, is: open }"
        let closed = "{ when: { /z: 1 }, is: closed }"
        let choices = [
            try changed(open, "\(open), \(closed)"), try changed(open, "\(closed), \(open)"),
        ]
        #expect(choices[0].foldHash != choices[1].foldHash)
        let words = try changed("of: [open, closed]", "of: [closed, open]")
        #expect(words.foldHash != whole.foldHash)
    }

    @Test(
        "decides the rows' hash as well if it is about columns or rules",
        arguments: [
            ("keep: sum, by: parcel", "keep: max, by: parcel"), ("by: parcel", "by: refund"),
            ("provider: shop", "provider: till"), ("/x: present", "/x: absent"),
            ("gte: 1", "gt: 1"), ("lt: 9", "lt: 8"), ("at: { from: /at, as: unix }\n", "\n"),
            ("as: unix }", "as: unix-ms }"), ("pi:{/p}", "pi:{/q}"), ("o: open, ", ""),
            ("/y: 1", "/y: 2"), ("scale: 1", "scale: 2"), ("{/parcel}", "{/box}"),
            ("scale: 1", "default: 0"), ("scale: 1", "optional: true"),
            ("state: { is: closed }", "state: { is: open }"),
        ]
    )
    func fold(old: String, new: String) throws {
        let (whole, other) = (try Sample.read(Self.text), try changed(old, new))
        #expect(other.hash != whole.hash)
        #expect(other.foldHash != whole.foldHash)
    }

    @Test(
        "leaves the rows' hash as it is if it is about names and derived columns",
        arguments: [
            ("projection: sample", "projection: other"), ("version: 1", "version: 2"),
            ("key: item", "key: thing"), ("is: true", "is: false"),
            ("[{ when: { state: open }, is: true }, { is: false }]", "[{ is: true }]"),
            ("derive:\n  open: [{ when: { state: open }, is: true }, { is: false }]\n", ""),
        ]
    )
    func derived(old: String, new: String) throws {
        let (whole, other) = (try Sample.read(Self.text), try changed(old, new))
        #expect(other.hash != whole.hash)
        #expect(other.foldHash == whole.foldHash)
    }

    @Test("is JSON with sorted keys, and its SHA-256 is the hash")
    func form() throws {
        let definition = try Sample.read(
            """
            projection: p
            version: 3
            key: k
            columns: { c: { type: text, keep: all } }
            events: [{ from: { type: a }, key: "x-{@id}", set: { c: { from: /é, default: "\\"" } } }]
            """
        )
        let columns = #""columns":[{"keep":"all","name":"c","type":"text"}]"#
        let events =
            #""events":[{"from":{"type":["a"]},"key":"x-{@id}","link":[],"#
            + #""set":{"c":[{"from":{"default":"\"","path":"/é"}}]}}]"#
        let fold = "{\(columns),\(events)}"
        let whole = #"{\#(columns),"derive":[],\#(events),"key":"k","projection":"p","version":3}"#
        #expect(String(decoding: definition.canonicalFold, as: UTF8.self) == fold)
        #expect(String(decoding: definition.canonical, as: UTF8.self) == whole)
        // As sha256sum says.
        let hash = "18fd71d4fa295654cf06c5178a09f2a51ee14719681414a9b8c3aacf0900ed5e"
        #expect("\(definition.hash)" == hash)
    }
}
