import Bytes
import DaybookTesting
import Ledger
import Merkle
import Testing

/// What callers hand in is recorded so that the log stays sound, or refused with nothing recorded.
@Suite("Odd input") struct InputTests {
    static let oddTexts = [
        "\"", "\\", "\\\"", "a\"b\\c", "\u{0}", "\u{1}\u{8}\t\n\u{c}\r\u{1f}", "\u{7f}\u{80}\u{9f}",
        "\u{2028}\u{2029}", "\u{feff}", "\u{fffd}\u{ffff}", "😀👩‍👩‍👧", "é", "e\u{301}",
        "\u{d7ff}\u{e000}\u{10ffff}",
        "\\ud83d", "\\u0000", "{\"a\":1}", " ", "/", String(repeating: "\u{1}", count: 500),
    ]

    /// Appends drafts one by one; either is recorded and the log sound, or refused by name.
    private func append(
        _ drafts: [Draft],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [Result<[Receipt], AppendError>] {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let results = drafts.map { draft in
            Result { () throws(AppendError) in try writer.append([draft]) }
        }
        for case .failure(let error) in results {
            guard case .refused = error else {
                Issue.record("\(error)", sourceLocation: sourceLocation)
                continue
            }
        }
        let last = Result { () throws(AppendError) in try writer.append([.bodiless(9999)]) }
        open.close()
        #expect(throws: Never.self, sourceLocation: sourceLocation) { try last.get() }
        #expect(try ledger.verify().findings == [], sourceLocation: sourceLocation)
        return results
    }

    @Test(
        "any text is a source, id, subject and type, and comes out as it went in",
        arguments: oddTexts
    )
    func text(_ text: String) throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        defer { open.close() }
        var draft = Draft(source: "s" + text, id: text, type: text, kind: .fact)
        draft[.subject] = text
        let writer = try #require(open.writer)
        let first: [Receipt]
        do throws(AppendError) {
            first = try writer.append([draft])
        } catch {
            // A source holds no zero byte, which parts it from the id in the index.
            #expect(text.utf8.contains(0) && error != .stopped, "\(error)")
            return
        }
        let line = try open.event(at: first[0].sequence).line
        for attribute in [Attribute.id, .type, .subject] {
            let found = Line(line.span).text(attribute) ?? ""
            #expect(found.utf8.elementsEqual(text.utf8))
        }
        #expect(try writer.append([draft]).first?.outcome == .duplicate)
        #expect(try open.read { try $0.sequence(source: "s" + text, id: text) } == 1)
        #expect(try ledger.verify().findings == [])
    }

    @Test("texts that look alike are different ids")
    func lookalikes() throws {
        let ids = ["é", "e\u{301}", "A", "Α", "a ", "a"]
        let drafts = ids.map { Draft(source: "s", id: $0, type: "t", kind: .fact) }
        let outcomes = try append(drafts).map { try $0.get()[0].outcome }
        #expect(outcomes == Array(repeating: .accepted, count: ids.count))
    }

    @Test("source and id together are one id only if both are the same")
    func borders() throws {
        let pairs = [("a", "b\u{0}c"), ("a\u{0}b", "c"), ("ab", "c"), ("a", "bc")]
        let results = try append(
            pairs.map { Draft(source: $0, id: $1, type: "t", kind: .fact) }
        )
        for case .success(let receipts) in results {
            #expect(receipts.map(\.outcome) == [.accepted])
        }
    }

    @Test(
        "an event without a source, an id or a type is refused",
        arguments: ["source", "id", "type"]
    )
    func empty(missing: String) throws {
        let draft = Draft(
            source: missing == "source" ? "" : "s",
            id: missing == "id" ? "" : "i",
            type: missing == "type" ? "" : "t",
            kind: .fact
        )
        #expect(throws: AppendError.self) { try append([draft])[0].get() }
    }

    @Test("no events are nothing to append, and the writer goes on")
    func noEvents() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        _ = Result { () throws(AppendError) in try writer.append([]) }
        let receipts = Result { () throws(AppendError) in try writer.append([.bodiless(1)]) }
        open.close()
        #expect(try receipts.get().map(\.sequence) == [1])
        #expect(try ledger.verify().findings == [])
    }

    @Test(
        "a line of the greatest length, and its redelivery, are recorded; a longer one is not",
        arguments: [-1, 0, 1]
    )
    func longest(excess: Int) throws {
        var draft = Draft(source: "s", id: "i", type: "t", kind: .fact)
        draft[.subject] = ""
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let empty = try open.event(at: try writer.append([draft])[0].sequence).line.count
        draft = Draft(source: "s", id: "j", type: "t", kind: .fact)
        draft[.subject] = String(repeating: "x", count: Limits.lineBytes - 64 - empty + excess)
        let result = Result { () throws(AppendError) in
            try writer.append([draft]) + writer.append([draft])
        }
        open.close()
        switch result {
        case .success(let receipts):
            #expect(excess <= 0)
            #expect(receipts.map(\.outcome) == [.accepted, .duplicate])
            let lines = try receipts.map { try open.event(at: $0.sequence).line.count }
            #expect(lines[0] == Limits.lineBytes - 64 + excess)
            #expect(lines[1] <= Limits.lineBytes)
        case .failure: #expect(excess > 0)
        }
        #expect(try ledger.verify().findings == [])
    }

    @Test(
        "a number is recorded up to what every JSON reader takes, or refused",
        arguments: [0, 1 << 53 - 1, 1 << 53, 1 << 53 + 1, .max] as [UInt64]
    )
    func number(_ number: UInt64) throws {
        var draft = Draft(source: "s", id: "i", type: "t", kind: .call)
        draft.set(.durationms, to: number)
        let result = try append([draft])[0]
        if number < 1 << 53 { #expect(throws: Never.self) { try result.get() } }
    }

    @Test("an attribute of the wrong sort is refused")
    func wrongSort() throws {
        var text = Draft(source: "s", id: "i", type: "t", kind: .call)
        text[.status] = "200"
        var number = Draft(source: "s", id: "j", type: "t", kind: .call)
        number.set(.subject, to: 7)
        for result in try append([text, number]) {
            #expect(throws: AppendError.self) { try result.get() }
        }
    }

    @Test(
        "a cause that is given twice, or is nothing, leaves the line sound",
        arguments: ["", "x"]
    )
    func causes(text: String) throws {
        var part = Draft.bodiless(2)
        part[.causationid] = text
        _ = try append([part])
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        part.cause = 0
        _ = Result { () throws(AppendError) in try open.writer?.append([.bodiless(1), part]) }
        open.close()
        #expect(try ledger.verify().findings == [])
    }

    @Test("an outside event that pretends to change the key is refused")
    func pretendedRotation() throws {
        for type in ["daybook.key.rotated", "daybook.ledger.created"] {
            let key = try NoteKey(name: "test.example/log").vkey.description
            var draft = Draft(source: "daybook", id: "x", type: type, kind: .admin)
            draft[.subject] = "key:\(key)"
            _ = try append([draft])
        }
    }

    @Test("the same id with a body where the first had none is a conflict")
    func laterBody() throws {
        let plain = Draft(source: "s", id: "i", type: "t", kind: .fact)
        var other = plain
        other.body = Draft.sample(1).body
        let results = try append([plain, other])
        #expect(try results.map { try $0.get()[0].outcome } == [.accepted, .conflict])
    }

    @Test("a body of no bytes is a body")
    func emptyBody() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        _ = try open.writer?.append([.sample(1, content: "")])
        open.close()
        let event = try open.event(at: 1)
        #expect(event.content == [])
        #expect(event.namesBody)
        #expect(try ledger.verify().findings == [])
    }

    @Test("recorded times never go back, and each commit has its own")
    func times() throws {
        let ledger = try TemporaryLedger()
        try ledger.fill(600, groupSize: 3)
        let open = try ledger.open(appends: false)
        var times: [Timestamp] = []
        try open.read { snapshot in
            try snapshot.forEachLine(from: 1) { _, line in
                times.append(line.recordedTime ?? .max)
                return true
            }
        }
        #expect(times == times.sorted())
        #expect(Set(times).count == 200)
        #expect((0..<200).allSatisfy { times[3 * $0] == times[3 * $0 + 2] })
    }
}
