import Tables
import Testing

@Suite("Table widths")
struct TableWindowTests {
    @Test("a wider number after the first rows is whole and pushes what follows")
    func laterNumber() {
        let columns = [
            Column("n", alignment: .right, shrinking: .keep), Column("a"), Column("b"),
        ]
        let row: [Cell] = [.integer(1), .text("abcdefgh"), .text("tail")]
        let wide: [Cell] = [.integer(123_456), .text("abcdefgh"), .text("tail")]
        let rows = Array(repeating: row, count: 200) + [wide]
        #expect(lines(rendered(columns, rows, width: 40))[1] == "1  abcdefgh  tail")
        #expect(lines(rendered(columns, rows, width: 40))[201] == "123456  abcdefgh  tail")
        #expect(lines(rendered(columns, rows, width: 17))[201] == "12…  abcde…  tail")
        #expect(lines(rendered(columns, rows))[201] == "123456  abcdefgh  tail")
    }

    @Test("a last column takes what room there is after the first rows")
    func laterText() {
        let columns = [Column("a"), Column("b")]
        let short: [Cell] = [.text("x"), .text("y")]
        let long: [Cell] = [.text("longer than x"), .text("longer than y")]
        let rows = Array(repeating: short, count: 200) + [long]
        #expect(lines(rendered(columns, rows, width: 30))[201] == "longe…  longer than y")
        #expect(lines(rendered(columns, rows))[201] == "longer than x  longer than y")
    }

    @Test("a flush settles the widths and shows what is there")
    func flush() {
        var output: [UInt8] = []
        var writer = RowWriter(columns: [Column("a"), Column("b")], format: .table, width: 80) {
            output += $0
        }
        writer.add([.text("x"), .text("y")])
        #expect(output.isEmpty)
        writer.flush()
        #expect(String(decoding: output, as: UTF8.self) == "a  b\nx  y\n")
        writer.add([.text("1"), .text("2")])
        writer.finish()
        #expect(String(decoding: output, as: UTF8.self) == "a  b\nx  y\n1  2\n")
    }

    /// Characters with the columns they take, none of which joins with another.
    static let alphabet: [Character: Int] = [
        "a": 1, "Z": 1, "7": 1, "-": 1, " ": 1, "λ": 1, "Ж": 1, "e\u{301}": 1, "…": 1, "↵": 1,
        "語": 2, "한": 2, "Ｘ": 2, "🙂": 2, "🇬🇷": 2, "👩‍👩‍👧‍👦": 2, "❤️": 2,
    ]

    @Test("no line is wider than the terminal", arguments: 20...200)
    func bounded(width: Int) {
        var chance = SeededGenerator(seed: UInt64(width))
        let letters = Self.alphabet.keys.sorted()
        func text(upTo count: Int) -> String {
            String(
                (0..<Int.random(in: 0...count, using: &chance)).map { _ in
                    letters[Int.random(in: letters.indices, using: &chance)]
                }
            )
        }
        let columns = (0..<Int.random(in: 1...9, using: &chance)).map { i in
            Column(
                "c\(i)",
                title: text(upTo: 12),
                alignment: Bool.random(using: &chance) ? .left : .right,
                shrinking: [.keep, .end, .middle, .dropFirst].randomElement(using: &chance) ?? .keep
            )
        }
        // Rows after the 200th meet widths that were chosen without them.
        let rows = (0..<215).map { row in
            columns.map { _ -> Cell in .text(text(upTo: row < 200 ? 12 : 60)) }
        }
        let table = lines(rendered(columns, rows, width: width, footer: text(upTo: 300)))
        #expect(table.count >= 217)
        for line in table {
            let columns = line.reduce(0) { $0 + (Self.alphabet[$1] ?? 1) }
            #expect(columns <= width, "\(line)")
        }
    }

    @Test("a table as wide as the terminal is not cut", arguments: [20, 33, 80, 200])
    func exact(width: Int) {
        let text = String(repeating: "x", count: width - 3)
        let table = rendered(
            [Column("a"), Column("b")],
            [[.text("y"), .text(text)]],
            width: width
        )
        #expect(lines(table)[1] == "y  " + text)
        let narrower = rendered(
            [Column("a"), Column("b")],
            [[.text("y"), .text(text)]],
            width: width - 1
        )
        #expect(lines(narrower)[1] == "y  " + text.dropLast(2) + "…")
    }
}
