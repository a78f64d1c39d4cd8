import Bytes
import DaybookTesting
import JSON
import Ledger
import Outbound
import Testing

@Suite("A report of a sync") struct SyncReportTests {
    private func draft(_ text: String) throws -> Draft {
        let bytes = Array(text.utf8)
        return try SyncReport.draft(bytes.span, by: "cron-host")
    }

    @Test("makes the event that a run makes")
    func event() throws {
        let text = """
            {"sync":"products","status":"completed","records":120,"errors":2,"source_count":122,
            "destination_count":122,"started":"2026-02-01T03:00:00+01:00","duration_ms":4321,
            "id":"run 7","message":"all well","details":{"pages":[1,2]}}
            """
        let draft = try draft(text)
        let expected: [(Attribute, String)] = [
            (.source, "products"), (.sync, "products"), (.type, "sync.completed"), (.id, "run 7"),
            (.kind, "sync"), (.outcome, "succeeded"), (.subject, "sync:products"),
            (.time, "2026-02-01T02:00:00Z"), (.authtype, "token"), (.authid, "cron-host"),
            (.datacontenttype, "application/json"),
        ]
        for (attribute, value) in expected { #expect(draft[attribute] == value) }
        #expect(draft[.reason] == nil)
        let record = try #require(draft.body).record
        let bytes = record.span
        guard let layout = BodyLayout(bytes) else {
            Issue.record("no body")
            return
        }
        #expect(String(decoding: record[layout.content], as: UTF8.self) == text)
        let meta = String(decoding: record[layout.meta], as: UTF8.self)
        #expect(meta == #"{"sync":{"destination_count":122,"source_count":122}}"#)
    }

    @Test("needs no more than a name and a status, and takes null as nothing")
    func least() throws {
        for rest in ["", #","id":null,"records":null,"started":null,"details":null"#] {
            let draft = try draft(#"{"sync":"products","status":"completed"\#(rest)}"#)
            #expect(draft.outcome == .succeeded)
            #expect(draft[.time] == nil)
            #expect(draft.id.utf8.count == 36)
        }
    }

    @Test(
        "has failed by its status, or by counts that differ",
        arguments: [
            (#""status":"failed""#, "it failed"),
            (#""status":"failed","message":"no network""#, "no network"),
            (
                #""status":"completed","message":"x","source_count":5,"destination_count":4"#,
                "the counts differ: 5 at the source, 4 at the destination"
            ),
            (
                #""status":"failed","source_count":5,"destination_count":4"#,
                "the counts differ: 5 at the source, 4 at the destination"
            ),
        ]
    )
    func failures(members: String, reason: String) throws {
        let draft = try draft(#"{"sync":"products",\#(members)}"#)
        #expect(draft.outcome == .failed)
        #expect(draft[.type] == "sync.failed")
        #expect(draft[.reason] == reason)
    }

    @Test("with a long message has its beginning in the line, no character cut in two")
    func longMessage() throws {
        let message = String(repeating: "aé👩‍👩‍👧", count: 5000)
        let draft = try draft(#"{"sync":"a","status":"failed","message":"\#(message)"}"#)
        let reason = try #require(draft[.reason])
        #expect(reason.utf8.count <= SyncLimits.messageBytes + 3)
        #expect(message.hasPrefix(reason.dropLast()) && reason.hasSuffix("…"))
        try draft.checkSize()
    }

    @Test(
        "is refused with what was found and expected",
        arguments: [
            ("", "not JSON"), ("[]", "found an array, expected an object"), ("{", "not JSON"),
            ("nul", "not JSON"), (#"{"sync":"a","status":"completed"} x"#, "not JSON"),
            (#"{"status":"completed"}"#, "found the sync \"\", expected as sync 1 to 64 of"),
            (#"{"sync":"a"}"#, "found the status \"\", expected completed or failed"),
            (#"{"sync":"a","status":"ok"}"#, "found the status \"ok\""),
            (#"{"sync":"A b","status":"completed"}"#, "found the sync \"A b\""),
            (#"{"sync":"daybook","status":"completed"}"#, "found the sync \"daybook\""),
            (#"{"sync":5,"status":"completed"}"#, "found 5 as sync, expected a text"),
            (#"{"sync":"a","status":"completed","row":1}"#, "found the unknown key \"row\""),
            (#"{"sync":"a","status":"completed","sync":"b"}"#, "found the key sync twice"),
            (#"{"sync":"a","status":"failed","records":null,"records":1}"#, "records twice"),
            (#"{"sync":"a","status":"failed","records":-1}"#, "found an integer as records"),
            (#"{"sync":"a","status":"failed","records":1.5}"#, "found a number as records"),
            (#"{"sync":"a","status":"failed","records":"1"}"#, "found a text as records"),
            (#"{"sync":"a","status":"failed","errors":true}"#, "found a boolean as errors"),
            (#"{"sync":"a","status":"failed","errors":9007199254740992}"#, "from 0 to 9007199"),
            (#"{"sync":"a","status":"failed","duration_ms":[]}"#, "an array as duration_ms"),
            (#"{"sync":"a","status":"failed","started":"yesterday"}"#, "expected RFC 3339"),
            (
                #"{"sync":"a","status":"failed","started":1769940000}"#,
                "found 1769940000 as started"
            ),
            (#"{"sync":"a","status":"failed","details":"x"}"#, "found a string as details"),
            (#"{"sync":"a","status":"failed","id":""}"#, "found \"\" as id"),
            (#"{"sync":"a","status":"failed","id":"late:a:2026-02-01T02:00:00Z"}"#, "late: or"),
            (#"{"sync":"a","status":"failed","id":"missed:x"}"#, "without late: or missed:"),
            (#"{"sync":"a","status":"failed","id":"a\u0000b"}"#, "no zero byte"),
            (
                #"{"sync":"a","status":"failed","id":"\#(String(repeating: "x", count: 257))"}"#,
                "found 257 bytes as id, expected at most 256"
            ),
            (
                #"{"sync":"a","status":"failed","details":\#(String(repeating: "[", count: 99))"#,
                "too deep"
            ),
        ]
    )
    func refusals(text: String, message: String) {
        let error = #expect(throws: SyncReportError.self) { try draft(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }

    @Test("never crashes on what is nearly one", arguments: 0..<4 as Range<UInt64>)
    func garbage(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        let whole = Array(
            #"{"sync":"a","status":"failed","records":12,"started":"2026-02-01T02:00:00Z"}"#.utf8
        )
        for _ in 0..<1500 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...3, using: &chance) {
                let index = Int.random(in: bytes.indices, using: &chance)
                bytes[index] = .random(in: 0...255, using: &chance)
            }
            guard let draft = try? SyncReport.draft(bytes.span, by: "x") else { continue }
            #expect(draft[.kind] == "sync")
        }
    }
}
