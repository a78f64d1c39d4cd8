import Tables
import Testing

@Suite("Tables")
struct TableTests {
    let rows = [
        event(9, "stripe", "payment_intent.succeeded"), event(10, "ship", "parcel.sent"),
    ]

    @Test("columns line up under their titles")
    func aligned() {
        let columns = eventColumns.dropLast()
        let table = rendered(Array(columns), rows.map { Array($0.dropLast()) })
        #expect(
            table == """
                seq  time              source  type
                  9  2025-11-21 04:15  stripe  payment_intent.succeeded
                 10  2025-11-21 04:15  ship    parcel.sent

                """
        )
    }

    @Test("every kind of value has a text, and an absent one is blank")
    func kinds() {
        let columns = ["a", "b", "c", "d", "e", "f"].map { Column($0) }
        let row: [Cell] = [
            .text("x"), .integer(-5), .unsigned(.max), .boolean(true), .absent, .json("[1,2]"),
        ]
        #expect(
            rendered(columns, [row, [.absent, .absent, .absent, .absent, .absent, .absent]]) == """
                a  b   c                     d     e  f
                x  -5  18446744073709551615  true     [1,2]


                """
        )
    }

    @Test("Greek, CJK, emoji and combining marks keep the columns aligned")
    func wide() {
        let columns = [Column("name"), Column("n", alignment: .right)]
        let names = ["Αθήνα", "東京", "👩‍👩‍👧‍👦 family", "cafe\u{301}"]
        let table = rendered(columns, names.map { [.text($0), .integer(1)] })
        #expect(
            table == """
                name       n
                Αθήνα      1
                東京       1
                👩‍👩‍👧‍👦 family  1
                cafe\u{301}       1

                """
        )
    }

    @Test("a narrower terminal drops a column marked so, then shortens the widest")
    func narrow() {
        #expect(
            rendered(eventColumns, rows, width: 71) == """
                seq  time              source  type                 hash
                  9  2025-11-21 04:15  stripe  payment_intent.suc…  9f86d0818…5b0f00a08
                 10  2025-11-21 04:15  ship    parcel.sent          9f86d0818…5b0f00a08

                """
        )
        #expect(
            rendered(eventColumns, rows, width: 60) == """
                seq  time              type               hash
                  9  2025-11-21 04:15  payment_intent.s…  9f86d0818…b0f00a08
                 10  2025-11-21 04:15  parcel.sent        9f86d0818…b0f00a08
                too narrow for: source

                """
        )
    }

    @Test("a terminal too narrow for all says which columns are left out")
    func leftOut() {
        #expect(
            rendered(eventColumns, rows, width: 30) == """
                seq  time              type
                  9  2025-11-21 04:15  paymen…
                 10  2025-11-21 04:15  parcel…
                too narrow for: source, hash

                """
        )
        #expect(
            rendered(eventColumns, rows, width: 4) == """
                seq
                  9
                 10
                too…

                """
        )
    }

    @Test("an empty table is its header, or the sentence given for it")
    func empty() {
        let columns = [Column("a"), Column("b")]
        #expect(rendered(columns, []) == "a  b\n")
        #expect(rendered(columns, [], noRows: "no events") == "no events\n")
        #expect(rendered(columns, [[.absent, .absent]], noRows: "no events") == "a  b\n\n")
    }

    @Test("a footer follows the rows and fits as they do")
    func footer() {
        let footer = "1 of 1,234 events; --limit 0 for all"
        let row: [Cell] = [.text("x")]
        #expect(rendered([Column("a")], [row], footer: footer) == "a\nx\n\(footer)\n")
        #expect(
            rendered([Column("a")], [row], width: 12, footer: footer) == "a\nx\n1 of 1,234 …\n"
        )
    }

    @Test("only the header is bold and the footer dim, and only if colour is on")
    func colour() {
        let table = rendered(
            [Column("a"), Column("b")],
            [[.text("x"), .text("y")]],
            colour: true,
            footer: "end"
        )
        #expect(table == "\u{1B}[1ma  b\u{1B}[22m\nx  y\n\u{1B}[2mend\u{1B}[22m\n")
    }

    @Test("nothing hostile reaches the terminal from values, titles or footer")
    func hostile() {
        for text in hostileTexts {
            let table = rendered(
                [Column("a", title: text), Column("b")],
                [[.text(text), .json(text)]],
                width: 60,
                footer: text
            )
            #expect(lines(table).count == 3)
            let obeyed = table.unicodeScalars.filter {
                $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
            }
            #expect(obeyed.isEmpty)
        }
    }
}
