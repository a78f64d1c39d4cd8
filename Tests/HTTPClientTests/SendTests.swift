import Foundation
import HTTPClient
import Testing

@Suite("Requests of all kinds")
struct SendTests {
    /// What the server tells of the request that it got.
    private struct Echo: Decodable {
        let method: String
        let headers: [[String]]
        let body: Data

        /// The values of a header, those of one name in their order.
        func values(_ name: String) -> [String] {
            headers.filter { $0[0].lowercased() == name.lowercased() }.map { $0[1] }
        }

        var names: [String] { headers.map { $0[0] }.sorted() }
    }

    private let server: LocalServer
    private let client = HTTPClient(allowsPlainHTTP: true)
    private let limits = HTTPClient.Limits(bytes: 10_000_000, seconds: 30)

    init() throws {
        server = try LocalServer(nil)
    }

    private func send(
        _ method: String,
        _ path: String = "echo",
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        limits: HTTPClient.Limits? = nil
    ) throws(HTTPClientError) -> (
        status: Int, headers: [(name: String, value: String)], body: [UInt8]
    ) {
        try client.send(
            method,
            "http://localhost:\(server.port)/\(path)",
            headers: headers,
            body: body,
            limits: limits ?? self.limits
        )
    }

    private func echo(
        _ method: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) throws -> Echo {
        let answer = try send(method, headers: headers, body: body)
        #expect(answer.status == 201)
        return try JSONDecoder().decode(Echo.self, from: Data(answer.body))
    }

    @Test(
        "method and body arrive as they are sent, and nothing else is added",
        arguments: ["POST", "PUT", "PATCH", "DELETE", "GET", "OPTIONS", "PURGE"]
    )
    func methods(method: String) throws {
        let body = [UInt8](0...255) + Array("é".utf8)
        let echo = try echo(method, body: body)
        #expect(echo.method == method)
        #expect(Array(echo.body) == body)
        #expect(echo.names == ["Accept", "Content-Length", "Host", "User-Agent"])
        #expect(echo.values("Content-Length") == ["\(body.count)"])
    }

    @Test(
        "a request without a body has a length only where a body is expected",
        arguments: [
            ("POST", true), ("PUT", true), ("PATCH", true), ("GET", false), ("DELETE", false),
        ]
    )
    func noBody(method: String, hasLength: Bool) throws {
        let echo = try echo(method)
        #expect(echo.method == method)
        #expect(echo.values("Content-Length") == (hasLength ? ["0"] : []))
        #expect(echo.values("Content-Type") == [])
    }

    @Test("a long body comes whole, without waiting for a go-ahead")
    func longBody() throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let echo = try echo("POST", body: body)
        #expect(Array(echo.body) == body)
        #expect(echo.values("Expect") == [])
    }

    @Test("headers arrive as they are given, in their order, repeated and empty ones too")
    func headers() throws {
        let headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("X-Twice", "1"), ("x-twice", "2;"),
            ("X-Empty", ""), ("X-Blank", " \t"), ("X-Colon", "a: b"), ("X-Semicolon", ";"),
            ("Authorization", "Bearer t\tt"), ("User-Agent", "other"), ("Accept", "text/xml"),
            ("Host", "example.com"), ("!#$%&'*+-.^_`|~09", "token"),
        ]
        let echo = try echo("POST", headers: headers, body: [1])
        #expect(echo.values("X-Twice") == ["1", "2;"])
        for (name, value) in headers where name.lowercased() != "x-twice" {
            let expected = value.trimmingCharacters(in: .whitespaces)
            #expect(echo.values(name) == [expected], "\(name)")
        }
        #expect(echo.headers.count == headers.count + 1)
    }

    @Test("the answer's headers come in its order and spelling, without those of others")
    func answeredHeaders() throws {
        let answer = try send("GET", "named")
        let found = answer.headers.map { [$0.name, $0.value] }
        let expected = [
            ["X-Twice", "1"], ["x-twice", "2"], ["X-Empty", ""], ["X-Colon", "a:b"],
            ["X-Letter", "é"], ["Content-Length", "0"],
        ]
        #expect(found == expected)
        let redirect = try send("POST", "redirect")
        #expect(redirect.status == 302)
        #expect(redirect.headers.contains { $0.name == "Location" && $0.value == "/good" })
    }

    @Test("HEAD gets headers and no body, however long that would be")
    func head() throws {
        for limit in [0, 10, 10_000] {
            let limits = HTTPClient.Limits(bytes: limit, seconds: 30)
            let answer = try send("HEAD", "thousand", limits: limits)
            #expect(answer.status == 200)
            #expect(answer.body == [])
            #expect(answer.headers.contains { $0.name == "Content-Length" && $0.value == "1000" })
        }
    }

    @Test("an answer over the limit is cut off whatever was sent")
    func tooLarge() {
        #expect(throws: HTTPClientError.tooLarge(limit: 999)) {
            try send("POST", "thousand", body: [1], limits: .init(bytes: 999, seconds: 30))
        }
    }

    @Test(
        "a header that is not one line of NAME: VALUE is refused before anything is sent",
        arguments: [
            ("", "a", "a header's name is not a token"),
            ("X Y", "a", "a header's name is not a token"),
            ("X:", "a", "a header's name is not a token"),
            ("X;", "a", "a header's name is not a token"),
            ("X\r\nY", "a", "a header's name is not a token"),
            ("X\0", "a", "a header's name is not a token"),
            ("É", "a", "a header's name is not a token"),
            ("X", "a\r\nY: b", "header X holds a control character"),
            ("X", "a\n", "header X holds a control character"),
            ("X", "\r", "header X holds a control character"),
            ("X", "a\0b", "header X holds a control character"),
            ("X", "\u{7F}", "header X holds a control character"),
            ("Content-Length", "1", "header Content-Length follows from the body"),
            ("transfer-encoding", "chunked", "header transfer-encoding follows from the body"),
            ("EXPECT", "100-continue", "header EXPECT follows from the body"),
        ]
    )
    func badHeader(name: String, value: String, reason: String) {
        // Nobody listens there: whoever gets so far is told something else.
        let url = "http://localhost:1/"
        #expect(throws: HTTPClientError.badRequest(reason: reason)) {
            try client.send("POST", url, headers: [(name, value)], body: [], limits: limits)
        }
    }

    @Test(
        "a method that is not a token is refused",
        arguments: ["", "GET ", "GET /\r\nX: a", "P\0ST", "PÖST"]
    )
    func badMethod(method: String) {
        #expect(throws: HTTPClientError.badRequest(reason: "the method is not a token")) {
            try client.send(method, "http://localhost:1/", headers: [], body: [], limits: limits)
        }
    }

    @Test("HEAD with a body is refused")
    func headWithBody() {
        #expect(throws: HTTPClientError.badRequest(reason: "HEAD takes no body")) {
            try client.send("HEAD", "http://localhost:1/", headers: [], body: [1], limits: limits)
        }
    }

    @Test(
        "a URL with a zero byte, a space or a line end is refused",
        arguments: ["good\0/evil", "go od", "good\r\nX:", "good\n"]
    )
    func badURL(path: String) {
        let error = #expect(throws: HTTPClientError.self) { try send("GET", path) }
        guard case .badURL = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("what cannot be sent is said without the header's value")
    func description() {
        let error = HTTPClientError.badRequest(reason: "HEAD takes no body")
        #expect("\(error)" == "request cannot be sent: HEAD takes no body")
    }
}
