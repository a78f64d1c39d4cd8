import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Merkle
import Testing
import YAML

@Suite("The check of anchors") struct AnchorCheckTests {
    @Test("says who vouches for how much since when, and for what nobody does")
    func report() throws {
        let trial = try AnchorTrial()
        try trial.ledger.fill(10)
        try trial.anchor()
        try trial.ledger.fill(7, from: 10)
        let report = try trial.check()
        #expect(report.logSize == 19)
        #expect(report.size == 11)
        #expect(report.quorumSize == 11)
        let time = Timestamp(unixSeconds: Int64(trial.now))
        #expect(report.holdings.map(\.time) == [time, time])
        #expect(report.limits == [])
    }

    @Test("counts no witness that the reader's policy does not name")
    func strangers() throws {
        let trial = try AnchorTrial()
        try trial.anchor()
        let other = try AnchorTrial(witnesses: 1)
        let report = try trial.check(other.policy())
        #expect(report.holdings == [])
        #expect(report.size == 0)
        #expect(
            report.limits == [
                "cosignatures of witnesses that no policy names: w0.example, w1.example"
            ]
        )
    }

    /// Appends an event that says it is an anchor.
    private func append(
        _ trial: AnchorTrial,
        subject: String,
        content: [UInt8],
        type: String = "text/plain; charset=utf-8"
    ) throws {
        let open = try trial.ledger.open(appends: true)
        defer { open.close() }
        var draft = AdminEvent.draft(type: AnchorEvent.type)
        draft[.subject] = subject
        draft[.datacontenttype] = type
        let meta = Array("{}".utf8)
        draft.body = Body(meta: meta.span, content: content.span)
        _ = try #require(open.writer).append([draft])
    }

    @Test("finds each event that says it is an anchor and is none")
    func forged() throws {
        let trial = try AnchorTrial()
        try trial.ledger.fill(5)
        let round = try trial.anchor()
        let open = try trial.ledger.open(appends: false)
        let good = try #require(try open.event(at: round.receipts[0].sequence).content)
        var wrong = good
        // A letter of the last cosignature.
        let place = wrong.count - 30
        wrong[place] = wrong[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        try append(trial, subject: "checkpoint:6", content: wrong)
        try append(trial, subject: "checkpoint:5", content: good)
        try append(trial, subject: "checkpoint:999", content: good)
        try append(trial, subject: "checkpoint:6", content: Array("nothing".utf8))
        // What does not say what it covers is no anchor.
        try append(trial, subject: "checkpoint:six", content: good)
        let report = try trial.check()
        #expect(report.count == 5)
        #expect(report.findings.count == 4)
        #expect(report.findings.allSatisfy { $0.kind == .manipulation })
        #expect(report.findings.first?.what == "the cosignature of witness w1")
        #expect(report.size == 6)
    }

    @Test("finds a time stamp that is over something else, and says when none can be checked")
    func stamps() throws {
        struct Vector: Decodable {
            let replyB64: String
            let caPem: String
        }
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "DigestTests/Fixtures/rfc3161.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let vector = try decoder.decode(Vector.self, from: Data(contentsOf: file))
        let trial = try AnchorTrial(witnesses: 1)
        let decoded = Base64.decode(vector.replyB64.utf8Span.span)
        let reply = try #require(decoded)
        try append(
            trial,
            subject: "checkpoint:1",
            content: reply,
            type: "application/timestamp-reply"
        )
        let open = try trial.ledger.open(appends: false)
        #expect(
            try AnchorList.read(open).first?.names(origin: open.origin)
                == ["time stamp of 2026-11-21T02:19:14Z"]
        )
        let roots = try Certificate.parseAll(pem: Array(vector.caPem.utf8))
        let report = try AnchorCheck.run(open, policy: nil, roots: roots)
        #expect(report.findings.count == 1)
        #expect(!report.isSound)
        let unchecked = try AnchorCheck.run(open, policy: nil, roots: [])
        #expect(unchecked.isSound)
        #expect(unchecked.limits.first?.hasPrefix("1 time stamps: no certificates") == true)
    }

    @Test("tells of clocks that do not agree, without calling it manipulation")
    func clocks() throws {
        let trial = try AnchorTrial(witnesses: 1)
        // Ledger and witness agree now, but the log's times are an hour later.
        trial.now -= 3600
        try trial.anchor()
        let report = try trial.check()
        #expect(report.isSound)
        #expect(report.findings.map(\.kind) == [.notice])
    }
}

@Suite("The schedule of anchors") struct AnchorScheduleTests {
    private let second: UInt64 = 1_000_000_000

    @Test("anchors at once where nothing is anchored, else when the last is old enough")
    func start() {
        #expect(AnchorSchedule(seconds: 60, age: nil, at: 100).due == 100)
        #expect(AnchorSchedule(seconds: 60, age: 0, at: 0).due == 60 * second)
        #expect(AnchorSchedule(seconds: 60, age: 59 * second, at: 0).due == second)
        #expect(AnchorSchedule(seconds: 60, age: .max, at: 7).due == 7)
    }

    @Test("waits longer after each failure, never longer than the interval, and forgets on success")
    func backoff() {
        var schedule = AnchorSchedule(seconds: 3600, age: nil, at: 0)
        var waits: [UInt64] = []
        for _ in 0..<200 {
            schedule.ended(well: false, at: 0)
            waits.append(schedule.due / second)
        }
        #expect(waits.prefix(8) == [30, 60, 120, 240, 480, 960, 1920, 3600])
        #expect(waits.suffix(190).allSatisfy { $0 == 3600 })
        schedule.ended(well: true, at: 5)
        #expect(schedule.due == 3600 * second + 5)
        schedule.ended(well: false, at: 0)
        #expect(schedule.due == 30 * second)
        var often = AnchorSchedule(seconds: 1, age: nil, at: 0)
        often.ended(well: false, at: 0)
        #expect(often.due == second)
    }
}

@Suite("The settings of anchors") struct AnchorSettingsTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func read(_ text: String) throws -> AnchorSettings {
        let bytes = Array(text.utf8)
        let node = try parseYAML(bytes.span, file: "daybook.yaml")
        return try AnchorSettings(node) { "\(folder.path)/\($0)" }
    }

    @Test("are read with the files that they name")
    func good() throws {
        let trial = try AnchorTrial()
        let text = "witness a \(trial.witnesses[0].vkey) http://a\nquorum a\n"
        try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/policy.txt"))
        let settings = try read("{ every: 90m, policy: file:policy.txt }")
        #expect(settings.seconds == 5400)
        #expect(settings.policy?.quorumText == "a")
        #expect(try read("{ policy: file:policy.txt }").seconds == 3600)
    }

    @Test(
        "are refused with the place where they are wrong",
        arguments: [
            ("{}", "nobody anchors"), ("{ every: 1h }", "nobody anchors"),
            ("{ every: 0s, policy: file:p }", "from 1s to 60d"), ("{ evry: 1h }", "every"),
            ("{ policy: policy.txt }", "file:PATH"), ("{ policy: file:missing }", "missing"),
            ("{ policy: file:old }", "cosigns (type 4)"), ("{ policy: file:bad }", "line 1"),
            ("{ timestamp: { url: tsa, ca: file:ca } }", "such as http://"),
            ("{ timestamp: { url: http://tsa } }", "missing key"),
            ("{ timestamp: { url: http://tsa, ca: file:bad } }", "no certificate"),
        ]
    )
    func bad(text: String, what: String) throws {
        let old = "sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r"
        try Data("witness w \(old) http://w\nquorum w\n".utf8)
            .write(to: URL(filePath: "\(folder.path)/old"))
        try Data("nonsense\n".utf8).write(to: URL(filePath: "\(folder.path)/bad"))
        let error = #expect(throws: (any Error).self) { try read(text) }
        let description = error.map { "\($0)" } ?? ""
        #expect(description.hasPrefix("daybook.yaml:1:"), "\(description)")
        #expect(description.contains(what), "\(description)")
    }
}
