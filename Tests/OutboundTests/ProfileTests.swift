import Bytes
import Outbound
import Testing

/// What a service's entry says, read and told to people.
@Suite("a service's entry")
struct ProfileTests {
    static let entry = """
        about: Accounting API.
        documented: [https://developer.example.com/limits]
        confidence: secondary
        base: https://{region}.example.com/{company-id}/api
        auth: { oauth2: { token: https://login.example.com/token } }
        limits:
          - { limit: 60/1m, per: tenant }
          - { limit: 5000/24h, per: tenant, plan: older apps }
          - { limit: 100/10s, for: reads }
          - { limit: 3/1h }
          - { bucket: 40, restore: 2/1s, per: shop }
        concurrent: 5
        limited: [429, 503]
        limited_codes: [THROTTLED, 17]
        retry_after: { header: Retry-After, as: http-date }
        idempotency: { header: Idempotency-Key, kept: 24h }
        request_id: X-Request-Id
        retry: Wait as it says.
        """

    @Test("all keys are read")
    func allKeys() throws {
        let profile = try wholeProfile(Self.entry)
        #expect(profile.name == "example")
        #expect(profile.about == "Accounting API.")
        #expect(profile.documented == ["https://developer.example.com/limits"])
        #expect(profile.confidence == "secondary")
        #expect(profile.base == "https://{region}.example.com/{company-id}/api")
        #expect(profile.placeholders == ["region", "company-id"])
        #expect(profile.auth == .oauth2(token: "https://login.example.com/token"))
        let minute = try #require(WindowLength(seconds: 60))
        #expect(profile.limits[0].kind == .window(try #require(Rate(count: 60, window: minute))))
        #expect(profile.limits[0].per == "tenant")
        #expect(profile.limits[1].plan == "older apps")
        #expect(profile.limits[2].calls == "reads")
        #expect(profile.limits[4].kind == .bucket(size: 40, restore: try #require(Rate("2/1s"))))
        #expect(profile.concurrent == 5)
        #expect(profile.limited == [429, 503])
        #expect(profile.limitedCodes == ["THROTTLED", "17"])
        #expect(profile.retryAfter?.header == "retry-after")
        #expect(profile.retryAfter?.form == .httpDate)
        #expect(profile.idempotency?.place == .header("Idempotency-Key"))
        #expect(profile.idempotency?.kept == .seconds(86_400))
        #expect(profile.requestID == "x-request-id")
        #expect(profile.retry == "Wait as it says.")
    }

    @Test("two keys are enough")
    func leastKeys() throws {
        let profile = try wholeProfile("base: https://api.example.com\nauth: none")
        #expect(profile.about == "An example.")
        #expect(profile.placeholders == [])
        #expect(profile.limitsInWords == [])
        #expect(profile.retryAfterInWords == nil)
        #expect(profile.idempotencyInWords == nil)
        #expect(profile.answer(429, "retry-after: 5").lines == ["limited"])
        #expect(profile.answer(503, "retry-after: 5").lines == [])
    }

    @Test("limits are told in words")
    func limitsInWords() throws {
        #expect(
            try wholeProfile(Self.entry).limitsInWords == [
                "60 a minute per tenant", "5000 a day per tenant (older apps)",
                "100 in 10 seconds, for reads", "3 an hour",
                "a bucket of 40, 2 a second back per shop", "5 at once",
            ]
        )
    }

    @Test("how a wait and a repeated call are told is told in words")
    func othersInWords() throws {
        let profile = try wholeProfile(Self.entry)
        #expect(profile.retryAfterInWords == "retry-after, http-date")
        #expect(profile.idempotencyInWords == "header Idempotency-Key")
    }

    @Test(
        "how a caller is known is read and told in words",
        arguments: [
            ("none", AuthKind.none, "none"), ("bearer", .bearer, "bearer token"),
            ("basic", .basic, "user and password"), ("secret-url", .secretURL, "secret URL"),
            ("oauth2", .oauth2(token: nil), "OAuth 2.0"),
            (
                "{ oauth2: { token: https://a.example/t } }",
                .oauth2(token: "https://a.example/t"), "OAuth 2.0, token from https://a.example/t"
            ),
            ("{ header: X-Key }", .header(["X-Key"]), "header X-Key"),
            ("{ header: [X-A, X-B] }", .header(["X-A", "X-B"]), "header X-A, X-B"),
            ("{ query: [id, secret] }", .query(["id", "secret"]), "query id, secret"),
            ("{ body: key }", .body(["key"]), "body key"),
        ]
    )
    func auth(text: String, kind: AuthKind, words: String) throws {
        let profile = try wholeProfile("base: https://api.example.com\nauth: \(text)")
        #expect(profile.auth == kind)
        #expect(profile.authInWords == words)
    }

    @Test(
        "where a repeated call says so is read",
        arguments: [
            ("{ query: requestid }", Idempotency.Place.query("requestid"), "query requestid"),
            ("{ body: requestId }", .body("requestId"), "body requestId"),
        ]
    )
    func idempotency(text: String, place: Idempotency.Place, words: String) throws {
        let profile = try profile("idempotency: \(text)")
        #expect(profile.idempotency?.place == place)
        #expect(profile.idempotency?.kept == nil)
        #expect(profile.idempotencyInWords == words)
    }
}

/// `60/1m` and `1m`, as a call's line has them in `ratelimit`.
@Suite("the notation of limits")
struct NotationTests {
    @Test(
        "a window has one notation and any number of spellings",
        arguments: [
            ("1s", 1, "1s"), ("10s", 10, "10s"), ("60s", 60, "1m"), ("90s", 90, "90s"),
            ("15m", 900, "15m"), ("60m", 3600, "1h"), ("24h", 86_400, "1d"),
            ("30d", 2_592_000, "30d"), ("366d", 31_622_400, "366d"),
        ]
    )
    func window(text: String, seconds: Int, notation: String) throws {
        let window = try #require(WindowLength(text))
        #expect(window.seconds == seconds)
        #expect(window.description == notation)
        #expect(WindowLength(notation) == window)
    }

    @Test(
        "what is no window is none",
        arguments: [
            "", "s", "1", "0s", "01s", "-1s", "+1s", "1S", "1w", "1.5m", "1 m", "367d", "1ms",
            "99999999999999999999d", "184467440737095516d", "１s",
        ]
    )
    func noWindow(text: String) {
        #expect(WindowLength(text) == nil)
    }

    @Test("a rate is printed as it is read", arguments: ["60/1m", "1/1s", "4294967295/366d"])
    func rate(text: String) throws {
        #expect(try #require(Rate(text)).description == text)
    }

    @Test(
        "what is no rate is none",
        arguments: [
            "", "60", "/", "60/", "/1m", "60/1m/1", "0/1m", "060/1m", "-1/1m", "+1/1m",
            "4294967296/1m", "18446744073709551616/1m", "60/1m@80", " 60/1m",
        ]
    )
    func noRate(text: String) {
        #expect(Rate(text) == nil)
    }
}

/// How long to stay away.
@Suite("waits")
struct RetryAfterTests {
    @Test(
        "a wait is read in each form",
        arguments: [
            ("seconds", "30", 30.0), ("seconds", "0", 0), ("seconds", "1.5", 1.5),
            ("decimal-seconds", "2.0", 2), ("decimal-seconds", "0.000001", 0.000001),
            ("minutes", "19", 1140), ("minutes", "0.5", 30), ("epoch", "1795168860", 60),
            ("epoch", "1795168000", 0), ("http-date", "Fri, 20 Nov 2026 10:01:00 GMT", 60),
            ("http-date", "Fri, 20 Nov 2026 09:59:00 GMT", 0), ("http-date", "7", 7),
            ("seconds", "Fri, 20 Nov 2026 10:01:00 GMT", 60),
        ]
    )
    func wait(form: String, value: String, seconds: Double) throws {
        let profile = try profile("retry_after: { header: a, as: \(form) }")
        let retryAfter = try #require(profile.retryAfter)
        #expect(retryAfter.wait(value, now: now) == .seconds(seconds))
    }

    @Test(
        "a wait that cannot be believed is none",
        arguments: [
            ("seconds", "-1"), ("seconds", "31622401"), ("minutes", "527041"), ("epoch", "60"),
            ("http-date", "tomorrow"), ("http-date", "Fri, 20 Nov 2026 10:01:00 CET"),
            ("seconds", ""),
        ]
    )
    func noWait(form: String, value: String) throws {
        let profile = try profile("retry_after: { header: a, as: \(form) }")
        let retryAfter = try #require(profile.retryAfter)
        #expect(retryAfter.wait(value, now: now) == nil)
    }

    @Test("a wait is heeded where a call was refused or a service failed, and nowhere else")
    func heeded() throws {
        let profile = try profile("limited: [420]\nretry_after: { header: a }")
        #expect(profile.answer(200, "a: 5").lines == [])
        #expect(profile.answer(404, "a: 5").lines == [])
        #expect(profile.answer(420, "a: 5").lines == ["limited", "retry at +5s"])
        #expect(profile.answer(503, "a: 5").lines == ["retry at +5s"])
    }

    @Test("where nothing is said, the last reset of what is used up is waited for")
    func lastReset() throws {
        let profile = try profile(
            """
            readings:
              - { window: 1m, remaining: a, reset: b, as: seconds }
              - { window: 1h, remaining: c, reset: d, as: seconds }
              - { window: 1d, remaining: e, reset: f, as: seconds }
            """
        )
        let report = profile.answer(429, "a: 0\nb: 50\nc: 0\nd: 900\ne: 1\nf: 7000")
        #expect(report.retryAt.map(offset) == "+900s")
        #expect(report.problem == "1m")
    }

    @Test("at the ends of time nothing overflows")
    func ends() throws {
        let profile = try profile("retry_after: { header: a, as: seconds }")
        let retryAfter = try #require(profile.retryAfter)
        #expect(retryAfter.wait("60", now: .max) == .zero)
        #expect(retryAfter.wait("60", now: .min) == .seconds(60))
    }
}
