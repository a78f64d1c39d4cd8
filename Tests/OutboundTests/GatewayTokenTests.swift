import Foundation
import POSIX
import Synchronization
import Testing

@testable import Outbound

@Suite("tokens that a service grants for a time")
struct GatewayTokenTests {
    /// A provider that grants tokens by `grant` at `/token`, and else answers by `serve`, which
    /// is given the token shown.
    private static func provider(
        _ grant: @escaping @Sendable (RawProvider.Link, _ number: Int) -> Void,
        _ serve: @escaping @Sendable (RawProvider.Link, String) -> Void = { link, _ in
            link.answer(200, "ok")
        }
    ) throws -> RawProvider {
        let granted = Mutex(0)
        return try RawProvider { link, request, _ in
            if request.hasPrefix("POST /token ") {
                grant(
                    link,
                    granted.withLock { count in
                        count += 1
                        return count
                    }
                )
            } else {
                serve(link, request.header("authorization") ?? "")
            }
        }
    }

    private static func answer(_ link: RawProvider.Link, _ number: Int, _ more: String = "") {
        link.answer(200, #"{"access_token":"secret-at-\#(number)"\#(more)}"#)
    }

    private static func trial(_ provider: RawProvider, _ more: String = "") throws -> HarshTrial {
        let grant =
            "token: 'http://127.0.0.1:\(provider.port)/token', client_id: env:I, client_secret: env:S"
        return try HarshTrial(
            "retries: 1, auth: { oauth2: { \(grant)\(more) } }",
            port: provider.port
        )
    }

    private static func asked(_ provider: RawProvider) -> [String] {
        provider.requests.filter { $0.hasPrefix("POST /token ") }
    }

    @Test("fifty callers at once have one token granted, and no secret is in the log")
    func once() throws {
        let gate = HarshGate()
        let provider = try Self.provider { link, number in
            gate.wait()
            Self.answer(link, number)
        }
        let trial = try Self.trial(provider)
        let answerers = try (0..<50).map { _ in try trial.start() }
        gate.open()
        for answerer in answerers { #expect(answerer.answered()?.head?.status == 200) }
        trial.close()
        #expect(Self.asked(provider).count == 1)
        #expect(answerers.allSatisfy { $0.count == 1 })
        #expect(try trial.pairedCalls().count == 50)
        #expect(try trial.events("daybook.call.token").map { $0["reason"] } == ["granted"])
        #expect(try !trial.everything().contains("secret-"))
        #expect(
            provider.requests.filter { $0.header("authorization") == "Bearer secret-at-1" }.count
                == 50
        )
    }

    @Test("a token is renewed before it ends, while calls go on with the old one")
    func renewal() throws {
        let second = HarshGate()
        let provider = try Self.provider { link, number in
            if number == 2 { second.wait() }
            Self.answer(link, number, #","expires_in":\#(number == 1 ? 4 : 3600)"#)
        }
        let trial = try Self.trial(provider)
        var shown: Set<String> = []
        let isAsked = try eventually {
            guard try trial.send().head?.status == 200 else { return false }
            sleepMilliseconds(50)
            return Self.asked(provider).count == 2
        }
        #expect(isAsked)
        // Not renewed yet, and still good.
        #expect(try trial.send().head?.status == 200)
        shown.formUnion(provider.requests.compactMap { $0.header("authorization") })
        #expect(!shown.contains("Bearer secret-at-2"))
        second.open()
        let isRenewed = try eventually {
            _ = try trial.send()
            return provider.requests.last?.header("authorization") == "Bearer secret-at-2"
        }
        #expect(isRenewed)
        trial.close()
        #expect(Self.asked(provider).count == 2)
    }

    @Test(
        "a URL that grants nothing is asked once for a while, and the service not at all",
        arguments: [
            (400, #"{"error":"invalid_client"}"#), (500, ""), (200, "no json"),
            (200, #"{"access_token":""}"#), (200, #"{"access_token":"a b"}"#),
            (200, #"{"access_token":"a\r\nX-Evil: 1"}"#), (302, ""),
        ]
    )
    func refused(status: Int, body: String) throws {
        let provider = try Self.provider { link, _ in link.answer(status, body) }
        let trial = try Self.trial(provider)
        for _ in 0..<3 {
            let problem = try #require(try trial.send().problem)
            #expect(problem.word == .tokenRefused)
            #expect(problem.status == 502)
            #expect(problem.retryAfter != nil)
        }
        trial.close()
        #expect(provider.requests.count == 1)
        #expect(try trial.events("daybook.call.intent").isEmpty)
        #expect(try trial.events("daybook.call.token").map { $0["status"] } == ["\(status)"])
        #expect(try trial.events("daybook.call.token").map { $0["reason"] } == ["refused"])
        #expect(try !trial.everything().contains("secret-"))
    }

    @Test("a service that refuses even a new token does not have others granted all the time")
    func unauthorized() throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number)
        } _: { link, _ in
            link.answer(401)
        }
        let trial = try Self.trial(provider)
        for _ in 0..<5 { #expect(try trial.send().head?.status == 401) }
        trial.close()
        #expect(Self.asked(provider).count == 1)
    }

    @Test("a refresh token that is replaced is kept, and used the next time")
    func rotation() throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number, #","expires_in":0,"refresh_token":"secret-rt-\#(number)""#)
        }
        let trial = try Self.trial(provider, ", refresh_token: env:R")
        for _ in 0..<3 { #expect(try trial.send().head?.status == 200) }
        trial.close()
        let asked = Self.asked(provider)
        #expect(asked.count == 3)
        #expect(asked[0].hasSuffix("grant_type=refresh_token&refresh_token=secret-R"))
        #expect(asked[1].hasSuffix("grant_type=refresh_token&refresh_token=secret-rt-1"))
        #expect(asked[2].hasSuffix("grant_type=refresh_token&refresh_token=secret-rt-2"))
        #expect(trial.kept.all == (1...3).map { "env:R=secret-rt-\($0)" })
        #expect(try !trial.everything().contains("secret-"))
    }

    @Test(
        "a refresh token that is empty or could not be sent replaces none",
        arguments: [#""""#, "null", "7", #""a\u0000b""#]
    )
    func badRotation(value: String) throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number, #","expires_in":0,"refresh_token":\#(value)"#)
        }
        let trial = try Self.trial(provider, ", refresh_token: env:R")
        for _ in 0..<2 { _ = try trial.send() }
        trial.close()
        #expect(trial.kept.all.isEmpty)
        #expect(Self.asked(provider).last?.hasSuffix("refresh_token=secret-R") == true)
    }

    @Test("a refresh token that comes back the same is not kept again")
    func sameRotation() throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number, #","expires_in":0,"refresh_token":"secret-R""#)
        }
        let trial = try Self.trial(provider, ", refresh_token: env:R")
        for _ in 0..<2 { _ = try trial.send() }
        trial.close()
        #expect(trial.kept.all.isEmpty)
    }

    @Test("whoever shows the client's own credentials goes on to, whatever else is granted")
    func clientCredentials() throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number, #","expires_in":0,"refresh_token":"secret-rt""#)
        }
        let trial = try Self.trial(provider)
        for _ in 0..<2 { _ = try trial.send() }
        trial.close()
        #expect(Self.asked(provider).allSatisfy { $0.hasSuffix("grant_type=client_credentials") })
        #expect(trial.kept.all.isEmpty)
    }

    @Test("a life that is written as a text is believed")
    func textLife() throws {
        let provider = try Self.provider { link, number in
            Self.answer(link, number, #","expires_in":"0""#)
        }
        let trial = try Self.trial(provider)
        for _ in 0..<2 { #expect(try trial.send().head?.status == 200) }
        trial.close()
        #expect(Self.asked(provider).count == 2)
    }
}
