import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import Testing

@Suite struct EventExportTests {
    private static func text(_ trial: BundleTrial, _ export: EventExport) throws -> String {
        final class Output { var bytes: [UInt8] = [] }
        let output = Output()
        try trial.ledger.read { snapshot in
            try export.write(in: snapshot, size: snapshot.size) { output.bytes += $0 }
        }
        return String(decoding: output.bytes, as: UTF8.self)
    }

    @Test("a request is read back from its text")
    func roundTrip() throws {
        let export = EventExport(try EventSelection(text: "source=a|b type=x"), .cloudevents)
        #expect(export.text == "source=a|b type=x | as=cloudevents")
        #expect(try EventExport(text: export.text)?.text == export.text)
        #expect(try EventExport(text: "all | bodies=whole") == nil)
        #expect(try BundleRequest(text: "all | bodies=redacted proofs=all").hasProofs)
        for text in ["all", "all | colour=blue", "all | bodies=none", "colour=blue | bodies=whole"]
        {
            #expect(throws: AuditProblem.self) { try BundleRequest(text: text) }
        }
    }

    @Test("rows end in CRLF, and no cell can be taken for a formula")
    func csv() throws {
        let trial = try BundleTrial(events: 0)
        let writer = try #require(trial.ledger.writer)
        for (id, subject) in [("=1+1", "@x"), ("+2", "-3"), ("a,\"b\"", "\tt"), ("-SUM(A1)", "ok")]
        {
            var draft = Draft.init(
                source: "s",
                id: id,
                type: "t",
                kind: .fact,
                outcome: .accepted
            )
            draft[.subject] = subject
            _ = try writer.append([draft])
        }
        let text = try Self.text(trial, EventExport(try EventSelection(text: "source=s"), .csv))
        let rows = text.components(separatedBy: "\r\n")
        #expect(rows.count == 6)
        #expect(
            rows[0].hasPrefix("sequence,recordedtime,time,source,type,kind,outcome,subject,id,")
        )
        #expect(rows[0].hasSuffix(",leafhash"))
        #expect(rows[1].contains(",'@x,'=1+1,"))
        #expect(rows[2].contains(",-3,+2,"))
        #expect(rows[3].contains(",\"'\tt\",\"a,\"\"b\"\"\","))
        #expect(rows[4].contains(",ok,'-SUM(A1),"))
        #expect(rows[5].isEmpty)
    }

    @Test("events are CloudEvents with their content, on one line each")
    func cloudEvents() throws {
        let trial = try BundleTrial(events: 0)
        let writer = try #require(trial.ledger.writer)
        let contents = ["{\n \"a\" : 1.50,\r\n \"b\": \"x\\n\" }", "a=1&b=2", "{\"a\":", ""]
        for (number, content) in contents.enumerated() {
            _ = try writer.append([.sample(number, content: content)])
        }
        let selection = try EventSelection(text: "type=order.*")
        let lines = try Self.text(trial, EventExport(selection, .cloudevents))
            .split(separator: "\n")
        #expect(lines.count == 4)
        let objects = try lines.map {
            try #require(
                try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            )
        }
        #expect((objects[0]["data"] as? [String: Any])?["b"] as? String == "x\n")
        #expect(lines[0].contains("1.50"))
        for (object, content) in zip(objects, contents).dropFirst() {
            #expect(object["data_base64"] as? String == Data(content.utf8).base64EncodedString())
        }
        #expect(objects.allSatisfy { $0["specversion"] as? String == "1.0" })
    }
}
