import Audit
import Bytes
import DaybookTesting
import Ledger
import Testing

@Suite struct ReadRecordTests {
    @Test("a query is told as words, spaces escaped, in the order given")
    func words() {
        let text = QueryWords.text([
            ("PROJECTION", "order-status"), ("KEY", "woo 1%"), ("where", "status=on hold"),
            ("waiting", ""),
        ])
        #expect(text == "PROJECTION=order-status KEY=woo%201%25 where=status=on%20hold waiting")
    }

    @Test(
        "what is secret by its name or its look is never told",
        arguments: [
            ("token", "abc"), ("secret", "abc"), ("api-key", "abc"), ("password", "abc"),
            ("subject", "dbk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8ytDxng"),
            ("where", "note=sk_live_abc"), ("where", "password=abc"), ("where", "api_key!=abc"),
            ("source", "whsec_abc"), ("correlation", "eyJhbGciOiJIUzI1NiJ9.abc"),
            ("type", "Bearer abc"), ("id", "x-----BEGIN PRIVATE KEY-----abc"),
        ]
    )
    func secrets(name: String, value: String) {
        let text = QueryWords.text([(name, value)])
        #expect(!text.contains("abc") && !text.contains("AAECAw"), "\(text)")
        #expect(text.contains("[redacted]"))
    }

    @Test("the key of a row is no secret, and shown")
    func key() {
        #expect(QueryWords.text([("KEY", "woo-1001")]) == "KEY=woo-1001")
    }

    @Test("a query is cut at 2 KiB between characters", arguments: ["x", "é", "€", "😀", " "])
    func cut(character: String) {
        for count in [1, 500, 511, 512, 513, 3000] {
            let words = (0..<8).map { _ in
                (name: "where", value: "a=" + String(repeating: character, count: count))
            }
            let text = QueryWords.text(words)
            #expect(text.utf8.count <= QueryWords.bytes)
            #expect(!text.contains("\u{FFFD}"))
            #expect(text.hasPrefix("where=a="))
        }
    }

    @Test("the event says who, what, how much and what for, and can be appended")
    func event() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let record = ReadRecord(
            method: "state",
            query: "PROJECTION=order-status",
            rows: 3,
            purpose: "Q3 walk-through",
            actor: Actor(authType: "token", name: "kpmg", role: "auditor"),
            user: "anna"
        )
        _ = try ledger.writer?.append([record.draft])
        let event = try ledger.event(at: 1)
        let line = Line(event.line.span)
        #expect(line.text(.type) == "daybook.read")
        #expect(line.text(.kind) == "admin")
        #expect(line.text(.method) == "state")
        #expect(line.text(.path) == "PROJECTION=order-status")
        #expect(line.integer(.records) == 3)
        #expect(line.text(.reason) == "Q3 walk-through")
        #expect(line.text(.authid) == "kpmg")
        #expect(event.content == Array(#"{"role":"auditor","user":"anna"}"#.utf8))
        let entries = try AccessEntry.list(EventSelection(), in: ledger)
        #expect(entries.count == 1)
        #expect(entries[0].who == "token:kpmg")
        #expect(entries[0].user == "anna")
        #expect(entries[0].rows == 3)
        for pattern in ["kpmg", "token:*", "*"] {
            #expect(try AccessEntry.list(EventSelection(), who: pattern, in: ledger).count == 1)
        }
        #expect(try AccessEntry.list(EventSelection(), who: "os-user:*", in: ledger).isEmpty)
    }
}
