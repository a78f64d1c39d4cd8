import Audit
import DaybookTesting
import Ledger
import Testing

@Suite struct DutyMatrixTests {
    private func deeds(_ list: [(Duty, String, String)]) -> [Deed] {
        list.enumerated().map { index, deed in
            Deed(sequence: UInt64(index), duty: deed.0, who: deed.1, subject: deed.2)
        }
    }

    @Test("each rule finds one hand, and not two", arguments: DutyRule.all.map(\.name))
    func rules(name: String) throws {
        let pairs: [String: (Duty, Duty)] = [
            "close-and-reopen": (.close, .reopen), "own-promotion": (.author, .promote),
            "erase-and-export": (.erase, .export), "release-and-erase": (.release, .erase),
            "correct-and-close": (.correct, .close), "key-and-erase": (.rotateKey, .erase),
        ]
        guard let (first, second) = pairs[name] else {
            #expect(name == "own-approval")
            return
        }
        for (one, other) in [(first, second), (second, first)] {
            let same = DutyMatrix(deeds([(one, "token:a", "x:1"), (other, "token:a", "x:1")]))
            #expect(same.conflicts.map(\.rule) == [name])
            #expect(same.conflicts.first?.events == [0, 1])
            let two = DutyMatrix(deeds([(one, "token:a", "x:1"), (other, "token:b", "x:1")]))
            #expect(two.conflicts.isEmpty)
        }
    }

    @Test("another period, and another definition, are no conflict")
    func subjects() {
        let list: [(Duty, String, String)] = [
            (.close, "os-user:a", "period:2026-Q1"), (.reopen, "os-user:a", "period:2026-Q2"),
            (.author, "os-user:a", "projection:x"), (.promote, "os-user:a", "projection:y"),
        ]
        #expect(DutyMatrix(deeds(list)).conflicts.isEmpty)
    }

    @Test("an approval of the same correction by the same hand is a conflict, a mutual one is not")
    func approval() {
        func deed(_ sequence: UInt64, _ duty: Duty, _ who: String) -> Deed {
            Deed(sequence: sequence, duty: duty, who: who, subject: "order:1")
        }
        let own = DutyMatrix([deed(1, .correct, "token:a"), deed(1, .approve, "token:a")])
        #expect(own.conflicts.map(\.rule) == ["own-approval"])
        let mutual = DutyMatrix([
            deed(1, .correct, "token:a"), deed(1, .approve, "token:b"),
            deed(2, .correct, "token:b"), deed(2, .approve, "token:a"),
        ])
        #expect(mutual.conflicts.isEmpty)
    }

    @Test("a token of one's own making is one's own hand, also through a token")
    func makers() {
        let list = deeds([
            (.close, "os-user:anna", "period:2026"), (.reopen, "token:second", "period:2026"),
        ])
        for makers in [
            ["second": (who: "os-user:anna", sequence: UInt64(9))],
            ["second": ("token:first", 9), "first": ("os-user:anna", 8)],
        ] {
            let conflicts = DutyMatrix(list, makers: makers).conflicts
            #expect(conflicts.map(\.rule) == ["close-and-reopen"])
            #expect(conflicts.first?.who == ["os-user:anna", "token:second"])
        }
        let other = DutyMatrix(list, makers: ["second": ("os-user:ben", 9)])
        #expect(other.conflicts.isEmpty)
        let circle = DutyMatrix(
            list,
            makers: ["second": ("token:first", 9), "first": ("token:second", 8)]
        )
        #expect(circle.conflicts.isEmpty)
    }

    @Test("who makes a token and shows it is found, once")
    func ownToken() {
        let uses = [
            DutyMatrix.TokenUse(sequence: 5, token: "t", user: "anna"),
            .init(sequence: 6, token: "t", user: "anna"),
            .init(sequence: 7, token: "t", user: "ben"),
        ]
        let matrix = DutyMatrix([], makers: ["t": ("os-user:anna", 2)], uses: uses)
        #expect(matrix.conflicts.map(\.rule) == ["own-token"])
        #expect(matrix.conflicts.first?.events == [2, 5])
    }

    @Test("the log's events become deeds: type, actor, subject; reports of other kinds do not")
    func log() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let events = [
            ("daybook.period.closed", "period:2026", "anna"),
            ("daybook.period.reopened", "period:2026", "anna"),
            ("daybook.report", "report:export", "ben"), ("daybook.report", "report:sample", "ben"),
            ("daybook.token.created", "token:t", "anna"),
        ]
        for (type, subject, name) in events {
            var draft = AdminEvent.draft(type: type)
            draft[.subject] = subject
            draft.sign(by: .user(name))
            _ = try ledger.writer?.append([draft])
        }
        // What another source says of itself does not count.
        var fact = Draft(source: "shop", id: "1", type: "daybook.erased", kind: .fact)
        fact.sign(by: .user("ben"))
        _ = try ledger.writer?.append([fact])
        let matrix = try DutyMatrix(EventSelection(), in: ledger)
        #expect(matrix.actors == ["os-user:anna", "os-user:ben"])
        #expect(matrix.counts["os-user:anna"] == [.close: 1, .reopen: 1, .token: 1])
        #expect(matrix.counts["os-user:ben"] == [.export: 1])
        #expect(matrix.conflicts.map(\.rule) == ["close-and-reopen"])
    }
}
