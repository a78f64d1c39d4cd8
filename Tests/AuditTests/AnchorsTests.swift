import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Merkle
import POSIX
import Testing

@Suite("Anchoring") struct AnchorsTests {
    @Test("gathers the cosignatures of all and records them as one event that proves itself")
    func round() throws {
        let trial = try AnchorTrial()
        try trial.ledger.fill(300)
        let round = try trial.anchor()
        #expect(round.isComplete)
        #expect(round.size == 301)
        #expect(AnchorTrial.results(round) == ["w0 anchored", "w1 anchored"])
        #expect(round.receipts.map(\.sequence) == [301])
        let open = try trial.ledger.open(appends: false)
        let anchors = try AnchorList.read(open)
        #expect(anchors.map(\.size) == [301])
        #expect(anchors.first?.kind == .witness)
        #expect(anchors.first?.names(origin: open.origin) == ["w0.example", "w1.example"])
        #expect(try AnchorList.newest(open)?.sequence == 301)
        let event = try open.event(at: 301)
        let meta = String(decoding: try #require(event.meta), as: UTF8.self)
        #expect(meta.contains("\"kind\":\"witness\",\"quorum\":\"reached\",\"size\":301"))
        let line = Line(event.line.span)
        #expect(line.text(.authid) == "anna")
        #expect(try trial.ledger.verify().isSound)
    }

    @Test("goes on from round to round, from whatever size a witness has")
    func rounds() throws {
        let trial = try AnchorTrial()
        var chance = SeededChance(seed: 3)
        var first = 0
        for number in 0..<12 {
            let count = Int.random(in: 1...90, using: &chance)
            try trial.ledger.fill(count, from: first)
            first += count
            // Now and then one of them is away and has to catch up later.
            let isAway = number % 3 == 1
            trial.network.answer { request in
                isAway && request.url.hasPrefix("http://w1/") ? (503, Array("away".utf8)) : nil
            }
            let round = try trial.anchor()
            #expect(round.hasQuorum == !isAway)
            trial.now += 30
        }
        let report = try trial.check()
        #expect(report.count == 12)
        #expect(report.isSound, "\(report.findings)")
        #expect(report.findings == [])
        #expect(report.holdings.map(\.name) == ["w0", "w1"])
        #expect(report.size == report.holdings[0].size)
        #expect(report.quorumSize == report.size)
    }

    @Test("records what it has when too few cosign, and says that they are too few")
    func tooFew() throws {
        let trial = try AnchorTrial()
        trial.network.answer { request in
            request.url.hasPrefix("http://w0/") ? (500, Array("broken\u{7}\nby \"x\"".utf8)) : nil
        }
        let round = try trial.anchor()
        #expect(!round.hasQuorum)
        #expect(!round.isComplete)
        #expect(AnchorTrial.results(round) == ["w0 answered 500: broken by \"x\"", "w1 anchored"])
        #expect(round.quorumText == "2 of w0, w1")
        #expect(try trial.check().quorumSize == 0)
        #expect(try trial.check().size == 1)
        let any = try trial.anchor(trial.settings("any"))
        #expect(any.isComplete)
        #expect(try trial.check(trial.policy("any")).quorumSize == any.size)
    }

    @Test("records nothing when nobody answers")
    func nobody() throws {
        let trial = try AnchorTrial()
        trial.network.answer { _ in throw SystemError(code: 111, operation: "reach", object: "it") }
        let round = try trial.anchor()
        #expect(round.receipts == [])
        #expect(round.problems.count == 2)
        #expect(try trial.check().count == 0)
        #expect(try trial.start().count == 2)
    }

    @Test("is refused where the policy is for other logs")
    func otherLog() throws {
        let trial = try AnchorTrial()
        let other = try VKey(
            name: "other.example/log",
            publicKey: [UInt8](repeating: 9, count: 32),
            using: SHA256.self
        )
        let policy = try trial.policy(extra: "log \(other)\n")
        let open = try trial.ledger.open(appends: false)
        #expect(throws: AuditProblem.self) {
            try Anchors(
                open,
                AnchorSettings(seconds: 1, policy: policy, authority: nil),
                send: trial.send
            )
        }
    }

    @Test("works on after the log has changed its key, once the witnesses know the new one")
    func rotation() throws {
        let trial = try AnchorTrial(witnesses: 1)
        try trial.anchor()
        let open = try trial.ledger.open(appends: true)
        _ = try open.rotateKey()
        // The checkpoint of the change itself is still signed by the key before.
        _ = try #require(open.writer).append([.sample(1)])
        open.close()
        let round = try trial.anchor()
        let reason =
            "w0 does not trust the key that signs the log now; give its operator the new one"
        #expect(AnchorTrial.results(round) == [reason])
        #expect(try trial.check().isSound)
    }

    // MARK: - Hostile answers

    private static let hostile: [(name: String, status: Int, body: String)] = [
        ("nothing", 200, ""), ("no signature", 200, "hello\n"),
        ("another's", 200, "— w9.example AAAAAAAAAABpVGeA\n"),
        ("too large a size", 409, "18446744073709551616\n"), ("no size", 409, "many\n"),
        ("a size without its line end", 409, "1"), ("a negative one", 409, "-1\n"),
        ("a redirect", 302, ""), ("unprocessable", 422, "no"), ("unknown", 404, ""),
        ("forbidden", 403, ""), ("a page", 200, "<html>" + String(repeating: "x", count: 9999)),
        ("a growing size", 409, "0\n"),
    ]

    @Test("believes no answer that is not a witness's own", arguments: 0..<13)
    func hostile(number: Int) throws {
        let trial = try AnchorTrial(witnesses: 1)
        let (name, status, body) = Self.hostile[number]
        trial.network.answer { request in
            request.method == "POST" ? (status, Array(body.utf8)) : (404, [])
        }
        let round = try trial.anchor()
        #expect(!round.isComplete, "\(name)")
        #expect(round.receipts == [], "\(name)")
        for problem in round.problems {
            #expect(problem.utf8.count < 400)
            #expect(!problem.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test("gives up on a witness that names another size each time")
    func endless() throws {
        let trial = try AnchorTrial(witnesses: 1)
        try trial.ledger.fill(50)
        let count = Counter()
        trial.network.answer { _ in (409, Array("\(count.next())\n".utf8)) }
        let round = try trial.anchor()
        #expect(round.problems == ["witness w0 named another size each of 4 times"])
        #expect(count.next() == 5)
    }

    @Test("believes no cosignature with a wrong byte, of another checkpoint or of another key")
    func forged() throws {
        let trial = try AnchorTrial(witnesses: 2)
        try trial.anchor()
        try trial.ledger.fill(5)
        let witness = trial.witnesses[0]
        let origin = try trial.ledger.open(appends: false).origin
        let served = try witness.checkpoint(ofOrigin: Witness.hash(origin)).body
        let old = try SignedNote(served.span)
        var line: [UInt8] = []
        try #require(old.signatures.last).append(to: &line)
        let replayed = line
        trial.network.answer { [network = trial.network] request in
            guard request.method == "POST" else { return nil }
            if request.url.hasPrefix("http://w0/") { return (200, replayed) }
            _ = network
            return nil
        }
        let round = try trial.anchor()
        #expect(AnchorTrial.results(round)[0].contains("gave a wrong cosignature"))
        #expect(AnchorTrial.results(round)[1] == "w1 anchored")
    }

    @Test(
        "takes no time from a clock that is far off, in either direction",
        arguments: [(-601, false), (-600, true), (0, true), (600, true), (601, false)]
    )
    func clocks(offset: Int, isTaken: Bool) throws {
        let trial = try AnchorTrial(witnesses: 1)
        let now = trial.now
        let witness = trial.witnesses[0]
        trial.network.answer { request in
            guard request.method == "POST" else { return nil }
            let answer = try witness.addCheckpoint(request.body, at: UInt64(Int(now) + offset))
            return (answer.status, answer.body)
        }
        let round = try trial.anchor()
        #expect(round.isComplete == isTaken)
        if !isTaken { #expect(round.problems[0].contains("one of the two is wrong")) }
    }
}

/// Counts calls from several threads.
private final class Counter: Sendable {
    private let value = Monitor(0)

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
