import Foundation
import HTTPServer
import Service
import Testing

@Suite struct ProblemAnswerTests {
    private func members(_ answer: HTTPAnswer) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(answer.body))
        return try #require(object as? [String: Any])
    }

    @Test("an answer has the members of RFC 9457, in canonical order, and names its word")
    func form() {
        let answer = HTTPAnswer.problem(
            429,
            "limit-reached",
            "xero allows 60 a minute",
            headers: [("Retry-After", "7")],
            members: [("service", "xero"), ("account", "a\"b")],
            json: [("waited", Array("12".utf8))]
        )
        #expect(answer.status == 429)
        #expect(
            String(decoding: answer.body, as: UTF8.self) == """
                {"account":"a\\"b","detail":"xero allows 60 a minute","service":"xero",\
                "status":429,"title":"Too Many Requests","type":"about:blank#limit-reached",\
                "waited":12}

                """
        )
        let headers = Dictionary(answer.headers) { first, _ in first }
        #expect(headers["Content-Type"] == "application/problem+json")
        #expect(headers["Daybook-Problem"] == "limit-reached")
        #expect(headers["Retry-After"] == "7")
        #expect(headers["Cache-Control"] == "no-store")
    }

    @Test(
        "hostile details stay JSON, and short",
        arguments: [
            "\"}, {\"admin\": true", "line\r\nSet-Cookie: a=b", "\u{0}\u{1}\u{2028}", "😀\u{FFFD}",
            String(repeating: "e\u{301}\u{302}\u{303}", count: 50_000),
            String(repeating: "\\", count: 100_000),
        ]
    )
    func hostile(detail: String) throws {
        let answer = HTTPAnswer.problem(400, "malformed", detail)
        #expect(answer.body.count < 10_000)
        let found = try #require(try members(answer)["detail"] as? String)
        #expect(found.unicodeScalars.elementsEqual(detail.unicodeScalars.prefix(1000)))
    }

    @Test(
        "every status has a title",
        arguments: [400, 401, 403, 404, 405, 409, 413, 415, 418, 429, 500, 502, 503, 504]
    )
    func titles(status: Int) throws {
        let answer = HTTPAnswer.problem(status, "word", "detail")
        #expect(try members(answer)["status"] as? Int == status)
        #expect((try members(answer)["title"] as? String)?.isEmpty == false)
    }
}
