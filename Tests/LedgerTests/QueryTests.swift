import Bytes
import DaybookTesting
import Ledger
import Testing

@Suite("Queries") struct QueryTests {
    struct Glob: Sendable {
        let pattern: String
        let text: String
        let fits: Bool
    }

    static let globs: [Glob] = [
        Glob(pattern: "", text: "", fits: true), Glob(pattern: "", text: "a", fits: false),
        Glob(pattern: "*", text: "", fits: true), Glob(pattern: "*", text: "a\nb", fits: true),
        Glob(pattern: "**", text: "", fits: true), Glob(pattern: "a", text: "a", fits: true),
        Glob(pattern: "a", text: "A", fits: false), Glob(pattern: "a", text: "ab", fits: false),
        Glob(pattern: "a*", text: "a", fits: true), Glob(pattern: "a*", text: "ba", fits: false),
        Glob(pattern: "*a", text: "ba", fits: true), Glob(pattern: "*a", text: "ab", fits: false),
        Glob(pattern: "a*b", text: "ab", fits: true), Glob(pattern: "a*b", text: "a", fits: false),
        Glob(pattern: "a*b*c", text: "a-b-b-c", fits: true),
        Glob(pattern: "a*b*c", text: "acb", fits: false),
        Glob(pattern: "*ab*ab", text: "abab", fits: true),
        Glob(pattern: "*ab*ab", text: "aab", fits: false),
        Glob(pattern: "orders/*", text: "orders/paid", fits: true),
        Glob(pattern: "orders/*", text: "orders", fits: false),
        Glob(pattern: "*.refund.*", text: "charge.refund.updated", fits: true),
        Glob(pattern: "?", text: "a", fits: false), Glob(pattern: "[a]", text: "a", fits: false),
        Glob(pattern: "é*", text: "é!", fits: true),
        Glob(pattern: "é*", text: "e\u{301}!", fits: false),
        Glob(pattern: "*é", text: "caf\u{e9}", fits: true),
    ]

    @Test("a star stands for any text, and nothing else for any other", arguments: globs)
    func glob(_ glob: Glob) {
        #expect(globMatches(glob.pattern, glob.text) == glob.fits)
    }

    @Test("many stars that fit almost do not fit")
    func manyStars() {
        let pattern = String(repeating: "a*", count: 200) + "b"
        #expect(!globMatches(pattern, String(repeating: "a", count: 2000)))
    }

    /// Ten commits of three events each after the first event.
    private func start() throws -> (Ledger, TemporaryLedger, [Timestamp]) {
        let temporary = try TemporaryLedger()
        try temporary.fill(30, groupSize: 3)
        let ledger = try temporary.open(appends: false)
        var times: [Timestamp] = []
        try ledger.read { snapshot in
            try snapshot.forEachLine(from: 0) { _, line in
                times.append(line.recordedTime ?? .min)
                return true
            }
        }
        return (ledger, temporary, times)
    }

    @Test("the range of two times is what a look at every line gives")
    func ranges() throws {
        let (ledger, temporary, times) = try start()
        defer { withExtendedLifetime(temporary) {} }
        let around = Set(times).flatMap { time in
            [-1, 0, 1].map { Timestamp(microseconds: time.microseconds + $0) }
        }
        let moments: [Timestamp?] = [nil, .min, .max] + around
        try ledger.read { snapshot in
            for since in moments {
                for until in moments {
                    var query = LogQuery()
                    query.since = since
                    query.until = until
                    let expected = times.indices.filter { index in
                        since.map { times[index] >= $0 } ?? true
                            && until.map { times[index] < $0 } ?? true
                    }
                    let range = try query.range(in: snapshot)
                    #expect(range.map { Int($0) } == expected)
                }
            }
        }
    }

    @Test("the newest events that fit come in the log's order", arguments: [0, 1, 3, 1000])
    func newest(limit: Int) throws {
        let (ledger, temporary, times) = try start()
        defer { withExtendedLifetime(temporary) {} }
        var query = LogQuery()
        query.conditions = [(.source, "shop-1"), (.subject, "order:*"), (.type, "*.updated")]
        query.until = times[28]
        let found = try ledger.read { try query.newest(limit, in: $0) }
        let all = (0..<27).filter { $0 % 3 == 1 }.map { UInt64($0) + 1 }
        #expect(found == Array(all.suffix(limit)))
    }

    @Test("an attribute that a line does not have fits no pattern")
    func absent() throws {
        let (ledger, temporary, _) = try start()
        defer { withExtendedLifetime(temporary) {} }
        var query = LogQuery()
        query.conditions = [(.provider, "*")]
        #expect(try ledger.read { try query.newest(1000, in: $0) }.count == 30)
        query.conditions = [(.reason, "*")]
        #expect(try ledger.read { try query.newest(1000, in: $0) } == [])
    }
}
