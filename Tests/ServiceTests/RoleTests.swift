import Ledger
import Service
import Testing

@Suite struct RoleTests {
    /// Who may what, written a second time.
    static let table: [TokenRole: Set<Act>] = [
        .ingest: [.appendEvents, .reportCalls, .reportSyncs],
        .gateway: [.callOut, .reportCalls],
        .reader: [.readRows, .prove],
        .auditor: [.readRows, .readEvents, .readBodies, .makeReports, .closePeriods, .prove],
        .operator: [.readRows, .readEvents, .operate, .prove],
        .admin: Set(Act.allCases),
    ]

    @Test("each role may do what it is for, and nothing else", arguments: TokenRole.allCases)
    func matrix(role: TokenRole) {
        for act in Act.allCases {
            #expect(role.may(act) == Self.table[role]?.contains(act), "\(role) \(act)")
        }
    }

    @Test("an act names the roles that suffice")
    func roles() {
        #expect(Act.readBodies.roles == "auditor, admin")
        #expect(Act.administer.roles == "admin")
    }
}

@Suite struct TokenScopeTests {
    private func draft(_ source: String, _ type: String, subject: String? = nil) -> Draft {
        var draft = Draft(source: source, id: "1", type: type, kind: .fact)
        draft[.subject] = subject
        return draft
    }

    @Test("values of one attribute are alternatives, several attributes must all fit")
    func both() throws {
        let scope = try TokenScope(["source=till", "source=shop-*", "subject=order:*"])
        #expect(scope.permits(draft("till", "t", subject: "order:1")))
        #expect(scope.permits(draft("shop-eu", "t", subject: "order:1")))
        #expect(!scope.permits(draft("till", "t", subject: "member:1")))
        #expect(!scope.permits(draft("till", "t")))
        #expect(!scope.permits(draft("xtill", "t", subject: "order:1")))
        #expect(!scope.permits(draft("*", "t", subject: "order:1")))
        #expect(!scope.permits(projection: "order-status"))
        #expect(scope.text == "source=shop-* source=till subject=order:*")
    }

    @Test("rows are reached by projection alone, and then no events are")
    func projections() throws {
        let scope = try TokenScope(["projection=order-*"])
        #expect(scope.permits(projection: "order-status"))
        #expect(!scope.permits(projection: "stock-levels"))
        #expect(scope.events == nil)
        #expect(!scope.permits(draft("till", "t")))
    }

    @Test(
        "what is no scope is refused",
        arguments: [
            [], ["source"], ["source="], ["=till"], ["id=1"], ["Source=till"], ["source=a b"],
            ["source=a\n"], ["source=" + String(repeating: "a", count: 300)],
            [String](repeating: "source=a", count: 33),
        ]
    )
    func refused(parts: [String]) {
        #expect(throws: TokenProblem.self) { try TokenScope(parts) }
    }

    @Test("a scope is kept with its token, and one that cannot be read lets nobody in")
    func stored() throws {
        var table = TokenTable()
        let token = TokenTableTests.token(1)
        try table.add(
            TokenRecord(
                name: "till",
                role: .ingest,
                scope: TokenScope(["source=till"]),
                created: wallClock(),
                expires: nil,
                digest: token.digest
            )
        )
        let bytes = table.bytes
        let again = try TokenTable(bytes.span)
        #expect(again.records[0].scope?.text == "source=till")
        #expect(again.caller(digest: token.digest, at: wallClock())?.scope?.text == "source=till")
        for other in ["", "source=", "source=a  b=c", "root=1"] {
            let text = String(decoding: bytes, as: UTF8.self)
                .replacing("source=till", with: other)
            let changed = Array(text.utf8)
            #expect(throws: TokenProblem.self, "\(other)") { try TokenTable(changed.span) }
        }
    }

    @Test("writer, as older files have it, is read as ingest")
    func writer() throws {
        var table = TokenTable()
        try table.add(TokenTableTests.record("shop", 1, role: .ingest))
        let text = String(decoding: table.bytes, as: UTF8.self)
            .replacing("\"ingest\"", with: "\"writer\"")
        let bytes = Array(text.utf8)
        #expect(try TokenTable(bytes.span).records[0].role == .ingest)
    }

    @Test("what acts on the whole book takes no scope", arguments: [TokenRole.operator, .admin])
    func whole(role: TokenRole) throws {
        let trial = try ServiceTrial()
        #expect(throws: TokenProblem.self) {
            try trial.register.create(
                name: "a",
                role: role,
                scope: TokenScope(["source=a"]),
                expires: nil,
                at: wallClock()
            )
        }
    }
}
