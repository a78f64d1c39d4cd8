import Outbound
import Testing

/// What real services answer, as far as it tells of their limits.
@Suite("dialects of rate limits")
struct DialectTests {
    @Test("an answer says what its provider documents", arguments: Dialect.all)
    func says(dialect: Dialect) throws {
        let report = try profile(dialect.keys)
            .answer(dialect.status, dialect.headers, body: dialect.body)
        #expect(report.lines == dialect.says)
    }

    @Test("the case of header names makes no difference", arguments: Dialect.all)
    func anyCase(dialect: Dialect) throws {
        let profile = try profile(dialect.keys)
        let upper = dialect.headers.split(separator: "\n").map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return "\(parts[0].uppercased()):\(parts[1])"
        }
        let report = profile.answer(
            dialect.status,
            upper.joined(separator: "\n"),
            body: dialect.body
        )
        #expect(report.lines == dialect.says)
    }

    @Test("the whole answer twice over says the same", arguments: Dialect.headerDialects)
    func doubled(dialect: Dialect) throws {
        let report = try profile(dialect.keys)
            .answer(dialect.status, dialect.headers + "\n" + dialect.headers, body: dialect.body)
        #expect(report.lines == dialect.says)
    }
}
