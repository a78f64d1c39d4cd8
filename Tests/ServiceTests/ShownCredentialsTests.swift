import Service
import Testing

@Suite struct ShownCredentialsTests {
    @Test(
        "what may be a token is found wherever programs can put one",
        arguments: [
            ("Bearer abc", nil, ["abc"]), ("bearer  abc", nil, ["abc"]),
            ("BEARER abc", nil, ["abc"]),
            // user:abc, abc:, and :abc.
            ("Basic dXNlcjphYmM=", nil, ["user", "abc"]), ("basic YWJjOg==", nil, ["abc"]),
            ("Basic OmFiYw==", nil, ["abc"]), ("Basic OmFiYw", nil, ["abc"]),
            (nil, "abc", ["abc"]), ("Bearer other", "abc", ["abc"]),
            ("Basic dXNlcjphOmI=", nil, ["user", "a:b"]),
        ] as [(String?, String?, [String])]
    )
    func found(authorization: String?, token: String?, expected: [String]) {
        let shown = ShownCredentials(authorization: authorization, token: token)
        #expect(shown.candidates == expected)
    }

    @Test(
        "everything else shows nothing",
        arguments: [
            (nil, nil), ("", nil), ("Bearer", nil), ("Bearer ", nil), ("abc", nil),
            ("Digest abc", nil), ("Basic abc:def", nil), ("Basic dXNlcg==", nil),
            ("Basic !!!!", nil), ("Basic Og==", nil), ("Basic /zo=", nil),
            // An own header that is there but empty is no reason to look at the other.
            ("Bearer abc", ""),
            ("Bearer " + String(repeating: "a", count: 5000), nil),
            ("Bearer abc", String(repeating: "a", count: 5000)),
        ] as [(String?, String?)]
    )
    func nothing(authorization: String?, token: String?) {
        #expect(ShownCredentials(authorization: authorization, token: token).candidates == [])
    }

    @Test("what was shown is not printed")
    func redaction() {
        let shown = ShownCredentials(authorization: "Bearer xyzzy", token: nil)
        var dumped = ""
        dump(shown, to: &dumped)
        #expect(!"\(shown) \(dumped) \([shown])".contains("xyzzy"))
    }
}
