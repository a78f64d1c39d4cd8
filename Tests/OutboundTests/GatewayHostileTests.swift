import Foundation
import Ledger
import POSIX
import Testing

@testable import Outbound

@Suite("what a hostile provider or caller could do through the gateway")
struct GatewayHostileTests {
    @Test(
        "a header of an answer goes on as one header, without control characters",
        arguments: ["a\rSet-Cookie: evil=1", "a\u{1}b", "a\u{0}b", "a\u{7F}b", "a\r\n\tfolded"]
    )
    func splitting(value: String) throws {
        let provider = try RawProvider { link, _, _ in
            link.answer(200, "ok", "X-Evil: \(value)\r\n")
        }
        let trial = try HarshTrial("retries: 1", port: provider.port)
        let answered = try trial.send()
        trial.close()
        for header in answered.head?.headers ?? [] {
            #expect(header.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 9 })
        }
        #expect(answered.header("set-cookie") == nil)
        try trial.pairedCalls()
    }

    @Test("a service's own secret is not recorded when the service sends it back")
    func echoed() throws {
        let provider = try RawProvider { link, request, _ in
            let shown = request.header("authorization") ?? ""
            link.answer(401, "no such key: \(shown)", "X-Echo: \(shown)\r\n")
        }
        let trial = try HarshTrial("auth: { bearer: env:T }", port: provider.port)
        #expect(try trial.send().head?.status == 401)
        trial.close()
        #expect(try !trial.everything().contains("secret-T"))
    }

    @Test("a token in the target of a redirect is not recorded")
    func redirect() throws {
        let provider = try RawProvider { link, _, _ in
            link.answer(302, "", "Location: /next?access_token=secret-L&a=1\r\n")
        }
        let trial = try HarshTrial("", port: provider.port)
        #expect(try trial.send().header("location") == "/next?access_token=secret-L&a=1")
        trial.close()
        #expect(provider.requests.count == 1)
        #expect(try !trial.everything().contains("secret-L"))
    }

    @Test("a parameter that carries the service's key cannot be set by a caller")
    func parameter() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("auth: { query: { key: env:Q } }", port: provider.port)
        _ = try trial.send("GET", "/x?key=mine&a=1")
        trial.close()
        let line = try #require(provider.requests.first?.components(separatedBy: " ")[1])
        #expect(line == "/x?a=1&key=secret-Q")
    }

    @Test("an answer before the request's body is whole is passed on")
    func early() throws {
        let provider = try RawProvider(connections: { link, _ in
            var head = ""
            while !head.contains("\r\n\r\n"), let piece = link.receive(1000) {
                head += String(decoding: piece, as: UTF8.self)
            }
            link.answer(413, "too long", "Connection: close\r\n")
            link.waitForClose()
        })
        let trial = try HarshTrial("", port: provider.port)
        let body = String(repeating: "x", count: 6 << 20)
        let answered = try trial.send("POST", "/x", body: body)
        trial.close()
        #expect(answered.head?.status == 413)
        #expect(answered.text == "too long")
        #expect(try trial.pairedCalls().map { $0["status"] } == ["413"])
    }

    @Test("HEAD ends with the head")
    func head() throws {
        let provider = try RawProvider { link, _, _ in
            link.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answered = try trial.send("HEAD")
        trial.close()
        #expect(answered.head?.status == 200)
        #expect(answered.body.isEmpty)
    }

    @Test("a caller who does not wait does not wait for a token either")
    func patience() throws {
        let provider = try RawProvider { link, _, _ in link.waitForClose() }
        let grant =
            "token: 'http://127.0.0.1:\(provider.port)/token', client_id: env:I, client_secret: env:S"
        let trial = try HarshTrial("auth: { oauth2: { \(grant) } }", port: provider.port)
        let answerer = try trial.start("GET", "/x", [("X-Daybook-Max-Wait", "0")])
        #expect(answerer.answered(seconds: 3) != nil)
        trial.close()
        #expect(answerer.count == 1)
    }

    @Test("all who wait are answered when the service fails again and again")
    func breaker() throws {
        let provider = try RawProvider { link, _, _ in link.answer(500) }
        let trial = try HarshTrial(
            "retries: 1, concurrent: 2, breaker: { calls: 5, open: 1h }",
            port: provider.port
        )
        let answerers = try (0..<100).map { _ in
            try trial.start("GET", "/x", [("X-Daybook-Max-Wait", "1h")])
        }
        let words = answerers.map { $0.answered(seconds: 5)?.problem?.word }
        trial.close()
        #expect(answerers.allSatisfy { $0.count == 1 })
        #expect((5...6).contains(provider.requests.count))
        #expect(words.filter { $0 == .circuitOpen }.count == 100 - provider.requests.count)
        #expect(try trial.events("daybook.breaker.opened").count == 1)
        try trial.pairedCalls()
    }

    @Test("a service that is back is found out by one call at a time, and then opened to all")
    func probes() throws {
        let provider = try RawProvider { link, _, number in link.answer(number <= 5 ? 500 : 200) }
        let trial = try HarshTrial(
            "retries: 1, breaker: { calls: 5, open: 200ms }",
            port: provider.port
        )
        for _ in 0..<5 { #expect(try trial.send().head?.status == 500) }
        let isBack = try eventually { try trial.send().head?.status == 200 }
        #expect(isBack)
        let isClosed = try eventually {
            _ = try trial.send()
            return trial.gateway.status.first?.breaker == "closed"
        }
        #expect(isClosed)
        let words = try (0..<20).map { _ in try trial.start() }.map { $0.answered()?.head?.status }
        #expect(words.allSatisfy { $0 == 200 })
        trial.close()
        for type in ["opened", "half_opened", "closed"] {
            #expect(try trial.events("daybook.breaker.\(type)").count == 1, "\(type)")
        }
    }

    @Test(
        "answers of any size are passed on whole, around the borders of what is held",
        arguments: [0, 1, (64 << 10) - 1, 64 << 10, (64 << 10) + 1, 300_000]
    )
    func sizes(size: Int) throws {
        let provider = try RawProvider { link, _, _ in
            link.answer(200, String(repeating: "x", count: size))
        }
        let trial = try HarshTrial("recorded: 64KiB", port: provider.port)
        let answered = try trial.send()
        trial.close()
        #expect(answered.body.count == size)
        #expect(!answered.isBroken)
        #expect(try trial.pairedCalls().map { $0["outcome"] } == ["succeeded"])
    }

    @Test("a long refusal that may be tried again is held back, and the answer is the last one's")
    func longRefusal() throws {
        let provider = try RawProvider { link, _, number in
            if number < 3 {
                link.answer(503, String(repeating: "x", count: 900_000))
            } else {
                link.answer(200, "done")
            }
        }
        let trial = try HarshTrial("", port: provider.port)
        let answered = try trial.send()
        trial.close()
        #expect(answered.text == "done")
        #expect(try trial.pairedCalls().count == 3)
    }
}
