import Bytes
import Digest
import Testing
import Webhooks

@Suite("the form of tokens")
struct TokenFormTests {
    private func judge(header: String, claims: String = PubSub.claims()) throws -> String {
        try PubSub.judge(try PubSub.token(claims, header: header))
    }

    @Test(
        "no algorithm but RS256 is taken, however the token is signed",
        arguments: [
            ("\"none\"", "none"), ("\"None\"", "None"), ("\"HS256\"", "HS256"),
            ("\"rs256\"", "rs256"), ("\"RS384\"", "RS384"), ("\"PS256\"", "PS256"),
            ("\"ES256\"", "ES256"), ("\"RS256 \"", nil), ("\"RS256\\u0000\"", nil), ("\"\"", nil),
            ("null", nil), ("256", nil), ("[\"RS256\"]", nil), ("{}", nil),
        ] as [(String, String?)]
    )
    func algorithm(value: String, name: String?) throws {
        let header = "{\"alg\":\(value),\"kid\":\"one\",\"typ\":\"JWT\"}"
        let shown = name ?? "that is no short plain text"
        #expect(try judge(header: header) == "401 unknown-algorithm: alg \(shown), expected RS256")
    }

    @Test("a header without an algorithm is refused")
    func noAlgorithm() throws {
        for header in ["{}", "{\"kid\":\"one\"}", "{\"ALG\":\"RS256\"}"] {
            #expect(
                try judge(header: header) == "401 unknown-algorithm: alg is missing, expected RS256"
            )
        }
    }

    @Test("an unsigned token is refused in every form")
    func unsigned() throws {
        let header = PubSub.part("{\"alg\":\"none\"}")
        let claims = PubSub.part(PubSub.claims())
        for token in ["\(header).\(claims).", "\(header).\(claims)", "\(header).\(claims).AA"] {
            #expect(try PubSub.judge(token).hasPrefix("401 "))
        }
        let signed = try PubSub.token().split(separator: ".")
        #expect(
            try PubSub.judge("\(signed[0]).\(signed[1]).")
                == "401 malformed-token: token's signature is not base64url without padding"
        )
    }

    @Test("the public key is no shared secret", arguments: ["HS256", "RS256"])
    func confusion(algorithm: String) throws {
        let secret = try Trial.key.get().publicPEM
        let header = "{\"alg\":\"\(algorithm)\",\"kid\":\"one\",\"typ\":\"JWT\"}"
        let signed = "\(PubSub.part(header)).\(PubSub.part(PubSub.claims()))"
        var code = HMACKey(.sha256, key: secret.span).start()
        code.update(signed.utf8Span.span)
        let signature = code.finish()
        let verdict = try PubSub.judge("\(signed).\(Base64.encodeURL(signature.span))")
        #expect(
            verdict
                == (algorithm == "HS256"
                    ? "401 unknown-algorithm: alg HS256, expected RS256"
                    : "401 signature-mismatch: the signature does not fit pinned key one")
        )
    }

    @Test("a key that the token brings along is not looked at")
    func ownKey() throws {
        let attacker = try Trial.other.get()
        let numbers = try attacker.publicKey.numbers
        let n = Base64.encodeURL(numbers.modulus.span)
        for header in [
            "{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"\(n)\"}}",
            "{\"alg\":\"RS256\",\"kid\":\"one\",\"jku\":\"https://evil.example/jwks\"}",
            "{\"alg\":\"RS256\",\"kid\":\"one\",\"x5u\":\"https://evil.example/x5u\"}",
        ] {
            let token = try PubSub.token(header: header, key: attacker)
            let verdict = try PubSub.judge(token)
            #expect(verdict == "401 signature-mismatch: the signature does not fit pinned key one")
            #expect(try judge(header: header) == PubSub.accepted)
        }
    }

    @Test(
        "a member that appears twice is refused, in header and claims",
        arguments: [
            (#"{"alg":"RS256","alg":"none","kid":"one"}"#, nil),
            (#"{"alg":"none","alg":"RS256","kid":"one"}"#, nil),
            (#"{"alg":"none","\u0061lg":"RS256","kid":"one"}"#, nil),
            (#"{"alg":"RS256","kid":"one","kid":"two"}"#, nil),
            (#"{"alg":"RS256","kid":"one","x":{"a":1,"a":1}}"#, nil),
            (nil, #"{"aud":"https://other.example","#), (nil, #"{"\u0061ud":"x","#),
            (nil, #"{"x":[{"a":1,"a":2}],"#), (nil, #"{"exp":1,"#),
        ] as [(String?, String?)]
    )
    func repeated(header: String?, prefix: String?) throws {
        let good = PubSub.claims()
        let claims = prefix.map { $0 + good.dropFirst() } ?? good
        let verdict = try judge(header: header ?? PubSub.header, claims: claims)
        let part = header == nil ? "claims" : "header"
        #expect(verdict.hasPrefix("401 malformed-token: token's \(part): "))
    }

    @Test("members that must be understood are refused, for none are")
    func critical() throws {
        for value in ["[\"b64\"]", "[\"exp\"]", "[]", "null", "7"] {
            let header = "{\"alg\":\"RS256\",\"b64\":true,\"kid\":\"one\",\"crit\":\(value)}"
            let expected = "401 malformed-token: token's header has crit, expected none"
            #expect(try judge(header: header) == expected)
        }
    }

    @Test("tokens of another type are refused")
    func type() throws {
        for value in ["\"jwt\"", "\"JWT\"", "\"Jwt\""] {
            let header = "{\"alg\":\"RS256\",\"kid\":\"one\",\"typ\":\(value)}"
            #expect(try judge(header: header) == PubSub.accepted)
        }
        #expect(try judge(header: "{\"alg\":\"RS256\",\"kid\":\"one\"}") == PubSub.accepted)
        for (value, shown) in [
            ("\"at+jwt\"", "at+jwt"), ("\"JOSE\"", "JOSE"), ("7", "that is no short plain text"),
        ] {
            let header = "{\"alg\":\"RS256\",\"kid\":\"one\",\"typ\":\(value)}"
            let expected = "401 malformed-token: typ \(shown), expected JWT"
            #expect(try judge(header: header) == expected)
        }
    }

    @Test(
        "a key's id is a text of reasonable length",
        arguments: ["7", "null", "[\"one\"]", "\"\"", "\"\(String(repeating: "k", count: 257))\""]
    )
    func keyID(value: String) throws {
        let header = "{\"alg\":\"RS256\",\"kid\":\(value)}"
        #expect(
            try judge(header: header)
                == "401 malformed-token: kid is no text of 1 to 256 bytes"
        )
    }

    @Test(
        "what is no object of JSON is refused",
        arguments: [
            "", " ", "7", "null", "\"RS256\"", "[]", "[{\"alg\":\"RS256\"}]", "{", "{}{}",
            "{'alg':'RS256'}", "{\"alg\":\"RS256\",}", "\u{feff}{\"alg\":\"RS256\"}",
            String(repeating: "{\"a\":", count: 20) + "1" + String(repeating: "}", count: 20),
        ]
    )
    func notAnObject(text: String) throws {
        #expect(try judge(header: text).hasPrefix("401 malformed-token: token's header"))
        let verdict = try judge(header: PubSub.header, claims: text)
        #expect(verdict.hasPrefix("401 malformed-token: token's claims"))
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() throws {
        let bytes = Array(#"{"alg":"RS256","kid":""#.utf8) + [0xff] + Array(#""}"#.utf8)
        let token = "\(Base64.encodeURL(bytes.span)).e30.AAAA"
        #expect(try PubSub.judge(token).hasPrefix("401 malformed-token: token's header: "))
    }

    @Test("each part is base64url in its one form: no padding, no space, no stray bits")
    func parts() throws {
        let parts = try PubSub.token().split(separator: ".").map { String($0) }
        for (index, name) in ["header", "claims", "signature"].enumerated() {
            let part = parts[index]
            let last = part.index(before: part.endIndex)
            // The last character of a part that is no multiple of three has bits to spare.
            var spoiled = [
                "\(part)=", "\(part)==", "\(part) ", " \(part)", "\(part)\n", "\(part)A=", "",
                "\(part)+", "é\(part)", part.replacingCharacters(at: last, by: "/"),
            ]
            if part.utf8.count % 4 != 0 {
                let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
                spoiled += letters.filter { $0 != part[last] }.prefix(15).map {
                    part.replacingCharacters(at: last, by: $0)
                }
            }
            for other in spoiled {
                var all = parts
                all[index] = other
                let verdict = try PubSub.judge(all.joined(separator: "."))
                #expect(verdict.hasPrefix("401 "), "\(name) \(other)")
                #expect(
                    verdict.hasPrefix("401 malformed-token: ")
                        || verdict.hasPrefix("401 signature-mismatch: ")
                )
            }
        }
    }

    @Test("a token has three parts")
    func dots() throws {
        let token = try PubSub.token()
        for (text, count) in [
            ("x", 1), (".", 2), ("x.y", 2), ("\(token).", 4), (".\(token)", 4), ("....", 5),
            (token.split(separator: ".").joined(separator: ".."), 5),
        ] {
            #expect(
                try PubSub.judge(text) == "401 malformed-token: "
                    + "token has \(count) parts, expected header, claims and signature"
            )
        }
        #expect(try PubSub.judge("..").hasPrefix("401 malformed-token: token's header"))
    }

    @Test("a token of 8192 bytes is read, a longer one is not")
    func size() throws {
        func token(padding: Int) throws -> String {
            let padding = String(repeating: "p", count: padding)
            return try PubSub.token(PubSub.claims(["p": "\"\(padding)\""]))
        }
        let base = try token(padding: 0).utf8.count
        let fitting = try (0..<3).map { try token(padding: (8192 - base) / 4 * 3 + $0) }
            .filter { $0.utf8.count <= 8192 }.max { $0.utf8.count < $1.utf8.count }
        #expect(try fitting.map { try PubSub.judge($0) } == PubSub.accepted)
        for padding in [(8192 - base) / 4 * 3 + 9, 1 << 20] {
            let long = try token(padding: padding)
            #expect(
                try PubSub.judge(long) == "401 malformed-token: "
                    + "token has \(long.utf8.count) bytes, expected at most 8192"
            )
        }
        let dots = String(repeating: ".", count: 1 << 20)
        #expect(try PubSub.judge(dots).hasSuffix("bytes, expected at most 8192"))
    }

    @Test("the token stands after Bearer, in either case, in one header")
    func header() throws {
        let source = try PubSub.source()
        let token = try PubSub.token()
        for prefix in ["Bearer ", "bearer ", "BEARER "] {
            #expect(Trial.judge(PubSub.request(token, prefix: prefix), source) == PubSub.accepted)
        }
        let missing = "401 missing-token: header authorization has no token after \"Bearer \""
        for request in [
            PubSub.request(token, prefix: ""), PubSub.request(token, prefix: "Basic "),
            PubSub.request(token, prefix: "Bearer"), PubSub.request(token, prefix: " Bearer "),
            PubSub.request(""), PubSub.request("", prefix: ""), PubSub.request("", prefix: "é"),
        ] {
            #expect(Trial.judge(request, source) == missing)
        }
        var request = PubSub.request(token)
        request.headers.append(("authorization", "Bearer \(token)"))
        #expect(
            Trial.judge(request, source) == "401 doubled-header: header authorization appears twice"
        )
        request.headers.removeAll { $0.name.lowercased() == "authorization" }
        #expect(
            Trial.judge(request, source) == "401 missing-header: header authorization is missing"
        )
    }

    @Test("no refusal has the token in it")
    func secrecy() throws {
        let token = try PubSub.token(PubSub.claims(["aud": "\"x\""]))
        let parts = token.split(separator: ".")
        for text in [token, "\(token).", "\(parts[0]).\(parts[1]).AAAA", "\(parts[1]).\(token)"] {
            let verdict = try PubSub.judge(text)
            #expect(verdict.hasPrefix("401 "))
            for part in parts { #expect(!verdict.contains(part.prefix(12))) }
        }
    }
}

extension String {
    func replacingCharacters(at index: Index, by character: Character) -> String {
        self[..<index] + String(character) + self[self.index(after: index)...]
    }
}
