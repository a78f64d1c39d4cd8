import Bytes
import DaybookTesting
import Digest
import Foundation
import LMDB
import Ledger
import Outbound
import POSIX
import Testing

/// The engine over a real ledger.
@Suite struct DeliverEngineTests {
    private let quick =
        "from: { type: a }\nretries: [0s, 1ms, 1ms, 1ms, 1ms, 1ms, 1ms, 1ms, 1ms, 1ms]"

    @Test("an event goes out once, as CloudEvents and signed, and the attempt is recorded")
    func once() throws {
        let trial = try DeliverTrial()
        try trial.append([DeliverTrial.event(0)])
        let engine = try trial.engine([try DeliverTrial.rule("out", "")]) { _, _ in 204 }
        defer { engine.stop() }
        let sequence = try trial.append([DeliverTrial.event(1, subject: "order:é")])[0]
        try trial.eventually("a delivery") { try trial.count("succeeded") == 1 }
        let receipt = try #require(trial.receipts.first)
        #expect(trial.receipts.count == 1 && receipt.sequence == sequence)
        let event = try trial.ledger.event(at: sequence)
        #expect(receipt.body == event.content)
        #expect(receipt.headers["webhook-id"] == event.leafHash.description)
        let expected = [
            "ce-specversion": "1.0", "ce-id": "evt%201", "ce-source": "shop", "ce-type": "a",
            "ce-subject": "order:%C3%A9", "content-type": "application/json; charset=utf-8",
            "ce-sequence": Decimal.padded(sequence, digits: 20), "ce-time": nil,
        ]
        for (name, value) in expected { #expect(receipt.headers[name] == value) }
        #expect(receipt.headers["ce-recordedtime"]?.hasSuffix("Z") == true)
        let signer = try #require(DeliverySigner(secrets: [Array("hush".utf8)]))
        let seconds = try #require(Int64(receipt.headers["webhook-timestamp"] ?? ""))
        #expect(abs(Double(seconds) - Double(Clock.microseconds) / 1e6) < 60)
        let signature = signer.signature(
            id: event.leafHash.description,
            seconds: seconds,
            body: receipt.body.span
        )
        #expect(receipt.headers["webhook-signature"] == signature)
        let line = try #require(try trial.lines("delivery").first)
        let attributes = [
            "source": "out", "service": "out", "type": "webhook.delivery", "method": "POST",
            "path": "/hooks", "status": "204", "attempt": "1", "durationms": "1",
            "subject": "order:é", "correlationid": "thread-1", "reason": nil,
            "causationid": Decimal.padded(sequence, digits: 20),
        ]
        for (name, value) in attributes { #expect(line[name] == value) }
        let recorded = try trial.ledger.event(at: UInt64(line["sequence"] ?? "") ?? 0)
        let meta = String(decoding: recorded.meta ?? [], as: UTF8.self)
        #expect(meta.contains("\"response\":{\"headers\":[[\"server\",\"x\"]],\"status\":204}"))
        #expect(meta.contains("\"cut\":{\"request\":\(receipt.body.count)},\"lengths\":[0,0]"))
        #expect(!meta.contains("hidden") && !meta.contains("v1,"))
        #expect(try trial.isSound() && trial.reported.isEmpty)
    }

    @Test("a part goes out as the JSON text that it is in the request that it came in")
    func parts() throws {
        let trial = try DeliverTrial()
        let engine = try trial.engine([try DeliverTrial.rule("out", "")]) { _, _ in 200 }
        defer { engine.stop() }
        let drafts = ["/list/1/a~1b", "/list/0", "/none", "", "list"].enumerated().map { place in
            var draft = Draft(source: "shop", id: "p\(place.offset)", type: "a", kind: .fact)
            draft[.part] = place.element
            draft.cause = 0
            return draft
        }
        let all = try trial.append([DeliverTrial.event(1, type: "batch")] + drafts)
        try trial.eventually("five attempts") { try trial.lines("delivery").count == 5 }
        let bodies = trial.receipts.sorted { $0.sequence < $1.sequence }.map { receipt in
            String(decoding: receipt.body, as: UTF8.self)
        }
        #expect(bodies == ["[ 2 ]", "1.50", "{\"number\":1, \"list\":[1.50,{\"a/b\":[ 2 ]}]}"])
        #expect(trial.receipts.allSatisfy { $0.headers["content-type"] == "application/json" })
        let failed = try trial.lines("delivery").filter { $0["outcome"] == "failed" }
        #expect(
            Set(failed.map { $0["causationid"] })
                == Set([all[3], all[5]].map { Decimal.padded($0, digits: 20) })
        )
        #expect(failed.allSatisfy { $0["reason"]?.hasPrefix("undeliverable: there is") == true })
        try trial.eventually("no pending") { engine.statuses.map(\.pending) == [0] }
    }

    @Test("an event with more than headers hold is dead at once; one without a body goes out")
    func odd() throws {
        let trial = try DeliverTrial()
        let engine = try trial.engine([try DeliverTrial.rule("out", quick)]) { _, _ in 200 }
        defer { engine.stop() }
        var large = DeliverTrial.event(1, subject: String(repeating: "é", count: 2000))
        large[.datacontenttype] = "text/plain\r\nx-evil: 1"
        var odd = DeliverTrial.event(2)
        odd[.datacontenttype] = "text/plain\r\nx-evil: 1"
        let empty = Draft(source: "shop", id: "none", type: "a", kind: .fact)
        try trial.append([large, odd, empty])
        try trial.eventually("three attempts") { try trial.lines("delivery").count == 3 }
        let types = trial.receipts.sorted { $0.sequence < $1.sequence }.map { receipt in
            receipt.headers["content-type"]
        }
        #expect(types == ["application/octet-stream", nil])
        #expect(trial.receipts.last?.body.isEmpty == true)
        #expect(try trial.count("failed") == 1)
    }

    @Test("an event whose body was erased is dead at once, and says so")
    func erased() throws {
        let rule = try DeliverTrial.rule("out", quick)
        let trial = try DeliverTrial { folder in
            let ledger = try folder.open(appends: true)
            _ = try ledger.writer?.append([
                DeliveryEvent.rule(rule.terms, isFirst: true), DeliverTrial.event(1),
                DeliverTrial.event(2),
            ])
            ledger.close()
            try Self.erase(2, in: folder.path)
        }
        let engine = try trial.engine([rule]) { _, _ in 200 }
        defer { engine.stop() }
        try trial.eventually("two attempts") { try trial.lines("delivery").count == 2 }
        #expect(trial.receipts.map(\.sequence) == [3])
        let failed = try trial.lines("delivery").filter { $0["outcome"] == "failed" }
        #expect(failed.map { $0["reason"] } == ["undeliverable: the event's body was erased"])
        try trial.eventually("no pending") { engine.statuses.map(\.pending) == [0] }
    }

    /// Takes an event's body away, as erasure does.
    private static func erase(_ sequence: UInt64, in ledger: String) throws {
        let environment = try Environment(path: "\(ledger)/log", options: .init(mapSize: 1 << 26))
        let bodies = try environment.open([("bodies", .integer)])[0]
        let isErased = try environment.write { try $0.remove(sequence, in: bodies) }
        #expect(isErased)
    }

    @Test("a start sends again at most what was on its way, with the mark and without it")
    func restarts() throws {
        let trial = try DeliverTrial()
        let rule = try DeliverTrial.rule("out", quick + "\nordered: true\nconcurrent: 7")
        var engine = try trial.engine([rule]) { sequence, attempt in
            attempt == 1 && sequence % 3 == 0 ? 500 : sequence % 2 == 0 ? 0 : 200
        }
        let events = try trial.append(
            (0..<60).map { DeliverTrial.event($0, subject: "order:\($0 % 11)") }
        )
        try trial.eventually("held attempts") { trial.receipts.count { $0.status == nil } >= 1 }
        engine.stop(graceMilliseconds: 50)
        let lost = trial.receipts.count { $0.status == nil }
        #expect((1...7).contains(lost))
        for round in 0..<4 {
            if round % 2 == 1 { try? Files.remove(DeliveryMark.file(trial.ledger.path)) }
            engine = try trial.engine([rule]) { _, _ in 200 }
            try trial.eventually("no pending") { engine.statuses.map(\.pending) == [0] }
            engine.stop()
            #expect(Files.exists(DeliveryMark.file(trial.ledger.path)))
        }
        for event in events {
            let receipts = trial.receipts.filter { $0.sequence == event }
            #expect(receipts.count { $0.status == 200 } == 1, "\(event)")
        }
        #expect(trial.receipts.count == (try trial.lines("delivery").count) + lost)
        #expect(try trial.count("succeeded") == events.count && trial.reported.isEmpty)
        // What a late sender says is of no account.
        trial.release(status: 200)
        #expect(try trial.isSound())
    }

    @Test("a destination that hangs keeps none but its own rule waiting, and no stop for long")
    func hanging() throws {
        let trial = try DeliverTrial()
        let rules = [
            try DeliverTrial.rule("out", "from: { type: a }\nconcurrent: 2"),
            try DeliverTrial.rule("other", "from: { type: [a, b] }"),
        ]
        // What is of type "a" is never answered, of either rule.
        let engine = try DeliveryEngine(trial.ledger, rules: rules) { request, done in
            guard request.timeout == 15_000, request.headers.contains(where: { $0.value == "b" })
            else { return }
            done(DeliveryResult(status: 200, milliseconds: 1))
        } report: { _, _ in
        }
        try trial.append((0..<9).map { DeliverTrial.event($0) })
        try trial.append((9..<20).map { DeliverTrial.event($0, type: "b") })
        try trial.eventually("hung attempts") { engine.statuses.map(\.pending).first == 9 }
        try trial.eventually("the other events") { try trial.count("succeeded") == 11 }
        engine.stop(graceMilliseconds: 1)
        #expect(engine.statuses.map(\.pending) == [9, 9])
    }

    @Test("410 stops a rule in the same commit, until a person lets it go on; retries are orders")
    func gone() throws {
        let trial = try DeliverTrial()
        let rule = try DeliverTrial.rule("out", "from: { type: a }\nretries: []\nconcurrent: 1")
        let engine = try trial.engine([rule]) { _, attempt in attempt == 1 ? 410 : 200 }
        defer { engine.stop() }
        let events = try trial.append((0..<2).map { DeliverTrial.event($0) })
        try trial.eventually("disabled") { engine.statuses.map(\.isDisabled) == [true] }
        #expect(trial.receipts.map(\.sequence) == [events[0]])
        let order = try #require(
            try trial.lines("admin").first { $0["type"] == "daybook.delivery.disabled" }
        )
        #expect(order["reason"] == "the destination answered 410 to event \(events[0])")
        #expect(order["subject"] == "delivery:out")
        try trial.append([
            DeliveryEvent.order(.resumed, rule: "out"),
            DeliveryEvent.order(.retry, rule: "out", event: events[0]),
        ])
        try trial.eventually("another 410") {
            try trial.lines("admin").count { $0["type"] == "daybook.delivery.disabled" } == 2
        }
        try trial.append([
            DeliveryEvent.order(.resumed, rule: "out"),
            DeliveryEvent.order(.retry, rule: "out", event: events[1]),
        ])
        try trial.eventually("both") { try trial.count("succeeded") == 2 }
        #expect(try trial.isSound())
    }

    @Test("a rule is recorded when it is new and when it has changed, and never its secrets")
    func recorded() throws {
        let trial = try DeliverTrial()
        func rules() throws -> [[String: String]] {
            try trial.lines("admin").filter { $0["type"] == DeliveryEvent.ruleType }
        }
        for more in ["", "", "from: { type: b }", "from: { type: b }\nordered: true"] {
            let rule = try DeliverTrial.rule("out", more)
            let engine = try trial.engine([rule]) { _, _ in 200 }
            try trial.eventually("the rule's terms") {
                guard let last = try rules().last.flatMap({ UInt64($0["sequence"] ?? "") }) else {
                    return false
                }
                let content = try trial.ledger.event(at: last).content ?? []
                return DeliveryTerms(json: content.span) == rule.terms
            }
            engine.stop()
        }
        #expect(try rules().count == 3)
        #expect(try rules().first?["id"] == "delivery-rule:out")
        // Events from before a rule's first event are not its own.
        #expect(trial.receipts.isEmpty)
    }

    @Test(
        "a mark that is broken, or of another log, costs a reading and nothing else",
        arguments: [
            "", "{", "{}", "{\"version\":1}", "null",
            "{\"leaf\":\"00\",\"position\":3,\"rules\":{\"out\":{\"start\":3}},\"version\":1}",
            "{\"leaf\":\"00\",\"position\":99999,\"rules\":{},\"version\":1}",
        ]
    )
    func brokenMark(text: String) throws {
        let trial = try DeliverTrial()
        let rule = try DeliverTrial.rule("out", quick)
        var engine = try trial.engine([rule]) { _, _ in 0 }
        try trial.append((0..<5).map { DeliverTrial.event($0) })
        try trial.eventually("held attempts") { trial.receipts.count == 5 }
        engine.stop(graceMilliseconds: 1)
        try Files.replace(DeliveryMark.file(trial.ledger.path), with: Array(text.utf8))
        engine = try trial.engine([rule]) { _, _ in 200 }
        try trial.eventually("no pending") { try trial.count("succeeded") == 5 }
        engine.stop()
        #expect(trial.receipts.count == 10)
    }
}
