import Bytes
import DaybookTesting
import Foundation
import Ledger
import POSIX
import Service
import Synchronization
import Testing

@Suite struct TokenRegisterTests {
    @Test("a token is recorded by name and role, and it is nowhere in the ledger's folder")
    func creation() throws {
        let trial = try ServiceTrial()
        let now = wallClock()
        let (token, sequence) = try trial.register.create(
            name: "shop",
            role: .gateway,
            expires: later(now, seconds: 86_400),
            at: now
        )
        let line = try trial.lines()[Int(sequence)]
        #expect(line["type"] == "daybook.token.created")
        #expect(line["kind"] == "admin")
        #expect(line["source"] == "daybook")
        #expect(line["subject"] == "token:shop")
        #expect(line["reason"] == "role gateway")
        let records = try trial.register.list()
        #expect(records.map(\.name) == ["shop"])
        #expect(records[0].state(at: now) == .active)
        #expect(Files.mode(trial.tokensFile) == 0o600)
        let all = try trial.allBytes()
        #expect(all.range(of: Data(token.revealed.utf8)) == nil)
        #expect(all.range(of: Data(token.revealed.utf8.dropFirst(4).prefix(16))) == nil)
        #expect(all.range(of: Data(token.digest.description.utf8)) != nil)
        #expect(try trial.ledger.verify().findings.isEmpty)
    }

    @Test("a name is used once, also after its token was revoked; nothing is recorded then")
    func names() throws {
        let trial = try ServiceTrial()
        _ = try trial.token("shop", .reader)
        let before = try trial.lines().count
        #expect(throws: TokenProblem.self) { try trial.token("shop", .admin) }
        #expect(try trial.lines().count == before)
        _ = try trial.register.revoke(name: "shop", at: wallClock())
        #expect(throws: TokenProblem.self) { try trial.token("shop", .admin) }
        #expect(try trial.register.list().map(\.role) == [.reader])
    }

    @Test("a revocation is recorded once, however often it is asked for")
    func revocation() throws {
        let trial = try ServiceTrial()
        _ = try trial.token("shop", .ingest)
        let first = try trial.register.revoke(name: "shop", at: wallClock())
        let again = try trial.register.revoke(name: "shop", at: wallClock())
        #expect(first == again)
        let lines = try trial.lines().filter { $0["type"] == "daybook.token.revoked" }
        #expect(lines.count == 1)
        #expect(lines[0]["subject"] == "token:shop")
        #expect(lines[0]["reason"] == "role ingest")
        #expect(throws: TokenProblem.self) {
            try trial.register.revoke(name: "none", at: wallClock())
        }
    }

    @Test("a token is revoked even where the log takes no event, and recorded when it does")
    func logRefuses() throws {
        let trial = try ServiceTrial()
        let text = Array(try trial.token("shop", .ingest).utf8)
        let head = try Files.read(trial.ledger.headFile)
        // A head file that cannot be read: nothing is appended.
        try Files.replace(trial.ledger.headFile, with: Array("other".utf8))
        #expect { try trial.register.revoke(name: "shop", at: wallClock()) } throws: {
            "\($0)".contains("is revoked, but the log does not say so yet")
        }
        let tokens = Tokens(ledger: trial.path)
        #expect(tokens.caller(presenting: text.span, at: wallClock()) == nil)
        #expect(throws: (any Error).self) { try trial.token("other", .ingest) }
        #expect(try trial.register.list().map(\.name) == ["shop"])
        try Files.replace(trial.ledger.headFile, with: head)
        let sequence = try trial.register.revoke(name: "shop", at: wallClock())
        #expect(try trial.lines()[Int(sequence)]["type"] == "daybook.token.revoked")
    }

    @Test("of tokens made and revoked at once, none is lost")
    func atOnce() throws {
        let trial = try ServiceTrial()
        for number in 0..<4 { _ = try trial.token("old-\(number)", .reader) }
        let register = trial.register
        let next = Atomic<Int>(0)
        let failures = Mutex<[String]>([])
        try runThreads(4) {
            let number = next.add(1, ordering: .relaxed).oldValue
            do {
                for round in 0..<3 {
                    _ = try register.create(
                        name: "new-\(number)-\(round)",
                        role: .ingest,
                        expires: nil,
                        at: wallClock()
                    )
                }
                _ = try register.revoke(name: "old-\(number)", at: wallClock())
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        let records = try register.list()
        #expect(records.count == 16)
        #expect(records.filter { $0.revoked != nil }.count == 4)
        #expect(records.filter { $0.name.hasPrefix("new") }.allSatisfy { $0.revoked == nil })
        let created = try trial.lines().filter { $0["type"] == "daybook.token.created" }
        #expect(Set(created.compactMap { $0["subject"] }).count == 16)
    }

    @Test("a folder without a ledger has no tokens, and gets none")
    func noLedger() throws {
        let path = NSTemporaryDirectory() + "/daybook-none-" + UUID().uuidString
        let register = TokenRegister(ledger: path)
        #expect(throws: (any Error).self) { try register.list() }
        #expect(throws: (any Error).self) {
            try register.create(name: "a", role: .reader, expires: nil, at: wallClock())
        }
        #expect(!Files.exists(path))
        try Files.makeFolder(path)
        defer { Files.removeTree(path) }
        #expect(throws: LedgerError.self) {
            try register.create(name: "a", role: .reader, expires: nil, at: wallClock())
        }
        #expect(try Files.list(path) == [])
    }

    @Test(
        "how long a token is good is read",
        arguments: [("60s", 60), ("12h", 43_200), ("90d", 7_776_000), ("3650d", 315_360_000)]
    )
    func expiry(text: String, seconds: Double) throws {
        let now = wallClock()
        #expect(try TokenRegister.expiry(text, from: now) == later(now, seconds: seconds))
    }

    @Test(
        "no time, too short or too long a time is refused",
        arguments: [
            "", "0d", "90", "-1d", "59s", "3651d", "1y", "9999999999999999999d", "1.5h", "٣d",
        ]
    )
    func noExpiry(text: String) {
        #expect(throws: TokenProblem.self) { try TokenRegister.expiry(text, from: wallClock()) }
    }
}
