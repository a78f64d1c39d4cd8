import Bytes
import Service
import Testing

@Suite struct TokenTableTests {
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    static func token(_ number: UInt8) -> Token {
        Token(random: [UInt8](repeating: number, count: 32))
    }

    static func record(
        _ name: String,
        _ number: UInt8,
        role: TokenRole = .ingest,
        expires: Timestamp? = nil
    ) -> TokenRecord {
        TokenRecord(
            name: name,
            role: role,
            created: Timestamp(microseconds: now.microseconds - 1_000_000),
            expires: expires,
            digest: token(number).digest
        )
    }

    private func table(_ records: TokenRecord...) throws -> TokenTable {
        var table = TokenTable()
        for record in records { try table.add(record) }
        return table
    }

    @Test("the file's text is pinned, and is read again as it was")
    func text() throws {
        var table = try table(
            Self.record(
                "shop",
                1,
                role: .gateway,
                expires: Timestamp(rfc3339: "2027-01-01T00:00:00Z")
            ),
            Self.record("erp", 2)
        )
        table.revoke("erp", at: Self.now)
        let text = String(decoding: table.bytes, as: UTF8.self)
        let first = Self.token(1).digest.description
        let second = Self.token(2).digest.description
        #expect(
            text == """
                {"created":"2026-09-21T14:13:19Z","expires":"2027-01-01T00:00:00Z",\
                "name":"shop","role":"gateway","sha256":"\(first)"}
                {"created":"2026-09-21T14:13:19Z","name":"erp",\
                "revoked":"2026-09-21T14:13:20Z","role":"ingest","sha256":"\(second)"}

                """
        )
        let again = try TokenTable(table.bytes.span)
        #expect(again.records == table.records)
    }

    @Test("no token stands in the file")
    func noSecret() throws {
        let table = try table(Self.record("shop", 9))
        let text = String(decoding: table.bytes, as: UTF8.self)
        #expect(!text.contains("dbk_"))
        #expect(!text.contains(Self.token(9).revealed.dropFirst(4).prefix(12)))
    }

    @Test("a caller is found by the digest of its token alone")
    func caller() throws {
        let table = try table(
            Self.record("a", 1, role: .gateway),
            Self.record("b", 2, role: .reader),
            Self.record("c", 3, role: .admin)
        )
        func found(_ number: UInt8) -> Caller? {
            table.caller(digest: Self.token(number).digest, at: Self.now)
        }
        #expect(found(1) == Caller(name: "a", role: .gateway))
        #expect(found(2) == Caller(name: "b", role: .reader))
        #expect(found(3) == Caller(name: "c", role: .admin))
        #expect(found(4) == nil)
        #expect(table.caller(digest: .zero, at: Self.now) == nil)
        #expect(TokenTable().caller(digest: Self.token(1).digest, at: Self.now) == nil)
    }

    @Test("a token is good until the moment it expires, not at it")
    func expiry() throws {
        let table = try table(Self.record("a", 1, expires: Self.now))
        let digest = Self.token(1).digest
        let before = Timestamp(microseconds: Self.now.microseconds - 1)
        #expect(table.caller(digest: digest, at: before) != nil)
        #expect(table.caller(digest: digest, at: Self.now) == nil)
        #expect(table.records[0].state(at: before) == .active)
        #expect(table.records[0].state(at: Self.now) == .expired)
    }

    @Test("a revoked token is good at no time, its name is never free, and it is revoked once")
    func revocation() throws {
        var table = try table(Self.record("a", 1))
        table.revoke("a", at: Self.now)
        table.revoke("a", at: .max)
        #expect(table.records[0].revoked == Self.now)
        #expect(table.records[0].state(at: .min) == .revoked)
        #expect(table.caller(digest: Self.token(1).digest, at: Self.now) == nil)
        #expect(table.caller(digest: Self.token(1).digest, at: .min) == nil)
        #expect(throws: TokenProblem.self) { try table.add(Self.record("a", 2)) }
        #expect(throws: TokenProblem.self) { try table.add(Self.record("b", 1)) }
        #expect(table.records.count == 1)
    }

    @Test("there can be so many tokens and no more")
    func limit() throws {
        var table = TokenTable()
        for number in 0..<TokenTable.limit {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[0] = UInt8(number & 255)
            bytes[1] = UInt8(number >> 8)
            try table.add(
                TokenRecord(
                    name: "t\(number)",
                    role: .reader,
                    created: Self.now,
                    expires: nil,
                    digest: Token(random: bytes).digest
                )
            )
        }
        #expect(throws: TokenProblem.self) { try table.add(Self.record("more", 7)) }
        #expect(try TokenTable(table.bytes.span).records.count == TokenTable.limit)
    }

    static let good =
        #"{"created":"2026-09-21T14:13:19Z","name":"NAME","role":"ingest","sha256":"HASH"}"#

    @Test(
        "a line that is not as it must be makes the whole file unreadable, and is not shown",
        arguments: [
            #"{}"#, #"[]"#, #""NAME""#, #"{"#, "\u{0}", #"nul"#, "NAME:HASH:writer",
            good + good, "[" + good + "]",
            good.replacing(#""ingest""#, with: #""root""#),
            good.replacing(#""ingest""#, with: #""Ingest""#),
            good.replacing(#""ingest""#, with: #"null"#),
            good.replacing(#""NAME""#, with: #""daybook""#),
            good.replacing(#""NAME""#, with: #""a b""#),
            good.replacing(#""NAME""#, with: #""""#),
            good.replacing(#""NAME""#, with: #"1"#),
            good.replacing("HASH", with: "HASHHASH"),
            good.replacing("HASH", with: ""),
            good.replacing("Z\"", with: "\""),
            good.replacing("}", with: #","admin":"true"}"#),
            good.replacing("}", with: #","role":"admin"}"#),
            good.replacing("}", with: #","revoked":""}"#),
            good.replacing("}", with: #","revoked":null}"#),
            good.replacing("}", with: #","expires":1790000000}"#),
        ]
    )
    func hostileLines(template: String) {
        let hash = Self.token(3).digest.description
        let fine = Self.good.replacing("NAME", with: "fine").replacing(
            "HASH",
            with: String(repeating: "0", count: 64)
        )
        let line = template.replacing("NAME", with: "xyzzy").replacing("HASH", with: hash)
        let text = Array("\(fine)\n\(line)\n".utf8)
        do {
            let table = try TokenTable(text.span)
            Issue.record("read as \(table.records)")
        } catch {
            #expect("\(error)".hasPrefix("line 2: "), "\(error)")
            #expect(!"\(error)".contains(hash))
            #expect(!"\(error)".contains("xyzzy"))
        }
    }

    @Test("the same line twice is refused by its number")
    func twice() {
        let line = Self.good.replacing("NAME", with: "a")
            .replacing("HASH", with: String(repeating: "1", count: 64))
        let text = Array("\(line)\n\n\(line)\n".utf8)
        #expect { try TokenTable(text.span) } throws: { "\($0)".hasPrefix("line 3: ") }
    }
}
