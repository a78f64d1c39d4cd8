import Bytes
import Digest
import Testing
import Webhooks

@Suite("signatures with published keys")
struct ShipStationTests {
    static let accepted = "accepted by key one as rsa-sha256"
    static let time = "2026-02-01T10:00:00Z"
    static let names = (
        signature: "x-shipengine-rsa-sha256-signature",
        time: "x-shipengine-timestamp",
        keyID: "x-shipengine-rsa-sha256-key-id"
    )
    static let body =
        #"{"resource_url":"https://api.example.com/v2/tracking?n=1","resource_type":"API_TRACK","#
        + #""data":{"tracking_number":"9400111298370264401222","status_code":"DE"}}"#

    static func source(_ keys: String? = "set") throws -> Source {
        let key = try Trial.key.get()
        let other = try Trial.other.get()
        return try Trial.source(
            "shop: { provider: shipstation-v2" + (keys.map { ", keys: \($0)" } ?? "") + " }",
            [
                "set": try Trial.jwks([
                    Trial.jwk(other, ["kid": "two"]), Trial.jwk(key, ["kid": "one"]),
                ]),
                "pem": try Trial.pem(key), "other": try Trial.pem(other),
                "both": try Trial.pem(other) + Trial.pem(key),
            ]
        )
    }

    static func request(
        keyID: String? = "one",
        time: String = time,
        body: String = body,
        key: RSASigningKey? = nil
    ) throws -> InboundRequest {
        let message = Array("\(time).\(body)".utf8)
        let signature = try (key ?? Trial.key.get()).sign(message.span)
        var request = InboundRequest(
            method: "POST",
            target: "/hooks/shop",
            headers: [
                ("Content-Type", "application/json"), (names.time, time),
                (names.signature, Base64.encode(signature.span)),
            ],
            body: Array(body.utf8)
        )
        if let keyID { request.headers.append((names.keyID, keyID)) }
        return request
    }

    static func set(_ name: String, _ value: String, _ request: inout InboundRequest) {
        request.headers.removeAll { $0.name == name }
        request.headers.append((name, value))
    }

    @Test("a signature by the named key is accepted, whichever form its pin has")
    func pinned() throws {
        let request = try Self.request()
        for (keys, by) in [
            ("set", "key one"), ("pem", "key 1"), ("both", "key 2"), ("[other, pem]", "key 2"),
            ("[set, pem]", "key one"),
        ] {
            let verdict = Trial.judge(request, try Self.source(keys))
            #expect(verdict == "accepted by \(by) as rsa-sha256")
        }
    }

    @Test("a key that is not the named one does not count, though it is the provider's, too")
    func otherKey() throws {
        let source = try Self.source()
        let misnamed = try Self.request(keyID: "two")
        #expect(
            Trial.judge(misnamed, source)
                == "401 signature-mismatch: the signature does not fit pinned key two"
        )
        let stranger = try Self.request(key: Trial.other.get())
        #expect(
            Trial.judge(stranger, source)
                == "401 signature-mismatch: the signature does not fit pinned key one"
        )
        #expect(
            Trial.judge(try Self.request(keyID: "three"), source)
                == "401 unknown-key: kid three is not among the 2 pinned keys"
        )
        #expect(
            Trial.judge(try Self.request(), try Self.source("other"))
                == "401 signature-mismatch: the signature does not fit pinned key 1"
        )
        #expect(
            Trial.judge(try Self.request(), try Self.source("[other, other]"))
                == "401 signature-mismatch: the signature does not fit any of 2 pinned keys"
        )
    }

    @Test("an id that is no plain text is not shown", arguments: ["\u{7}", "a b", "κλειδί"])
    func shown(keyID: String) throws {
        for id in [keyID, String(repeating: "k", count: 129)] {
            #expect(
                Trial.judge(try Self.request(keyID: id), try Self.source())
                    == "401 unknown-key: kid that is no short plain text "
                    + "is not among the 2 pinned keys"
            )
        }
    }

    @Test("what is missing is refused")
    func missing() throws {
        let source = try Self.source()
        for name in [Self.names.signature, Self.names.time, Self.names.keyID] {
            var request = try Self.request()
            request.headers.removeAll { $0.name == name }
            #expect(
                Trial.judge(request, source) == "401 missing-header: header \(name) is missing"
            )
            request = try Self.request()
            let doubled = try #require(request.headers.first { $0.name == name })
            request.headers.append(doubled)
            #expect(
                Trial.judge(request, source) == "401 doubled-header: header \(name) appears twice"
            )
        }
    }

    @Test(
        "a signature that is not base64 is refused before any key is asked for",
        arguments: ["", "*", "AAA", "A A=", "-_-_", "AAAA,AAAA"]
    )
    func malformed(text: String) throws {
        var request = try Self.request()
        Self.set(Self.names.signature, text, &request)
        for source in [try Self.source(), try Self.source(nil)] {
            let verdict = Trial.judge(request, source)
            // An empty text is base64 of no bytes, which no key signs with.
            #expect(
                verdict.hasPrefix("401 malformed-signature: the signature is not base64")
                    || text.isEmpty
            )
            #expect(!verdict.hasPrefix("accepted"))
        }
    }

    @Test("each bit of signature, time and body counts")
    func flipped() throws {
        let source = try Self.source()
        let request = try Self.request()
        #expect(Trial.judge(request, source) == Self.accepted)
        let text = try #require(request.headers.first { $0.name == Self.names.signature }?.value)
        let signature = try Trial.bytes(text)
        for bit in stride(from: 0, to: signature.count * 8, by: 17) {
            var spoiled = signature
            spoiled[bit / 8] ^= 1 << UInt8(bit % 8)
            var request = request
            Self.set(Self.names.signature, Base64.encode(spoiled.span), &request)
            #expect(Trial.judge(request, source).hasPrefix("401 signature-mismatch"), "bit \(bit)")
        }
        for bit in stride(from: 0, to: request.body.count * 8, by: 31) {
            var request = request
            request.body[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(Trial.judge(request, source).hasPrefix("401 signature-mismatch"), "bit \(bit)")
        }
        for time in ["2026-02-01T10:00:01Z", "2026-02-01T10:00:00.0Z", "2026-02-01T10:00:00+00:00"]
        {
            var request = request
            Self.set(Self.names.time, time, &request)
            #expect(Trial.judge(request, source).hasPrefix("401 signature-mismatch"), "\(time)")
        }
    }

    @Test("the signed time counts for five minutes, on either side")
    func tolerance() throws {
        let source = try Self.source()
        let request = try Self.request()
        let signed = Trial.now - 30
        for seconds in [-300, -1, 0, 1, 300] {
            #expect(Trial.judge(request, source, at: signed + seconds) == Self.accepted)
        }
        #expect(Trial.judge(request, source, at: signed + 301).hasPrefix("401 timestamp-too-old: "))
        #expect(Trial.judge(request, source, at: signed - 301).hasPrefix("401 timestamp-too-new: "))
        for time in ["", "now", "1769940000", "2026-02-01"] {
            let verdict = Trial.judge(try Self.request(time: time), source)
            #expect(verdict.hasPrefix("401 malformed-timestamp: "), "\(time)")
        }
    }
}
