import Bytes
import Foundation
import POSIX
import Service
import Testing

@Suite struct TokensTests {
    private func found(_ tokens: Tokens, _ text: String, at now: Timestamp) -> Caller? {
        let bytes = Array(text.utf8)
        return tokens.caller(presenting: bytes.span, at: now)
    }

    @Test("a ledger without the file lets nobody in, and has no problem")
    func missing() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let other = Token(random: Array(0..<32)).revealed
        #expect(found(tokens, other, at: wallClock()) == nil)
        #expect(found(tokens, "", at: wallClock()) == nil)
        #expect(tokens.problem(at: wallClock()) == nil)
    }

    @Test("a token made or revoked beside a running server counts after a second, not before")
    func reload() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let start = wallClock()
        let first = try trial.token("first", .gateway)
        #expect(found(tokens, first, at: start) == Caller(name: "first", role: .gateway))
        let second = try trial.token("second", .reader)
        #expect(found(tokens, second, at: later(start, seconds: 0.999)) == nil)
        #expect(found(tokens, second, at: later(start, seconds: 1)) != nil)
        _ = try trial.register.revoke(name: "first", at: start)
        #expect(found(tokens, first, at: later(start, seconds: 1.9)) != nil)
        #expect(found(tokens, first, at: later(start, seconds: 2)) == nil)
        #expect(found(tokens, second, at: later(start, seconds: 2)) != nil)
    }

    @Test("a clock that was set back does not keep a revoked token good")
    func clockBack() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let text = try trial.token("first", .gateway)
        let start = later(wallClock(), seconds: 5)
        #expect(found(tokens, text, at: start) != nil)
        _ = try trial.register.revoke(name: "first", at: start)
        #expect(found(tokens, text, at: later(start, seconds: -3600)) == nil)
    }

    @Test("a file that was replaced within one tick of the file system's clock is seen")
    func sameTick() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let one = Token(random: [UInt8](repeating: 1, count: 32))
        let two = Token(random: [UInt8](repeating: 2, count: 32))
        let start = wallClock()
        func write(_ token: Token) throws {
            var table = TokenTable()
            try table.add(
                TokenRecord(
                    name: "same",
                    role: .reader,
                    created: start,
                    expires: nil,
                    digest: token.digest
                )
            )
            try Files.replace(trial.tokensFile, with: table.bytes)
            let date = Date(timeIntervalSince1970: Double(start.microseconds) / 1e6)
            try FileManager.default.setAttributes(
                [.modificationDate: date],
                ofItemAtPath: trial.tokensFile
            )
        }
        try write(one)
        #expect(found(tokens, one.revealed, at: start) != nil)
        // Size and time are the same, the token is not.
        try write(two)
        let next = later(start, seconds: 1)
        #expect(found(tokens, one.revealed, at: next) == nil)
        #expect(found(tokens, two.revealed, at: next) != nil)
    }

    @Test(
        "a file that cannot be read lets nobody in and says why, without what it holds",
        arguments: ["broken", "writable", "folder", "large"]
    )
    func unreadable(how: String) throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let text = try trial.token("first", .admin)
        let start = wallClock()
        #expect(found(tokens, text, at: start) != nil)
        let good = try Files.read(trial.tokensFile)
        switch how {
        case "broken": try Files.replace(trial.tokensFile, with: good + Array("xyzzy\n".utf8))
        case "writable": try Files.replace(trial.tokensFile, with: good + [10], mode: 0o600)
        case "large":
            let space = [UInt8](repeating: 0x20, count: 5 << 20)
            try Files.replace(trial.tokensFile, with: good + space)
        default:
            try Files.remove(trial.tokensFile)
            try Files.makeFolder(trial.tokensFile)
        }
        if how == "writable" {
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o622],
                ofItemAtPath: trial.tokensFile
            )
        }
        let next = later(start, seconds: 1)
        #expect(found(tokens, text, at: next) == nil)
        let problem = try #require(tokens.problem(at: next))
        #expect(problem.contains(trial.tokensFile) || how == "folder", "\(problem)")
        #expect(!problem.contains("xyzzy"))
        // It is made good again without a restart.
        Files.removeTree(trial.tokensFile)
        try Files.replace(trial.tokensFile, with: good)
        #expect(found(tokens, text, at: later(start, seconds: 2)) != nil)
        #expect(tokens.problem(at: later(start, seconds: 2)) == nil)
    }

    @Test("an expired token ends by itself, without the file changing")
    func expiry() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let start = wallClock()
        let made = try trial.register.create(
            name: "short",
            role: .reader,
            expires: later(start, seconds: 60),
            at: start
        )
        let text = made.token.revealed
        #expect(found(tokens, text, at: later(start, seconds: 59.999)) != nil)
        #expect(found(tokens, text, at: later(start, seconds: 60)) == nil)
        #expect(found(tokens, text, at: later(start, seconds: 7200)) == nil)
    }

    @Test("of two candidates either may be the token")
    func candidates() throws {
        let trial = try ServiceTrial()
        let tokens = Tokens(ledger: trial.path)
        let text = try trial.token("first", .admin)
        for pair in ["\(text):", ":\(text)", "user:\(text)", "\(text):password"] {
            let shown = ShownCredentials(
                authorization: "Basic \(Data(pair.utf8).base64EncodedString())",
                token: nil
            )
            #expect(tokens.caller(showing: shown, at: wallClock())?.name == "first")
        }
        let own = ShownCredentials(authorization: "Bearer \(text)", token: "dbk_wrong")
        #expect(tokens.caller(showing: own, at: wallClock()) == nil)
    }
}
