import Tables
import Testing

@Suite("CSV")
struct CSVTests {
    private func field(_ text: String) -> String {
        let lines = rendered([Column("a"), Column("b")], [[.integer(1), .text(text)]], .csv)
        return String(lines.dropFirst("a,b\r\n1,".count).dropLast())
    }

    @Test("a header and rows end in CRLF, and an absent value is not an empty text")
    func golden() {
        let columns = [Column("a", title: "A!"), Column("b,c"), Column("=d")]
        let rows: [[Cell]] = [
            [.text("x"), .integer(-5), .boolean(true)], [.absent, .text(""), .json("[1,2]")],
        ]
        #expect(
            rendered(columns, rows, .csv, footer: "end")
                == "a,\"b,c\",'=d\r\nx,-5,true\r\n,\"\",\"[1,2]\"\r\n"
        )
        #expect(rendered(columns, [], .csv, noRows: "none") == "a,\"b,c\",'=d\r\n")
        #expect(rendered([Column("a")], [[.absent]], .csv) == "a\r\n\"\"\r\n")
    }

    @Test(
        "what would break a field is quoted",
        arguments: [
            ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("\"", "\"\"\"\""), ("a\r\nb", "\"a\r\nb\""), ("a\nb", "\"a\nb\""),
            ("a;b", "\"a;b\""), ("a\tb", "\"a\tb\""), (" a", "\" a\""), ("a ", "\"a \""),
            ("Ωμέγα 日本", "Ωμέγα 日本"), ("it's", "it's"),
        ]
    )
    func quoted(text: String, csv: String) {
        #expect(field(text).unicodeScalars.elementsEqual(csv.unicodeScalars))
    }

    @Test(
        "a formula is made text",
        arguments: [
            "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1+1", "-1+1", "-", "+", "--1", "-1.2.3",
            "-e5", "-1e", "+1e5e5", "-.5", "-5.", "+A1", "\t=1", "\r=1", "\n=1", "  =1", " -1+1",
            "＝1", "＋1", "－1+1", "＠A", "=\u{301}", "=1\u{1B}", "=HYPERLINK(\"http://evil\",\"x\")",
        ]
    )
    func formula(text: String) {
        let content = field(text).drop { $0 == "\"" }
        #expect(content.unicodeScalars.first == "'")
    }

    @Test(
        "a plain number is left alone",
        arguments: ["-1", "+1", "-1.5", "+30210123456", "-1e5", "-1.5E-10", "+1e+5", "0", "1=1"]
    )
    func number(text: String) {
        #expect(field(text) == text)
    }

    @Test("a control character is shown instead of written", arguments: hostileTexts)
    func controls(text: String) {
        let csv = field(text)
        let allowed: Set<Unicode.Scalar> = ["\n", "\t"]
        let rest = csv.replacing("\r\n", with: "").unicodeScalars.filter {
            $0.properties.generalCategory == .control && !allowed.contains($0)
        }
        #expect(rest.isEmpty)
    }

    @Test("a reader of RFC 4180 gets back what was given")
    func readBack() {
        var chance = SeededGenerator(seed: 3)
        let letters = Array("ab1,;\"\n 'é語") + ["\r\n"]
        let rows = (0..<500).map { _ in
            (0..<3).map { _ in
                String(
                    (0..<Int.random(in: 0...6, using: &chance)).map { _ in
                        letters[Int.random(in: letters.indices, using: &chance)]
                    }
                )
            }
        }
        // A text that starts with a line break gets an apostrophe, which is tested above.
        let plain = rows.filter { $0.allSatisfy { $0.first?.isNewline != true } }
            .filter { $0.allSatisfy { $0.drop { $0 == " " }.first?.isNewline != true } }
        #expect(plain.count > 200)
        let text = rendered(
            ["x", "y", "z"].map { Column($0) },
            plain.map { $0.map { .text($0) } },
            .csv
        )
        #expect(Self.read(text) == [["x", "y", "z"]] + plain)
    }

    /// Reads RFC 4180, quotes and all.
    private static func read(_ text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var inQuotes = false
        var previousWasQuote = false
        for character in text {
            if character == "\"" {
                if previousWasQuote, !inQuotes { field.append(character) }
                inQuotes.toggle()
                previousWasQuote.toggle()
                if inQuotes { previousWasQuote = false }
                if !inQuotes { previousWasQuote = true }
                continue
            }
            previousWasQuote = false
            if !inQuotes, character == "," || character == "\r\n" {
                row.append(field)
                field = ""
                if character == "\r\n" {
                    rows.append(row)
                    row = []
                }
            } else {
                field.append(character)
            }
        }
        return rows
    }
}
