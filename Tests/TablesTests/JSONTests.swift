import Foundation
import Tables
import Testing

@Suite("JSON")
struct JSONTests {
    let columns = ["name", "n", "big", "ok", "list", "odd \"key\"\u{9B}"].map { Column($0) }
    let row: [Cell] = [
        .text("a\"b\\c\n"), .integer(-5), .unsigned(.max), .boolean(false),
        .json(#"{"value":"12.00","currency":"EUR"}"#), .absent,
    ]

    @Test("rows are flat objects without what is absent")
    func golden() {
        let object =
            #"{"name":"a\"b\\c\n","n":-5,"big":18446744073709551615,"ok":false,"#
            + #""list":{"value":"12.00","currency":"EUR"}}"#
        #expect(rendered(columns, [row, row], .ndjson) == "\(object)\n\(object)\n")
        #expect(rendered(columns, [row, row], .json) == "[\n\(object),\n\(object)\n]\n")
        #expect(rendered(columns, [row], .json) == "[\n\(object)\n]\n")
        let absent = Array(repeating: Cell.absent, count: 6)
        #expect(rendered(columns, [absent], .ndjson) == "{}\n")
        #expect(
            rendered(columns, [Array(absent.dropLast()) + [.integer(.min)]], .ndjson)
                == #"{"odd \"key\"\u009b":-9223372036854775808}"# + "\n"
        )
    }

    @Test("no rows are an empty array, or no line")
    func empty() {
        #expect(rendered(columns, [], .json, footer: "end", noRows: "none") == "[]\n")
        #expect(rendered(columns, [], .ndjson, footer: "end", noRows: "none") == "")
    }

    @Test("pretty-printed JSON in a cell becomes one line")
    func oneLine() {
        let cell = Cell.json("{\r\n  \"a\": [\n\t1\n  ]\n}")
        let text = rendered([Column("v")], [[cell]], .ndjson)
        #expect(text == "{\"v\":{    \"a\": [ \t1   ] }}\n")
    }

    @Test("Foundation reads back what was given", arguments: [OutputFormat.json, .ndjson])
    func readBack(format: OutputFormat) throws {
        var chance = SeededGenerator(seed: 7)
        let columns = ["text", "integer", "unsigned", "boolean", "absent"].map { Column($0) }
        let rows = (0..<2000).map { i -> [Cell] in
            [
                .text(i < hostileTexts.count ? hostileTexts[i] : Self.text(&chance)),
                .integer(.random(in: .min ... .max, using: &chance)),
                .unsigned(.random(in: 0 ... .max, using: &chance)),
                .boolean(.random(using: &chance)), .absent,
            ]
        }
        let text = rendered(columns, rows, format)
        let documents =
            format == .json
            ? try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
            : try text.split(separator: "\n").map {
                try #require(
                    JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
                )
            }
        try #require(documents.count == rows.count)
        for (document, row) in zip(documents, rows) {
            #expect(Set(document.keys) == ["text", "integer", "unsigned", "boolean"])
            let given = try #require(document["text"] as? String)
            #expect(.text(given) == row[0])
            #expect((document["integer"] as? NSNumber).map { .integer($0.int64Value) } == row[1])
            #expect((document["unsigned"] as? NSNumber).map { .unsigned($0.uint64Value) } == row[2])
            #expect((document["boolean"] as? Bool).map { .boolean($0) } == row[3])
        }
    }

    @Test("no control character is written as it is", arguments: hostileTexts)
    func controls(text: String) {
        let json = rendered([Column("a")], [[.text(text)]], .ndjson).dropLast()
        #expect(json.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
    }

    private static func text(_ chance: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...40, using: &chance) {
            let top: UInt32 =
                [0x80, 0x100, 0x800, 0x10000, 0x110000]
                .randomElement(using: &chance) ?? 0x80
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0..<top, using: &chance)) else {
                continue
            }
            text.unicodeScalars.append(scalar)
        }
        return text
    }
}
