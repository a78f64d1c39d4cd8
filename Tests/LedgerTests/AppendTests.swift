import Bytes
import DaybookTesting
import Ledger
import Testing

@Suite struct AppendTests {
    @Test("a new ledger holds one event, which names its key, and is sound")
    func created() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: false)
        let event = try ledger.event(at: 0)
        let line = Line(event.line.span)
        #expect(line.text(.type) == "daybook.ledger.created")
        #expect(line.text(.subject) == "key:\(ledger.firstKey)")
        #expect(line.previousHash == .zero)
        let report = try temporary.verify()
        #expect(report.isSound)
        #expect(report.findings == [])
        #expect(report.counts.signatures == 1)
    }

    @Test(
        "every receipt finds its event, and the whole log is sound",
        arguments: [1, 7, 300, 1000]
    )
    func receipts(count: Int) throws {
        let temporary = try TemporaryLedger()
        let receipts = try temporary.fill(count)
        #expect(receipts.map(\.sequence) == (1...UInt64(count)).map { $0 })
        let ledger = try temporary.open(appends: false)
        for receipt in receipts {
            let event = try ledger.event(at: receipt.sequence)
            #expect(event.leafHash == receipt.leafHash)
            #expect(receipt.checkpointSize > receipt.sequence)
            #expect(Line(event.line.span).text(.id) == "evt_\(receipt.sequence - 1)")
        }
        let report = try temporary.verify()
        #expect(report.findings == [])
        #expect(report.size == UInt64(count) + 1)
        #expect(report.counts.lines == UInt64(count) + 1)
        #expect(report.counts.bodies == UInt64(count))
        #expect(report.counts.ids == UInt64(count) + 1)
    }

    @Test("content comes out byte for byte as it went in")
    func content() throws {
        let temporary = try TemporaryLedger()
        try temporary.fill(3)
        let ledger = try temporary.open(appends: false)
        let event = try ledger.event(at: 2)
        #expect(event.content == Array("{\"id\":1,\"note\":\"αβγ \\u0001\"}".utf8))
        #expect(event.meta == Array("{}".utf8))
    }

    @Test("the same id with the same content is a duplicate without a body")
    func duplicate() throws {
        let temporary = try TemporaryLedger()
        try temporary.fill(2)
        let again = try temporary.fill(2)
        #expect(again.map(\.outcome) == [.duplicate, .duplicate])
        #expect(again.map(\.original) == [1, 2])
        let ledger = try temporary.open(appends: false)
        let event = try ledger.event(at: 3)
        let line = Line(event.line.span)
        #expect(line.text(.causationid) == "00000000000000000001")
        #expect(line.text(.outcome) == "duplicate")
        #expect(!event.namesBody)
        #expect(try temporary.verify().findings == [])
    }

    @Test("the same id with another content is a conflict that keeps its body")
    func conflict() throws {
        let temporary = try TemporaryLedger()
        try temporary.fill(1)
        let ledger = try temporary.open(appends: true)
        let receipts = try #require(ledger.writer).append([.sample(0, content: "other")])
        ledger.close()
        #expect(receipts[0].outcome == .conflict)
        #expect(receipts[0].original == 1)
        let event = try ledger.event(at: receipts[0].sequence)
        #expect(event.content == Array("other".utf8))
        #expect(try temporary.verify().findings == [])
    }

    @Test("a rejected event does not take its id from the real one")
    func rejectedOwnsNothing() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        let writer = try #require(ledger.writer)
        let forged = try writer.append([.sample(5, outcome: .rejected)])
        let real = try writer.append([.sample(5)])
        ledger.close()
        #expect(forged[0].outcome == .rejected)
        #expect(real[0].outcome == .accepted)
        #expect(try temporary.verify().findings == [])
    }

    @Test("the parts of a request name it as their cause, and a redelivery brings none of them")
    func parts() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        let writer = try #require(ledger.writer)
        let group: () -> [Draft] = {
            var part = Draft(source: "shop", id: "part", type: "fact", kind: .fact)
            part[.part] = "/events/0"
            part.cause = 0
            return [.sample(1), part]
        }
        let first = try writer.append(group())
        let second = try writer.append(group())
        ledger.close()
        #expect(first.map(\.outcome) == [.accepted, .accepted])
        #expect(second.map(\.outcome) == [.duplicate])
        let line = try ledger.event(at: first[1].sequence).line
        #expect(Line(line.span).integer(.causationid) == first[0].sequence)
        #expect(try temporary.verify().findings == [])
    }

    @Test("two writers of one ledger append in turn to one chain")
    func twoWriters() throws {
        // Two environments of one process may not share a folder, so the writers take turns.
        let temporary = try TemporaryLedger()
        for round in 0..<5 { try temporary.fill(10, from: round * 10) }
        let report = try temporary.verify()
        #expect(report.findings == [])
        #expect(report.size == 51)
    }

    @Test("a map that is too small grows while events are written")
    func growth() throws {
        let temporary = try TemporaryLedger(mapSize: 1 << 19)
        let ledger = try temporary.open(appends: true, mapSize: 1 << 19)
        let writer = try #require(ledger.writer)
        let before = ledger.mapSize
        let content = String(repeating: "x", count: 20_000)
        for number in 0..<100 { _ = try writer.append([.sample(number, content: content)]) }
        #expect(ledger.mapSize > before)
        ledger.close()
        let report = try temporary.verify()
        #expect(report.findings == [])
        #expect(report.size == 101)
    }

    @Test("a stopped writer refuses")
    func stopped() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        let writer = try #require(ledger.writer)
        ledger.close()
        #expect(throws: AppendError.stopped) { try writer.append([.sample(1)]) }
    }

    @Test("an event whose attributes are too long is refused and leaves no trace")
    func tooLong() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        let writer = try #require(ledger.writer)
        var draft = Draft.sample(1)
        draft[.subject] = String(repeating: "x", count: 70_000)
        let error = #expect(throws: AppendError.self) { try writer.append([draft]) }
        #expect(error?.description.contains("at most 65471") == true)
        ledger.close()
        #expect(try temporary.verify().size == 1)
    }
}
