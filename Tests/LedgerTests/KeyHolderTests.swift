import DaybookTesting
import Ledger
import POSIX
import Testing

/// Someone who holds the log's key writes lines that the writer never would, and signs them.
///
/// A line must have one form only, so that its hash stands for what it says. What such a person
/// writes in the right form cannot be told from the log itself: that takes the head file, a witness
/// or an anchor.
@Suite("Forging with the key") struct KeyHolderTests {
    /// A way to write line 3 of seven.
    struct Form: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let old: String
        let new: [UInt8]

        init(_ what: String, _ old: String, _ new: String) {
            self.init(what, old, Array(new.utf8))
        }

        init(_ what: String, _ old: String, _ new: [UInt8]) {
            testDescription = what
            self.old = old
            self.new = new
        }
    }

    static let forms = [
        Form("a space after a colon", "\"id\":", "\"id\": "),
        Form("a space at the end", "counted\"}", "counted\"} "),
        Form("a comma at the end", "counted\"}", "counted\",}"),
        Form("a name and no more at the end", "counted\"}", "counted\",\"x\"}"),
        Form("a name without a value at the end", "counted\"}", "counted\",\"x\":}"),
        Form("two braces at the end", "counted\"}", "counted\"}}"),
        Form("no brace at the end", "counted\"}", "counted\""),
        Form("no brace at the beginning", "{\"id\"", "[\"id\""),
        Form("no quote at the end", "counted\"}", "counted}"),
        Form(
            "attributes out of order",
            "\"id\":\"fact-3\",\"kind\":\"fact\"",
            "\"kind\":\"fact\",\"id\":\"fact-3\""
        ),
        Form("an attribute twice", "\"kind\":\"fact\"", "\"kind\":\"fact\",\"kind\":\"fact\""),
        Form("an attribute that no line has", "counted\"}", "counted\",\"zone\":\"x\"}"),
        Form("a required attribute missing", "\"kind\":\"fact\",", ""),
        Form("an escape where none is needed", "counted", "co\\u0075nted"),
        Form("an escaped slash", "counted", "co\\/nted"),
        Form("an escape with capital digits", "counted", "co\\u001Fnted"),
        Form("a long escape for a line feed", "counted", "co\\u000anted"),
        Form("an escape that JSON does not know", "counted", "co\\anted"),
        Form("half an escape", "counted", "counted\\u00"),
        Form("a raw control character", "counted", "co\u{1}nted"),
        Form("bytes that are not UTF-8", "counted", [0x63, 0xc3, 0x28]),
        Form("a surrogate in UTF-8", "counted", [0x63, 0xed, 0xa0, 0x80]),
        Form("a number in quotes", "\"1.0\"", "\"1.0\",\"status\":\"200\""),
        Form("a number with leading zeros", "\"1.0\"", "\"1.0\",\"status\":0200"),
        Form("a number with a fraction", "\"1.0\"", "\"1.0\",\"status\":200.0"),
        Form("a negative number", "\"1.0\"", "\"1.0\",\"status\":-1"),
        Form("a number that JSON readers round", "\"1.0\"", "\"1.0\",\"status\":9007199254740993"),
        Form("a text that is no string", "\"kind\":\"fact\"", "\"kind\":7"),
        Form("null", "\"1.0\"", "\"1.0\",\"subject\":null"),
        Form("an object inside", "\"1.0\"", "\"1.0\",\"subject\":{}"),
        Form("a sequence without its zeros", "\"00000000000000000003\"", "\"3\""),
        Form("a time zone", "Z\",\"sequence\"", "+00:00\",\"sequence\""),
        Form("an outcome that no event has", "\"accepted\"", "\"perhaps\""),
        Form("a kind that no event has", "\"kind\":\"fact\"", "\"kind\":\"rumour\""),
        Form("another version of the envelope", "\"1.0\"", "\"2.0\""),
        Form("nothing for a source", "\"plain\"", "\"\""),
    ]

    private func forge(
        _ change: ([UInt8]) -> [UInt8],
        keepsHead: Bool = false
    ) throws -> VerifyReport {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        for number in 1...6 { _ = try open.writer?.append([.bodiless(number)]) }
        open.close()
        let key = try NoteKey(ledger: ledger.path)
        let raw = RawLog(path: ledger.path)
        var forger = try Forger(raw)
        forger.change(3, change)
        for size in 4...7 { try forger.sign(size, with: key) }
        try raw.apply(forger.changes)
        if !keepsHead { try Files.remove(ledger.headFile) }
        return try ledger.verify()
    }

    @Test("a line in any other form than the writer's is told", arguments: forms)
    func form(_ form: Form) throws {
        let report = try forge { line in
            let new = Forger.replace(form.old, with: form.new, in: line)
            #expect(new != line)
            return new
        }
        #expect(report.findings.contains { $0.kind == .manipulation && $0.names(event: 3) })
    }

    @Test("an empty or endless line is told", arguments: [0, 1, 2, 65_536, 70_000])
    func length(count: Int) throws {
        let report = try forge { _ in [UInt8](repeating: UInt8(ascii: "{"), count: count) }
        #expect(report.findings.contains { $0.kind == .manipulation && $0.names(event: 3) })
    }

    @Test("a line in the writer's form is believed, but for what is known outside the log")
    func rightForm() throws {
        let change: ([UInt8]) -> [UInt8] = {
            Forger.replace("stock.counted", with: "stock.removed", in: $0)
        }
        let alone = try forge(change)
        #expect(alone.findings == [])
        #expect(alone.limits.contains { $0.contains("no head file") })
        let beside = try forge(change, keepsHead: true)
        #expect(beside.findings.map(\.place) == [.ledger("head file")])
    }
}
