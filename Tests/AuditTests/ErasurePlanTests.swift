import Audit
import Bytes
import DaybookTesting
import Ledger
import Testing

@Suite("What erasing a subject takes") struct ErasurePlanTests {
    private let folder: TemporaryLedger
    private let ledger: Ledger

    init() throws {
        folder = try TemporaryLedger()
        ledger = try folder.open(appends: true)
    }

    private func draft(
        _ id: String,
        _ subject: String?,
        kind: Kind = .webhook,
        hasBody: Bool = true
    ) -> Draft {
        var draft = Draft(source: "s", id: id, type: "t", kind: kind)
        draft[.subject] = subject
        if hasBody {
            draft.body = Body(meta: Array("{}".utf8).span, content: Array(id.utf8).span)
        }
        return draft
    }

    private func append(_ drafts: [Draft]) throws -> [UInt64] {
        try #require(try ledger.writer?.append(drafts)).map(\.sequence)
    }

    private func plan(_ subject: String, shared: Bool = false) throws -> ErasurePlan {
        try ErasurePlan(
            subject: subject,
            includesShared: shared,
            holds: try Holds(ledger),
            in: ledger
        )
    }

    @Test("is the bodies of its events and of what followed, and no other's")
    func followed() throws {
        defer { ledger.close() }
        let own = try append([draft("a", "member:77"), draft("b", "member:78")])
        var delivery = draft("d", nil, kind: .delivery)
        delivery[.causationid] = Self.padded(own[0])
        var report = draft("r", nil, kind: .admin)
        report[.causationid] = Self.padded(own[0])
        let more = try append([delivery, report, draft("c", "member:77", hasBody: false)])
        let plan = try plan("member:77")
        #expect(plan.entries.map(\.sequence) == [own[0], more[0]])
        #expect(plan.events == 2)
        #expect(try self.plan("member:7*").entries.map(\.sequence) == own + [more[0]])
        #expect(throws: AuditProblem.self) { try self.plan("*") }
    }

    @Test("is a request of which it is a part, and that stays if others are part of it, too")
    func parts() throws {
        defer { ledger.close() }
        func part(_ id: String, _ subject: String) -> Draft {
            var part = draft(id, subject, kind: .fact, hasBody: false)
            part[.part] = "/0"
            part.cause = 0
            return part
        }
        let alone = try append([draft("w", nil), part("w0", "member:1")])[0]
        let both = try append([draft("x", nil), part("x0", "member:1"), part("x1", "member:2")])[0]
        let plan = try plan("member:1")
        #expect(plan.entries.map(\.sequence) == [alone])
        #expect(plan.shared.map(\.sequence) == [both])
        #expect(plan.shared.first?.others == ["member:2"])
        #expect(try self.plan("member:1", shared: true).entries.map(\.sequence) == [alone, both])
    }

    @Test("is refused while a hold is on any of it, by subject or by period")
    func held() throws {
        defer { ledger.close() }
        _ = try append([draft("a", "member:77"), draft("b", "order:1")])
        let actor = Actor.user("anna")
        _ = try Holds.place(
            "case-1",
            subject: "member:*",
            period: nil,
            reason: "claim",
            by: actor,
            in: ledger
        )
        func refused(_ subject: String) throws -> Bool {
            let holds = try Holds(ledger)
            do {
                try plan(subject).requireNoHold(holds)
                return false
            } catch let problem as AuditProblem {
                #expect("\(problem)".contains("case-1") || "\(problem)".contains("all-2026"))
                return true
            }
        }
        #expect(try refused("member:77"))
        #expect(try !refused("order:1"))
        #expect(throws: AuditProblem.self) {
            try Holds.place("case-1", subject: "x", period: nil, reason: "", by: actor, in: ledger)
        }
        _ = try Holds.release("case-1", reason: "settled", by: actor, in: ledger)
        #expect(try !refused("member:77"))
        #expect(throws: AuditProblem.self) {
            try Holds.release("case-1", reason: "again", by: actor, in: ledger)
        }
        for name in ["all-2026", "all-2027", "all-2028"] {
            let year = String(name.suffix(4))
            _ = try Holds.place(
                name,
                subject: nil,
                period: Period(year),
                reason: "audit",
                by: actor,
                in: ledger
            )
        }
        let now = try #require(try ledger.read { try $0.line(at: 1)?.text(.recordedtime) })
        let isHeld = ["2026", "2027", "2028"].contains(String(now.prefix(4)))
        #expect(try refused("member:77") == isHeld)
    }

    @Test(
        "a hold is on a subject, a period, or both",
        arguments: [(nil, nil), ("", "bad name"), ("order:1", "../x")] as [(String?, String?)]
    )
    func badHolds(subject: String?, name: String?) {
        defer { ledger.close() }
        #expect(throws: AuditProblem.self) {
            try Holds.place(
                name ?? "fine",
                subject: subject,
                period: nil,
                reason: "",
                by: .user("anna"),
                in: ledger
            )
        }
    }

    private static func padded(_ sequence: UInt64) -> String {
        let digits = String(sequence)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }
}
