import Tables
import Testing

@Suite("Records")
struct RecordTests {
    let columns = [
        Column("sequence", title: "seq", alignment: .right), Column("τύπος"), Column("note"),
        Column("gone"), Column("empty"),
    ]
    let row: [Cell] = [
        .unsigned(42), .text("order.created"), .text("a\u{1B}[2J\nb"), .absent, .text(""),
    ]

    private func render(_ format: OutputFormat, colour: Bool = false) -> String {
        String(
            decoding: Record.render(columns: columns, row: row, format: format, colour: colour),
            as: UTF8.self
        )
    }

    @Test("as a table it is aligned lines, harmless, without what is absent")
    func table() {
        #expect(
            render(.table) == """
                seq:   42
                τύπος: order.created
                note:  a\\u{1b}[2J↵b
                empty:

                """
        )
        #expect(render(.table, colour: true).hasPrefix("\u{1B}[1mseq:\u{1B}[22m   42\n"))
    }

    @Test("as JSON it is one object", arguments: [OutputFormat.json, .ndjson])
    func json(format: OutputFormat) {
        #expect(
            render(format)
                == #"{"sequence":42,"τύπος":"order.created","note":"a\u001b[2J\nb","empty":""}"#
                + "\n"
        )
    }

    @Test("as CSV it is a header and a line")
    func csv() {
        #expect(
            render(.csv) == "sequence,τύπος,note,gone,empty\r\n"
                + "42,order.created,\"a\\u{1b}[2J\nb\",,\"\"\r\n"
        )
    }
}
