import Audit
import Bytes
import DaybookTesting
import Ledger
import Projections
import Testing

@Suite("Corrections of events") struct CorrectionTests {
    private static let author = Actor.user("ina")

    private static func terms(
        _ sequence: UInt64,
        _ content: String,
        approver: Actor? = nil,
        reason: String = "wrong"
    ) -> Correction.Terms {
        Correction.Terms(
            sequence,
            content: Array(content.utf8),
            reason: reason,
            author: author,
            approver: approver
        )
    }

    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    @Test("for the same moment the correction's word wins, and a correction of it over that")
    func wins() throws {
        let log = try ActionsLedger()
        // The id is as great as ids come: what decides must be that the correction's begins with it.
        let first = try log.take(ActionsLedger.order("zz~~~", 1, "new", 5, at: 1000))
        for (round, state) in ["paid", "sent", "lost"].enumerated() {
            let content = #"{"id":"o1","state":"\#(state)","n":0,"at":1000,"tag":"t5","pay":"p"}"#
            let correction = try Correction(Self.terms(first, content), in: log.ledger)
            #expect(correction.draft.id == "zz~~~~00\(round + 1)")
            _ = try correction.record(in: log.ledger)
            let row = try log.views.row(ViewRequest("orders"), key: "o1")
            #expect(row["state"] == .text(state))
            #expect(row["total"] == .integer(5))
        }
        let last = try log.ledger.read { try $0.size } - 2
        let content = #"{"id":"o1","state":"found","n":0,"at":1000,"tag":"t5","pay":"p"}"#
        let again = try Correction(Self.terms(last, content), in: log.ledger)
        #expect(again.draft.id == "zz~~~~004")
        #expect(again.supersedes == last)
    }

    @Test("what is previewed is what comes of it", arguments: 0..<6)
    func previewed(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let log = try ActionsLedger()
        let states = ["new", "paid", "sent"]
        var events: [UInt64] = []
        func order(_ id: String) -> Draft {
            ActionsLedger.order(
                id,
                Int.random(in: 1...4, using: &chance),
                states.randomElement(using: &chance) ?? "",
                Int.random(in: 0...9, using: &chance),
                at: Int.random(in: 1000...1004, using: &chance)
            )
        }
        for number in 0..<12 {
            events.append(try log.take(order("e\(number)")))
            let paid = #"{"id":"p1-\#(number % 5)","state":"payed","at":1002}"#
            _ = try log.take(ActionsLedger.draft("p\(number)", "pay", "pay.done", paid))
        }
        for round in 0..<8 {
            let sequence = events.randomElement(using: &chance) ?? 1
            let content = order("x\(round)").body?.record ?? []
            guard let layout = BodyLayout(content.span) else {
                Issue.record("no body")
                return
            }
            let terms = Correction.Terms(
                sequence,
                content: Array(content[layout.content]),
                reason: "wrong",
                author: Self.author
            )
            let correction = try Correction(terms, in: log.ledger)
            let before = try log.rows()
            let preview = try correction.preview(in: log.views, at: Self.now)
            #expect(try log.rows() == before)
            #expect(preview.misfits.isEmpty && !preview.rows.isEmpty)
            _ = try correction.record(in: log.ledger)
            let after = try log.rows()
            var expected = Set(before)
            for row in preview.rows {
                if row.before != nil { expected.remove(ActionsLedger.text(row.before)) }
                if row.after != nil { expected.insert(ActionsLedger.text(row.after)) }
            }
            #expect(expected == Set(after), "seed \(seed), round \(round)")
        }
    }

    @Test(
        "only what others said, and what took effect, can be corrected",
        arguments: [
            (Kind.call, Outcome.succeeded), (.delivery, .failed), (.admin, .accepted),
            (.webhook, .rejected), (.webhook, .conflict),
        ]
    )
    func uncorrectable(kind: Kind, outcome: Outcome) throws {
        let log = try ActionsLedger()
        let draft = ActionsLedger.draft("a", "shop", "x", "{}", kind: kind, outcome: outcome)
        let sequence = try log.take(draft)
        #expect(throws: AuditProblem.self) {
            try Correction(Self.terms(sequence, "{}"), in: log.ledger)
        }
    }

    @Test(
        "content that no rule for the event could read is refused",
        arguments: ["", "7", "null", "[]", "{", "{} {}", "\u{0}", "{\"a\":1,}", "\"x\""]
    )
    func content(text: String) throws {
        let log = try ActionsLedger()
        let sequence = try log.take(ActionsLedger.order("e", 1, "new", 1, at: 1000))
        #expect(throws: AuditProblem.self) {
            try Correction(Self.terms(sequence, text), in: log.ledger)
        }
    }

    @Test("a reason is needed, of a few sentences at most, and an approver who is somebody else")
    func people() throws {
        let log = try ActionsLedger()
        let sequence = try log.take(ActionsLedger.order("e", 1, "new", 1, at: 1000))
        for reason in ["", String(repeating: "x", count: 1025)] {
            #expect(throws: AuditProblem.self) {
                try Correction(Self.terms(sequence, "{}", reason: reason), in: log.ledger)
            }
        }
        for approver in [Self.author, Actor(authType: "token", name: "ina")] {
            #expect(throws: AuditProblem.self) {
                try Correction(Self.terms(sequence, "{}", approver: approver), in: log.ledger)
            }
        }
        let anna = Actor(authType: "token", name: "anna")
        let receipts = try Correction(
            Self.terms(sequence, "{}", approver: anna),
            in: log.ledger
        ).record(in: log.ledger)
        let told = try log.ledger.event(at: receipts[1].sequence)
        #expect(
            String(decoding: told.content ?? [], as: UTF8.self)
                == #"{"approved_by":"token:anna","corrected_by":"os-user:ina","id":"e~001","#
                + #""reason":"wrong","supersedes":1}"#
        )
        #expect(Line(told.line.span).integer(.causationid) == receipts[0].sequence)
    }

    @Test("two who correct at the same moment do not both win")
    func race() throws {
        let log = try ActionsLedger()
        let sequence = try log.take(ActionsLedger.order("e", 1, "new", 1, at: 1000))
        let one = try Correction(Self.terms(sequence, #"{"a":1}"#), in: log.ledger)
        let other = try Correction(Self.terms(sequence, #"{"a":2}"#), in: log.ledger)
        _ = try one.record(in: log.ledger)
        #expect(throws: AuditProblem.self) { try other.record(in: log.ledger) }
    }
}
