import Testing

/// A claim in place of a good token's, and what comes of it.
struct ClaimCase: Sendable, CustomTestStringConvertible {
    let changes: [String: String?]
    let expected: String
    var testDescription: String { "\(changes)" }

    init(_ name: String, _ value: String?, _ expected: String = PubSub.accepted) {
        self.init([name: value], expected)
    }

    init(_ changes: [String: String?], _ expected: String = PubSub.accepted) {
        self.changes = changes
        self.expected = expected
    }
}

@Suite("what tokens claim")
struct TokenClaimsTests {
    static let now = Trial.now

    private func judge(_ claim: ClaimCase) throws -> String {
        try PubSub.judge(try PubSub.token(PubSub.claims(claim.changes)))
    }

    static let times: [ClaimCase] = [
        ClaimCase([:]),
        ClaimCase(["iat": "\(now - 3629)", "exp": "\(now - 29)"]),
        ClaimCase(
            ["iat": "\(now - 3630)", "exp": "\(now - 30)"],
            "401 timestamp-too-old: token expired 30 s ago"
        ),
        ClaimCase(
            ["iat": "\(now - 3661)", "exp": "\(now - 61)"],
            "401 timestamp-too-old: token expired 61 s ago"
        ),
        ClaimCase(["iat": "\(now - 100).75", "exp": "\(now - 29).5"]),
        ClaimCase("exp", "1.76994363e9"),
        ClaimCase("iat", "\(now + 30)"),
        ClaimCase(
            "iat",
            "\(now + 31)",
            "401 timestamp-too-new: token was issued 31 s ahead, at most 30 s are accepted"
        ),
        ClaimCase(
            "iat",
            "\(now + 30).001",
            "401 timestamp-too-new: token was issued 31 s ahead, at most 30 s are accepted"
        ),
        ClaimCase("nbf", "\(now + 30)"),
        ClaimCase("nbf", "\(now - 86_400 * 365)"),
        ClaimCase(
            "nbf",
            "\(now + 31)",
            "401 timestamp-too-new: token is valid from 31 s ahead, at most 30 s are accepted"
        ),
        ClaimCase("exp", "\(now + 86_400)"),
        ClaimCase(
            "exp",
            "\(now + 86_401)",
            "401 malformed-token: token lives 86401 s, at most 86400 s are accepted"
        ),
        ClaimCase("exp", "\(now)", "401 malformed-token: token expires before it was issued"),
        ClaimCase(
            ["iat": "\(now + 20)", "exp": "\(now + 10)"],
            "401 malformed-token: token expires before it was issued"
        ),
    ]

    @Test("times count with a leeway of 30 seconds, and for a day at most", arguments: times)
    func time(claim: ClaimCase) throws {
        #expect(try judge(claim) == claim.expected)
    }

    @Test("a token without its times is refused", arguments: ["exp", "iat"])
    func missing(name: String) throws {
        let expected = "401 malformed-token: token has no iat or no exp, expected both"
        #expect(try judge(ClaimCase(name, nil)) == expected)
    }

    @Test(
        "what is no time is refused",
        arguments: ["exp", "iat", "nbf"],
        [
            "null", "true", "\"1769943600\"", "[1769943600]", "{}", "1e300", "-1e300", "1e11",
            "9223372036854775807", "-9223372036854775808", "18446744073709551615", "253402300800",
        ]
    )
    func notATime(name: String, value: String) throws {
        let expected = "401 malformed-token: token's \(name) is not a time in unix seconds"
        #expect(try judge(ClaimCase(name, value)) == expected)
    }

    static let wrongAudience = "401 wrong-token: token's audience is "
    static let audiences: [ClaimCase] =
        [
            ClaimCase("aud", "[\"\(PubSub.audience)\"]"),
            ClaimCase("aud", "[\"https://other.example\",\"\(PubSub.audience)\"]"),
            ClaimCase(
                "aud",
                "\"https://other.example\"",
                "\(wrongAudience)https://other.example, expected \(PubSub.audience)"
            ),
            ClaimCase(
                "aud",
                "[\"https://other.example\",\"b\",\"c\",\"d\"]",
                "\(wrongAudience)https://other.example, b, c, expected \(PubSub.audience)"
            ),
            ClaimCase("aud", nil, "\(wrongAudience)missing, expected \(PubSub.audience)"),
            ClaimCase("aud", "[]", "\(wrongAudience)missing, expected \(PubSub.audience)"),
            ClaimCase(
                "aud",
                "\"\(PubSub.audience)/\"",
                "\(wrongAudience)\(PubSub.audience)/, expected \(PubSub.audience)"
            ),
            ClaimCase(
                "aud",
                "\"\\u0000\"",
                "\(wrongAudience)that is no short plain text, expected \(PubSub.audience)"
            ),
        ]
        + ["null", "7", "{}", "[\"\(PubSub.audience)\",7]", "[[\"\(PubSub.audience)\"]]"].map {
            ClaimCase(
                "aud",
                $0,
                "401 malformed-token: token's aud is neither a text nor a list of texts"
            )
        }

    @Test("the audience is the source's, alone or in a list", arguments: audiences)
    func audience(claim: ClaimCase) throws {
        #expect(try judge(claim) == claim.expected)
    }

    @Test("the issuer is one of the provider's")
    func issuer() throws {
        #expect(try judge(ClaimCase("iss", "\"accounts.google.com\"")) == PubSub.accepted)
        for (value, shown) in [
            ("\"https://evil.example\"", "https://evil.example"),
            ("\"https://accounts.google.com/\"", "https://accounts.google.com/"),
            ("\"HTTPS://accounts.google.com\"", "HTTPS://accounts.google.com"),
            ("[\"https://accounts.google.com\"]", "that is no short plain text"),
            (nil, "that is no short plain text"),
        ] {
            #expect(
                try judge(ClaimCase("iss", value))
                    == "401 wrong-token: token's issuer is \(shown), "
                    + "expected https://accounts.google.com or accounts.google.com"
            )
        }
    }

    @Test("the account is the source's, and the issuer vouches for its address")
    func email() throws {
        for (value, shown) in [
            ("\"attacker@evil.iam.gserviceaccount.com\"", "attacker@evil.iam.gserviceaccount.com"),
            ("\"\(PubSub.email.uppercased())\"", PubSub.email.uppercased()),
            ("[\"\(PubSub.email)\"]", "missing"), (nil, "missing"), ("null", "missing"),
        ] {
            #expect(
                try judge(ClaimCase("email", value))
                    == "401 wrong-token: token's email is \(shown), expected \(PubSub.email)"
            )
        }
        for value in ["false", "\"true\"", "1", "null", nil] {
            #expect(
                try judge(ClaimCase("email_verified", value))
                    == "401 wrong-token: token's email is not verified by its issuer"
            )
        }
    }

    @Test("claims are not told before the signature fits")
    func unsigned() throws {
        let claims = PubSub.claims(["aud": "\"https://other.example\"", "exp": "1"])
        let token = try PubSub.token(claims, key: Trial.other.get())
        let expected = "401 signature-mismatch: the signature does not fit pinned key one"
        #expect(try PubSub.judge(token) == expected)
    }
}
