import Bytes
import Digest
import Testing
import Webhooks

@Suite("keys that providers publish")
struct KeyRotationTests {
    static let needs = "needs the keys at \(PubSub.keysURL)"

    /// Keys by id as fetched so many seconds ago, and tried again so many ago.
    private func fetched(
        _ ids: [String?] = ["zero", "one"],
        _ age: Int = 0,
        tried: Int? = nil
    ) throws -> FetchedTrust {
        let keys = try ids.map { id in
            WebKey(
                id: id,
                key: (id == "zero" ? try Trial.other.get() : try Trial.key.get()).publicKey
            )
        }
        var fetched = FetchedKeys(keys, at: Trial.moment(Trial.now - age))
        fetched.triedAt = Trial.moment(Trial.now - (tried ?? age))
        return FetchedTrust(keys: [PubSub.keysURL: fetched])
    }

    private func judge(
        _ fetched: FetchedTrust,
        kid: String? = "one",
        key: RSASigningKey? = nil
    ) throws -> String {
        let header = kid.map { #"{"alg":"RS256","kid":"\#($0)"}"# } ?? #"{"alg":"RS256"}"#
        let token = try PubSub.token(header: header, key: key)
        return try PubSub.judge(token, PubSub.source(keys: nil), fetched: fetched)
    }

    @Test("keys that are not pinned are asked for at the catalog's URL")
    func needed() throws {
        #expect(try judge(FetchedTrust()) == Self.needs)
        let elsewhere = FetchedTrust(keys: [
            "https://evil.example/": try #require(fetched().keys[PubSub.keysURL])
        ])
        #expect(try judge(elsewhere) == Self.needs)
        let request = try ShipStationTests.request()
        #expect(
            Trial.judge(request, try ShipStationTests.source(nil))
                == "needs the keys at https://api.shipengine.com/jwks"
        )
    }

    @Test("the key that is named among the fetched ones verifies")
    func named() throws {
        #expect(try judge(try fetched()) == PubSub.accepted)
        #expect(
            try judge(try fetched(), kid: "zero")
                == "401 signature-mismatch: the signature does not fit published key zero"
        )
    }

    @Test("without an id all are tried")
    func nameless() throws {
        #expect(try judge(try fetched(), kid: nil) == PubSub.accepted)
        #expect(
            try judge(try fetched([nil, "zero"])) == "accepted by key 1 as oidc, body unsigned"
        )
        let stranger = try RSASigningKey.generate()
        let mismatch = "401 signature-mismatch: the signature does not fit any of 2 published keys"
        #expect(try judge(try fetched(), kid: nil, key: stranger) == mismatch)
    }

    @Test("a key that is not there is asked for unless the keys are less than a minute old")
    func unknown() throws {
        let refusal = "401 unknown-key: kid two is not among the 2 published keys"
        #expect(try judge(try fetched(), kid: "two") == refusal)
        #expect(try judge(try fetched(["zero", "one"], 59), kid: "two") == refusal)
        #expect(try judge(try fetched(["zero", "one"], 60), kid: "two") == Self.needs)
        // Tried just now and failed: whether there is such a key, nobody can tell.
        #expect(try judge(try fetched(["zero", "one"], 60, tried: 1), kid: "two") == Self.needs)
        // The key that is named is here, so new keys would change nothing.
        #expect(try judge(try fetched(["zero", "one"], 3599)) == PubSub.accepted)
        let mismatch = try judge(try fetched(["zero", "one"], 3599), kid: "zero")
        #expect(mismatch.hasPrefix("401 signature-mismatch: "))
        // A key without an id may be the one that is named, or not.
        let stranger = try RSASigningKey.generate()
        #expect(try judge(try fetched([nil], 60), kid: "two", key: stranger) == Self.needs)
        #expect(try judge(try fetched([nil], 60), kid: nil, key: stranger) == Self.needs)
        #expect(
            try judge(try fetched([nil], 59), kid: "two", key: stranger)
                == "401 signature-mismatch: the signature does not fit published key 1"
        )
    }

    @Test("keys are renewed after an hour; while that fails they serve until they are a day old")
    func age() throws {
        let ids = ["zero", "one"]
        #expect(try judge(try fetched(ids, 3599)) == PubSub.accepted)
        #expect(try judge(try fetched(ids, 3600)) == Self.needs)
        #expect(try judge(try fetched(ids, 3600, tried: 59)) == PubSub.accepted)
        #expect(try judge(try fetched(ids, 3600, tried: 60)) == Self.needs)
        #expect(try judge(try fetched(ids, 86_399, tried: 0)) == PubSub.accepted)
        #expect(try judge(try fetched(ids, 86_400, tried: 0)) == Self.needs)
    }

    @Test("a clock that was set back makes keys old, not young")
    func clock() throws {
        #expect(try judge(try fetched(["zero", "one"], -1)) == Self.needs)
    }

    @Test("pinned keys never need others, nor do others count beside them")
    func pinned() throws {
        let fetched = try fetched()
        #expect(
            try PubSub.judge(try PubSub.token(), PubSub.source(keys: "other"), fetched: fetched)
                == "401 signature-mismatch: the signature does not fit pinned key 1"
        )
        let header = #"{"alg":"RS256","kid":"two"}"#
        #expect(
            try PubSub.judge(try PubSub.token(header: header), fetched: fetched)
                == "401 unknown-key: kid two is not among the 1 pinned key"
        )
        let token = try PubSub.token()
        let pem = try PubSub.judge(token, PubSub.source(keys: "[other, pem]"))
        #expect(pem == "accepted by key 2 as oidc, body unsigned")
    }

    @Test("what is malformed is refused before keys are asked for")
    func before() throws {
        let source = try PubSub.source(keys: nil)
        for token in ["x.y", "\(try PubSub.token())=", try PubSub.token(header: "{}")] {
            #expect(try PubSub.judge(token, source).hasPrefix("401 "))
        }
    }
}
