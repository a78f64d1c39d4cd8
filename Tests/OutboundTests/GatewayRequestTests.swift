import Testing

@testable import Outbound

@Suite("requests that callers send to the gateway")
struct GatewayRequestTests {
    static let caller = GatewayRequest.Caller(kind: "token", name: "shop")

    static func request(
        _ method: String = "GET",
        _ target: String = "/v1/x",
        _ headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) throws -> GatewayRequest {
        try GatewayRequest(
            method: method,
            target: target,
            headers: headers,
            body: body,
            caller: caller
        )
    }

    private static func word(
        _ method: String = "GET",
        _ target: String = "/v1/x",
        _ headers: [(name: String, value: String)] = []
    ) -> CallProblem.Word? {
        do {
            _ = try request(method, target, headers)
            return nil
        } catch {
            return (error as? CallProblem)?.word
        }
    }

    @Test(
        "a path that climbs out of the service's base is refused, however its dots are written",
        arguments: [
            "/..", "/../x", "/v1/../../admin", "/v1/.", "/%2e%2e/x", "/%2E%2e/x", "/.%2e/x",
            "/v1/%2E", "//../x", "/v1/..?x=1", "/a\\..\\b", "/x#y",
            "/a/..%2f..%2fadmin", "/..%5c", "/..;/x", "/%2e%2e%2Fx",
        ]
    )
    func climbing(target: String) {
        #expect(Self.word("GET", target) == .badTarget)
    }

    @Test(
        "dots that climb nowhere are let through",
        arguments: [
            "", "/", "/v1.0/x", "/...", "/a..b", "/.well-known/x", "/x?next=../y", "/%2e%2ex",
        ]
    )
    func harmless(target: String) throws {
        let request = try Self.request("GET", target)
        #expect(request.target == target)
    }

    @Test("a target without a slash gets one, so that no other host can be meant")
    func slash() throws {
        #expect(try Self.request("GET", ".evil.example/x").target == "/.evil.example/x")
        #expect(try Self.request("GET", "@evil.example/x").target == "/@evil.example/x")
        #expect(try Self.request("GET", "?a=1").target == "/?a=1")
    }

    @Test(
        "methods that are not passed on are refused",
        arguments: ["CONNECT", "TRACE", "get", "", "FOO", "GET "]
    )
    func methods(method: String) {
        #expect(Self.word(method) == .badRequest)
    }

    @Test(
        "how long a caller waits is read with and without a unit",
        arguments: zip(
            ["0", "10s", "500ms", "7", "1h", "60m"],
            [.zero, .seconds(10), .milliseconds(500), .seconds(7), .seconds(3600), .seconds(3600)]
                as [Duration]
        )
    )
    func patience(text: String, wait: Duration) throws {
        #expect(try Self.request("GET", "/", [("X-Daybook-Max-Wait", text)]).patience == wait)
    }

    @Test(
        "a wait that is none is refused",
        arguments: ["", "-1", "soon", "61m", "1d", "99999999999999999999s", "1.5s", "１０s"]
    )
    func badPatience(text: String) {
        #expect(Self.word("GET", "/", [("x-daybook-max-wait", text)]) == .badRequest)
    }

    @Test("who does not say how long waits ten seconds, in a thread of one's own")
    func defaults() throws {
        let (a, b) = (try Self.request(), try Self.request())
        #expect(a.patience == .seconds(10))
        #expect(a.correlation != b.correlation)
        #expect(a.causation == nil)
    }

    @Test("a cause is a sequence, and stands in a line with all of its digits")
    func causation() throws {
        let request = try Self.request("GET", "/", [("X-Daybook-Causation", "41")])
        #expect(request.causation == "00000000000000000041")
        for text in ["", "x", "-1", "99999999999999999999999"] {
            #expect(Self.word("GET", "/", [("X-Daybook-Causation", text)]) == .badRequest)
        }
    }

    @Test("a correlation that could not stand in a line is refused")
    func correlation() throws {
        #expect(
            try Self.request("GET", "/", [("X-Daybook-Correlation", "a-1")]).correlation == "a-1"
        )
        for text in ["", "a b", "é", String(repeating: "x", count: 129)] {
            #expect(Self.word("GET", "/", [("X-Daybook-Correlation", text)]) == .badRequest)
        }
    }

    @Test("the line's path has no query, which may hold what is secret")
    func path() throws {
        #expect(try Self.request("GET", "/v1/x?key=1").path == "/v1/x")
    }
}

@Suite("headers that go on through the gateway")
struct PassedHeadersTests {
    @Test("headers of the connection stay, also those that it names")
    func hopByHop() {
        let headers = [
            ("Connection", "keep-alive, X-Secret-Hop"), ("Keep-Alive", "timeout=5"),
            ("TE", "trailers"), ("Transfer-Encoding", "chunked"), ("Upgrade", "h2c"),
            ("Proxy-Authorization", "Basic x"), ("x-secret-hop", "1"), ("X-Kept", "1"),
        ].map { (name: $0.0, value: $0.1) }
        #expect(PassedHeaders.request(headers, secret: []).map(\.name) == ["X-Kept"])
        #expect(PassedHeaders.answer(headers).map(\.name) == ["X-Kept"])
    }

    @Test("what a caller shows to us does not go on to the service")
    func credentials() {
        let headers = [
            ("Authorization", "Bearer dbk_x"), ("X-Shopify-Access-Token", "dbk_x"),
            ("x-daybook-token", "dbk_x"), ("X-Daybook-Max-Wait", "1s"), ("Host", "127.0.0.1"),
            ("Content-Length", "3"), ("Accept-Encoding", "br"), ("Expect", "100-continue"),
            ("Content-Type", "text/plain"),
        ].map { (name: $0.0, value: $0.1) }
        let passed = PassedHeaders.request(headers, secret: ["x-shopify-access-token"])
        #expect(passed.map(\.name) == ["Content-Type"])
    }

    @Test("headers that would not fit our answer are left out, and named")
    func tooLong() {
        let long = String(repeating: "x", count: 13_000)
        let passed = PassedHeaders.answer([("A", "1"), ("Policy", long), ("B", "2")])
        #expect(passed.map(\.name) == ["A", "B", "Daybook-Dropped"])
        #expect(passed.last?.value == "Policy")
    }

    @Test("an answer keeps its repeated headers, in order")
    func repeated() {
        let headers = [
            ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Date", "now"),
            ("Content-Encoding", "gzip"), ("Content-Length", "9"), ("Location", "https://x/y"),
        ].map { (name: $0.0, value: $0.1) }
        #expect(PassedHeaders.answer(headers).map(\.value) == ["a=1", "b=2", "https://x/y"])
    }
}
