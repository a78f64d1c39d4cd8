import Foundation
import Testing

/// Files that were handed over, recorded with `daybook batch`.
@Suite("Batches") struct BatchTests {
    struct Counted: Sendable {
        let text: String
        let rows: Int
        let columns: Int
        var irregular = 0
    }

    static let files = [
        Counted(text: "a,b\n1,2\n3,4\n", rows: 2, columns: 2),
        Counted(text: "a,b\r\n1,2\r\n3,4", rows: 2, columns: 2),
        Counted(text: "a,b\n\"x, y\",\"two\nlines\"\n\n\"a \"\"b\"\"\",\n", rows: 2, columns: 2),
        Counted(text: "a,b\n1\n1,2,3\n,\n", rows: 3, columns: 2, irregular: 2),
        Counted(text: "a\n", rows: 0, columns: 1),
        Counted(text: "", rows: 0, columns: 0),
    ]

    @Test("a file's rows are counted as RFC 4180 has them", arguments: files)
    func counts(file: Counted) throws {
        try withTrial { trial in
            try trial.write(file.text, to: "file.csv")
            let done = try trial.daybook("batch", "--source", "sftp", "file.csv")
            #expect(done.status == 0, "\(done)")
            let row = try #require(done.rows.first)
            #expect(row["rows"] == "\(file.rows)")
            #expect(row["columns"] == "\(file.columns)")
            #expect(row["irregular"] == "\(file.irregular)")
            #expect(row["size"] == "\(file.text.utf8.count)")
        }
    }

    @Test("a file is recorded once, with its content, its digest and who handed it over")
    func recorded() throws {
        try withTrial { trial in
            let text = "InvoiceNo,Amount\n1,10.00\n"
            try trial.write(text, to: "invoices.csv")
            let words = [
                "batch", "--source", "quickbooks-csv", "--sent", "--account", "acme",
                "--host-key", "SHA256:abc", "--url", "sftp://acme@sftp.example.com/in",
                "invoices.csv",
            ]
            let done = try [0, 1].map { _ in try trial.run([Trial.program] + words) }
            #expect(done.map { $0.rows.first?["outcome"] } == ["accepted", "duplicate"])
            let line = try #require(try trial.log("--source", "quickbooks-csv").first)
            #expect(line["type"] == "batch.sent")
            #expect(line["subject"] == "file:invoices.csv")
            #expect(line["id"]?.hasPrefix("sha256:") == true)
            #expect(try trial.daybook("show", "1", "--body").output == text)
            let meta = try trial.daybook("show", "1", "--meta").output
            for part in ["\"account\":\"acme\"", "\"hostkey\":\"SHA256:abc\"", "\"rows\":1"] {
                #expect(meta.contains(part), "\(meta)")
            }
            #expect(try trial.isSound())
        }
    }

    @Test("a password in the URL, quotes that do not end and a missing file record nothing")
    func refused() throws {
        try withTrial { trial in
            try trial.write("a\n\"open", to: "open.csv")
            try trial.write("a\n1\n", to: "good.csv")
            let wrong = [
                ["--source", "s", "open.csv"], ["--source", "s", "good.csv", "open.csv"],
                ["--source", "s", "missing.csv"], ["--source", "daybook", "good.csv"],
                ["--source", "s", "--url", "sftp://a:b@h/x", "good.csv"], ["good.csv"],
            ]
            for words in wrong {
                let done = try trial.run([Trial.program, "batch"] + words)
                #expect([2, 3].contains(Int(done.status)), "\(done)")
                #expect(!done.error.isEmpty)
                #expect(!done.error.contains("a:b"))
            }
            #expect(try trial.log("--kind", "fact").isEmpty)
        }
    }
}
