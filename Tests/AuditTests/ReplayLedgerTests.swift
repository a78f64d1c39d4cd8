import Bytes
import DaybookTesting
import Ledger
import POSIX
import Projections
import Testing

@testable import Audit

@Suite("Ledgers that a log is replayed into") struct ReplayLedgerTests {
    private static let actor = Actor.user("ina")

    private static func open(_ path: String) throws -> Ledger {
        try Ledger(path: path, options: .init(appends: false, headFile: "\(path)/head.note"))
    }

    @Test("keep every word of the events, in any selection", arguments: 0..<4)
    func faithful(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let log = try ActionsLedger()
        let outcomes: [Outcome] = [.accepted, .rejected, .failed]
        // A third of the ids comes again, with the same content or another.
        for number in 0..<60 {
            var draft = ActionsLedger.draft(
                "e\(number % 40)",
                "shop",
                "order.said",
                #"{"id":"o\#(number % 7)","state":"s","n":\#(number),"at":\#(1000 + number)}"#,
                outcome: outcomes.randomElement(using: &chance) ?? .accepted
            )
            if Bool.random(using: &chance) { draft.body = nil }
            if Bool.random(using: &chance) { draft[.subject] = "order:\u{1}é\"\(number)" }
            if Bool.random(using: &chance) { draft.set(.durationms, to: UInt64(number)) }
            if number > 5, Bool.random(using: &chance) {
                let cause = UInt64.random(in: 0...5, using: &chance)
                draft[.causationid] = Decimal.padded(cause, digits: 20)
            }
            try log.take(draft)
        }
        var selection = EventSelection()
        selection.from = UInt64.random(in: 0...20, using: &chance)
        selection.end = UInt64.random(in: 30...61, using: &chance)
        if Bool.random(using: &chance) { selection.query.conditions = [(.outcome, "accepted")] }
        let path = "\(log.folder.path)/copy"
        let summary = try ReplayLedger.make(
            at: path,
            of: selection,
            from: log.views,
            by: Self.actor
        )
        let copy = try Self.open(path)
        let report = try Verifier(path: path, headFile: "\(path)/head.note", options: .init())
            .run { _, _ in }
        #expect(report.findings.isEmpty, "seed \(seed): \(report.findings)")
        let skipped: Set<String> = [
            "sequence", "recordedtime", "prevhash", "causationid", "time",
        ]
        func said(_ ledger: Ledger, _ keep: (UInt64, Line) -> Bool) throws -> [[String: String]] {
            var all: [[String: String]] = []
            try ledger.read { snapshot in
                try snapshot.forEachLine(from: 0) { sequence, line in
                    guard keep(sequence, line) else { return true }
                    var one: [String: String] = [:]
                    line.forEach { name, text, _ in
                        if !skipped.contains(name) { one[name] = text }
                    }
                    all.append(one)
                    return true
                }
            }
            return all
        }
        let from = selection.from ?? 0
        let end = selection.end ?? .max
        var leftOut: UInt64 = 0
        let originals = try said(log.ledger) { sequence, line in
            guard sequence >= from, sequence < end, line.text(.source) != "daybook",
                selection.query.matches(line)
            else { return false }
            // What repeats an event before the stretch repeats nothing in the copy.
            let isRepeat = line.outcome == .duplicate || line.outcome == .conflict
            if isRepeat, let first = line.integer(.causationid), first < from { leftOut += 1 }
            return !isRepeat || (line.integer(.causationid) ?? 0) >= from
        }
        #expect(summary.repeatsLeftOut == leftOut, "seed \(seed)")
        #expect(try said(copy) { sequence, _ in sequence >= 2 } == originals, "seed \(seed)")
        #expect(summary.copied == UInt64(originals.count))
        #expect(summary.origin == "replay-of/test.example/log")
        #expect(summary.vkey != log.ledger.firstKey)
    }

    @Test("of a part of a request have the request as well, and name it at its new place")
    func parts() throws {
        let log = try ActionsLedger()
        try log.take(ActionsLedger.order("before", 9, "new", 1, at: 999))
        let content = #"{"orders":[{"id":"o1","state":"a","n":1,"at":1,"tag":"t","pay":"x"}]}"#
        let whole = ActionsLedger.draft("r", "shop", "shop.batch", content)
        var part = Draft(source: "shop", id: "r.0", type: "order.said", kind: .fact)
        part[.provider] = "shop"
        part[.part] = "/orders/0"
        part.cause = 0
        let first = try log.take(whole, part)
        var selection = EventSelection()
        selection.from = first + 1
        let path = "\(log.folder.path)/copy"
        let summary = try ReplayLedger.make(
            at: path,
            of: selection,
            from: log.views,
            by: Self.actor
        )
        #expect(summary.copied == 2 && summary.requests == 1)
        let copy = try Self.open(path)
        let line = try copy.event(at: 3).line
        #expect(Line(line.span).integer(.causationid) == 2)
        let views = try Views(copy)
        let row = try views.row(ViewRequest("orders"), key: "o1")
        #expect(row["state"] == .text("a"))
    }

    @Test("leave out what the log says of itself, and are told of in the original first")
    func own() throws {
        let log = try ActionsLedger()
        try log.take(ActionsLedger.order("e", 1, "new", 1, at: 1000))
        let content: [UInt8] = Array("{}".utf8)
        try log.take(AdminEvent.draft(type: "daybook.period.closed", json: content.span))
        let path = "\(log.folder.path)/copy"
        let size = try log.ledger.read { try $0.size }
        let summary = try ReplayLedger.make(
            at: path,
            of: EventSelection(),
            from: log.views,
            by: Self.actor,
            purpose: "looking"
        )
        #expect(summary.copied == 1 && summary.ownLeftOut == 2 && summary.recorded == size)
        let told = try log.ledger.event(at: size)
        let line = Line(told.line.span)
        #expect(line.text(.type) == ReplayEvent.type && line.text(.authid) == "ina")
        #expect(line.text(.reason) == "looking" && line.integer(.records) == 1)
        // Where nothing can be said, nothing is copied.
        let reading = try log.folder.open(appends: false)
        let views = try Views(reading)
        #expect(throws: (any Error).self) {
            try ReplayLedger.make(
                at: "\(log.folder.path)/other",
                of: EventSelection(),
                from: views,
                by: Self.actor
            )
        }
        #expect(!Files.exists("\(log.folder.path)/other"))
    }

    @Test("never write into a folder that is there, or leave half a one")
    func whole() throws {
        let log = try ActionsLedger()
        for place in [log.folder.path, "\(log.folder.path)/log", "/"] {
            #expect(throws: AuditProblem.self) {
                try ReplayLedger.make(
                    at: place,
                    of: EventSelection(),
                    from: log.views,
                    by: Self.actor
                )
            }
        }
        try Files.create("\(log.folder.path)/file", with: [])
        let below = "\(log.folder.path)/file/copy"
        #expect(throws: (any Error).self) {
            try ReplayLedger.make(
                at: below,
                of: EventSelection(),
                from: log.views,
                by: Self.actor
            )
        }
        #expect(!Files.exists(below))
    }
}
