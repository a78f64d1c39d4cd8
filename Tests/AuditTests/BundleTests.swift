import Archive
import Audit
import Bytes
import DaybookTesting
import Ledger
import Merkle
import Testing

@Suite("An evidence bundle") struct BundleTests {
    private static func verify(_ path: String, key: String? = nil) throws -> BundleReport {
        try BundleVerifier.verify(path, key: key)
    }

    private static func request(
        _ text: String = "all",
        _ change: (inout BundleRequest) -> Void = { _ in }
    ) throws -> BundleRequest {
        var request = BundleRequest(try EventSelection(text: text))
        change(&request)
        return request
    }

    private static let requests = [
        "all | bodies=whole", "all | bodies=digests", "all | bodies=redacted",
        "from=7 end=20 | bodies=whole", "from=0 end=1 | bodies=whole",
        "from=40 end=41 | bodies=whole", "from=30 | bodies=whole proofs=all",
        "source=shop-1 | bodies=whole", "source=shop-1 subject=order:1* | bodies=whole",
        "source=shop-1 | bodies=whole lines=selected", "source=none | bodies=whole",
        "source=none | bodies=whole lines=selected", "from=9 end=9 | bodies=whole",
        "since=2999-01-01T00:00:00Z | bodies=whole", "period=1999 | bodies=whole",
        "from=3 end=9 type=order.* | bodies=redacted lines=selected",
    ]

    @Test("is sound, whatever was selected and shown")
    func sound() throws {
        let trial = try BundleTrial()
        for (number, text) in Self.requests.enumerated() {
            let request = try BundleRequest(text: text)
            #expect(request.text == text)
            let (path, record) = try trial.export(request, as: "bundle-\(number)")
            for key in [nil, trial.ledger.firstKey] {
                let report = try Self.verify(path, key: key)
                #expect(report.verdict == .sound, "\(report.findings)")
                #expect(report.events == record.rows)
                #expect(report.origin == "test.example/log")
                #expect(report.vkey == trial.ledger.firstKey)
                #expect(report.notProven.contains { $0.hasPrefix("Whose log") } == (key == nil))
                for check in BundleReport.Check.allCases {
                    let isDone = report.state(of: check) == "ok"
                    switch check {
                    case .anchors: #expect(!isDone)
                    case .bodies: #expect(isDone == (request.bodies == .whole))
                    case .complete: #expect(isDone == request.isComplete)
                    case .proofs: #expect(isDone == (record.rows > 0))
                    default: #expect(isDone, "\(check)")
                    }
                }
            }
        }
    }

    @Test("is made again byte for byte from its record, after the log has grown")
    func rerun() throws {
        let trial = try BundleTrial()
        let (path, record) = try trial.export(try Self.request())
        let writer = try #require(trial.ledger.writer)
        _ = try writer.append([.sample(1000), .sample(1001)])
        let sequence = try #require(record.recorded?.sequence)
        let read = try ReportRecord.read(sequence, in: trial.ledger)
        #expect(try ReportComparison(trial.again(read, as: "again"), with: path) == .sameBytes)
        let other = try trial.export(try Self.request(), as: "other").path
        guard case .different(let place) = try ReportComparison(other, with: path) else {
            Issue.record("another export has the same bytes")
            return
        }
        #expect(place.contains("README.txt"))
    }

    @Test("follows the ledger's keys through their changes, also right after one")
    func keyChange() throws {
        let trial = try BundleTrial(events: 5)
        let before = try trial.export(try Self.request(), as: "before")
        _ = try trial.ledger.rotateKey()
        for name in ["first", "second"] {
            let (path, _) = try trial.export(try Self.request(), as: name)
            let report = try Self.verify(path, key: trial.ledger.firstKey)
            #expect(report.verdict == .sound, "\(report.findings)")
            #expect(report.vkey != trial.ledger.firstKey)
            _ = try trial.ledger.rotateKey()
        }
        // The key of that time signs no more, so nobody can make that bundle again.
        #expect(throws: AuditProblem.self) { _ = try trial.again(before.record, as: "again") }
        #expect(try Self.verify(before.path).verdict == .sound)
    }

    @Test("of a size at which no checkpoint was signed, or beyond the log, is refused")
    func badSize() throws {
        let trial = try BundleTrial()
        #expect(throws: AuditProblem.self) { try trial.export(try Self.request(), size: 3) }
        #expect(throws: AuditProblem.self) { try trial.export(try Self.request(), size: 999) }
        #expect(throws: AuditProblem.self) { try trial.export(try Self.request(), size: 0) }
        // The samples come in groups of seven after the event that names the key.
        let (path, _) = try trial.export(try Self.request(), size: 15)
        let report = try Self.verify(path)
        #expect(report.verdict == .sound, "\(report.findings)")
        #expect(report.events == 15)
    }

    @Test("records its export in the log first, and says so")
    func recorded() throws {
        let trial = try BundleTrial()
        let (path, record) = try trial.export(try Self.request("source=shop-2"))
        let recorded = try #require(record.recorded)
        #expect(recorded.sequence == 41)
        let event = try trial.ledger.event(at: 41)
        let line = Line(event.line.span)
        #expect(line.text(.type) == "daybook.report")
        #expect(line.text(.authid) == "anna")
        #expect(line.text(.reason) == "a test")
        let parts = try trial.parts(path)
        #expect(parts["export.json"].contains("\"report\":41,"))
        #expect(parts["export.json"].contains("\"exported_by\":\"os-user:anna\""))
        #expect(parts["README.txt"].contains("source=shop-2"))
        #expect(
            parts.files.prefix(3).map(\.path) == ["README.txt", "manifest.json", "manifest.note"]
        )
    }

    @Test("carries proofs that each stand alone")
    func proofs() throws {
        let trial = try BundleTrial()
        let parts = try trial.parts(trial.export(try Self.request()).path)
        let names = parts.files.map(\.path).filter { $0.hasPrefix("proofs/") }
        #expect(names.count == 41)
        let proof = parts["proofs/00000000000000000012.tlog-proof"]
        #expect(proof.hasPrefix("c2sp.org/tlog-proof@v1\nindex 12\n"))
        #expect(proof.hasSuffix(parts["checkpoint"]))
    }

    @Test("shows no body when it is asked not to, and none unmasked when redacted")
    func bodies() throws {
        let trial = try BundleTrial(events: 3)
        let digests = try trial.parts(
            trial.export(try Self.request { $0.bodies = .digests }, as: "digests").path
        )
        #expect(!digests.files.contains { $0.path.contains("/") && !$0.path.hasPrefix("proofs") })
        let redacted = try trial.parts(
            trial.export(try Self.request { $0.bodies = .redacted }, as: "redacted").path
        )
        #expect(!redacted.files.contains { $0.path.hasPrefix("bodies/") })
        let body = redacted["redacted/00000000000000000001.json"]
        #expect(body == "{\"id\":0,\"note\":\"[redacted]\"}")
    }

    @Test("carries anchors, whose notes must be of this log")
    func anchors() throws {
        let trial = try BundleTrial()
        let note = try trial.checkpoint(size: 15)
        var extras = BundleExtras()
        extras.anchors = [
            .init(kind: "witness", sequence: 16, size: 15, time: .min, content: note)
        ]
        let (path, _) = try trial.export(try Self.request(), extras: extras)
        let report = try Self.verify(path)
        #expect(report.verdict == .sound, "\(report.findings)")
        #expect(report.state(of: .anchors) == "ok")
        var parts = try trial.parts(path)
        let other = try BundleTrial()
        parts[bytes: "anchors/001.note"] = try other.checkpoint(size: 15)
        try trial.sign(&parts)
        #expect(try Self.verify(trial.pack(parts)).failed == [.anchors])
    }

    @Test("what is no bundle is unreadable")
    func unreadable() throws {
        let trial = try BundleTrial(events: 2)
        var parts = BundleTrial.Parts()
        #expect(try Self.verify(trial.pack(parts)).verdict == .unreadable)
        parts["other.json"] = "{}"
        #expect(try Self.verify(trial.pack(parts)).verdict == .unreadable)
        let report = try Self.verify("/dev/null")
        #expect(report.verdict == .unreadable)
        #expect(String(decoding: report.json, as: UTF8.self).contains("\"unreadable\""))
        #expect(throws: ArchiveError.self) { try Self.verify("\(trial.folder)/missing") }
        #expect(throws: AuditProblem.self) { try Self.verify("/dev/null", key: "no key") }
    }
}
