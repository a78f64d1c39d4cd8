import Ledger
import Testing

@testable import Projections

@Suite("Events that are part of another")
struct PartTests {
    private static let two = #"""
        {"tenant":"t 1","events":[{"id":"a","n":5,"at":10,"state":"CREATE"},
        {"id":"b","n":7,"at":20,"state":"UPDATE"}]}
        """#

    @Test("are read from the element that they are, with the headers and content of the whole")
    func read() throws {
        let log = try PartLedger()
        try log.take("r1", Self.two, parts: ["/events/0", "/events/1"])
        let views = try Views(log.ledger)
        let common = ["tenant": "\"t 1\"", "topic": "\"news\"", "times": "1"]
        func row(_ more: [String: String]) -> [String: String] {
            common.merging(more) { $1 }
        }
        #expect(
            try log.rows(views) == [
                "books-a": row(["state": "\"CREATE\"", "total": "5"]),
                "books-b": row(["state": "\"UPDATE\"", "total": "7"]),
            ]
        )
        let status = try #require(try views.status(catchesUp: true).first)
        #expect(status.tally.applied == 2)
        // The key's event and the request.
        #expect(status.tally.unknown == 2)
        #expect(status.tally.events == 4)
    }

    @Test("are folded live, one commit or one event at a time, as in a rebuild in whole or chunks")
    func digests() throws {
        let log = try PartLedger()
        let views = try Views(log.ledger)
        for number in 0..<5 {
            let batch = PartLedger.batch(3 + number)
            try log.take("r\(number)", batch.content, parts: batch.parts)
            _ = try views.digest(PartLedger.request)
        }
        let live = try views.digest(PartLedger.request)
        let size = try log.ledger.read { try $0.size }

        var options = RebuildOptions()
        options.anew = true
        for (chunkSize, threads) in [(2, 3), (5, 1), (1000, 1)] {
            options.chunkSize = UInt64(chunkSize)
            options.threads = threads
            let report = try views.rebuild("invoices", options)
            #expect(report.digest == live, "chunks of \(chunkSize), \(threads) threads")
            #expect(report.folded >= size)
        }
        // One event at a time, so that every batch is broken off everywhere.
        let single = try PartLedger.plan()
        try log.ledger.read { snapshot in
            var whole = Fold(single.shape)
            for sequence in 0..<size {
                var folding = Folding(single)
                try folding.fold(snapshot, sequence..<sequence + 1)
                try whole.merge(folding.fold, snapshot)
            }
            #expect(whole.count == 7)
            for number in 0..<whole.count {
                let name = whole.names.text(number)
                let stored = try views.row(PartLedger.request, key: name)
                #expect(whole.value(number, 1)?.json == stored["total"]?.json)
            }
        }
    }

    @Test("followed from the middle of a batch on are the same")
    func limit() throws {
        let log = try PartLedger()
        let batch = PartLedger.batch(6)
        let first = try log.take("r", batch.content, parts: batch.parts)
        let whole = try Views(log.ledger)
        let view = try whole.view("invoices")
        for limit in first...first + 7 { try whole.catchUp(view, upTo: limit) }
        #expect(try whole.rows(of: view).position == first + 7)
        #expect(try log.rows(whole)["books-i3"]?["total"] == "4")
        #expect(try whole.status(catchesUp: false).first?.tally.applied == 6)
    }

    // MARK: - What cannot be read

    /// What becomes of the fact after a request of this content.
    private static func reason(
        _ content: String,
        part: String,
        type: String? = "application/json"
    ) throws -> String? {
        let log = try PartLedger()
        try log.take("r", content, parts: [part], type: type)
        let views = try Views(log.ledger)
        return try views.quarantined(PartLedger.request).first?.reason
    }

    @Test(
        "are set aside with the reason where there is nothing that they could be",
        arguments: [
            ("/events/2", "found nothing at /events/2 of the body it is part of"),
            ("/events/02", "found nothing at /events/02 of the body it is part of"),
            ("/events/-", "found nothing at /events/- of the body it is part of"),
            ("/event", "found nothing at /event of the body it is part of"),
            ("/tenant/x", "found nothing at /tenant/x of the body it is part of"),
            ("/tenant", "found nothing at /id, expected a text or an integer"),
            ("events", "its part is no JSON Pointer (RFC 6901)"),
            ("/~2", "its part is no JSON Pointer (RFC 6901)"),
        ]
    )
    func nowhere(part: String, reason: String) throws {
        #expect(try Self.reason(Self.two, part: part) == reason)
    }

    @Test(
        "are set aside where the body is no JSON",
        arguments: [
            "", "hello", #"{"events":[{"id":"a"}"#, #"{"events":[]} x"#, #"{"events":[1 2]}"#,
            #"{"events":[1,]}"#, #"{"events" [1]}"#, #"{"events":[1}]"#, "{\"events\":[\"\u{1}\"]}",
        ]
    )
    func notJSON(content: String) throws {
        let reason = try #require(try Self.reason(content, part: "/events/0"))
        #expect(reason.hasPrefix("the body it is part of: not JSON"))
    }

    @Test("are set aside when the body was erased, which ends no rebuild, and tried again later")
    func erased() throws {
        let log = try PartLedger()
        let first = try log.take("r1", Self.two, parts: ["/events/0", "/events/1"])
        try log.take("r2", Self.two, parts: ["/events/1"])
        let record = try log.erase(first)
        let views = try Views(log.ledger)
        let set = try views.quarantined(PartLedger.request)
        #expect(set.map(\.sequence) == [first + 1, first + 2])
        #expect(
            set.map(\.reason) == Array(repeating: "the body it is part of was erased", count: 2)
        )
        #expect(set.map(\.line) == [11, 11])
        #expect(try log.rows(views).keys.sorted() == ["books-b"])

        var options = RebuildOptions()
        options.anew = true
        let report = try views.rebuild("invoices", options)
        #expect(try views.status(catchesUp: true).first?.tally.quarantined == 2)

        // As from another copy of the ledger.
        try log.restore(first, record)
        let retried = try views.retry(PartLedger.request)
        #expect(retried.retried == 2)
        #expect(retried.applied == 2)
        #expect(try views.quarantined(PartLedger.request).isEmpty)
        #expect(try log.rows(views)["books-b"]?["total"] == "14")
        let status = try #require(try views.status(catchesUp: true).first)
        #expect(status.tally.applied == 3)
        #expect(status.tally.quarantined == 0)
        let anew = try views.rebuild("invoices", options)
        #expect(try anew.digest == views.digest(PartLedger.request))
        #expect(anew.digest != report.digest)
    }

    @Test("end a rebuild that sets nothing aside, with the sequence and the line")
    func rebuilt() throws {
        let log = try PartLedger()
        let first = try log.take("r", Self.two, parts: ["/events/0", "/events/5"])
        let views = try Views(log.ledger)
        let error = #expect(throws: ViewError.self) { try views.rebuild("invoices") }
        guard case .misfit(_, let sequence, let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(sequence == first + 2)
        #expect(reason.hasPrefix("found nothing at /events/5 of the body it is part of ("))
        #expect(reason.hasSuffix("projection.yaml:11)"))
    }

    @Test("are set aside where there is no event that they could be part of")
    func causes() throws {
        let log = try PartLedger()
        var missing = PartLedger.fact("f1", "/events/0")
        missing[.causationid] = "18446744073709551615"
        var later = PartLedger.fact("f2", "/events/0")
        later[.causationid] = "00000000000000000900"
        let without = PartLedger.fact("f3", "/events/0")
        var bare = PartLedger.fact("f4", "/events/0")
        bare[.causationid] = "00000000000000000001"
        try log.append([missing, later, without, bare])
        let views = try Views(log.ledger)
        let before = "the event that it is part of is not before it in the log"
        #expect(
            try views.quarantined(PartLedger.request).map(\.reason) == [
                before, before, before, "the event that it is part of has no body",
            ]
        )
    }

    @Test("that a rule needs nothing of but attributes and headers are folded whatever the body is")
    func attributes() throws {
        let yaml = """
            projection: p
            version: 1
            key: id
            columns:
              topic: { type: text, keep: latest }
              times: { type: integer, keep: count }
            events:
              - from: { provider: xero, type: INVOICE.UPDATE }
                key: "{@id}"
                set: { times: { count: true }, topic: { from: "header:x-topic" } }
            """
        let plan = Plan(try Definition(yaml: yaml.utf8Span.span, file: "p.yaml"))
        let log = try PartLedger()
        let first = try log.take("r", "no JSON", parts: ["/0", "/1"])
        let batch = Batch()
        try log.ledger.read { snapshot in
            var folding = Folding(plan, batch)
            try folding.fold(snapshot, first..<first + 3)
            #expect(folding.tally.applied == 2)
            #expect(folding.fold.value(0, 0)?.json == "\"news\"")
        }
        #expect(batch.bodies == 0)
    }
}
