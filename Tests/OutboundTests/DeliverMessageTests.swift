import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Outbound
import Testing

/// What is sent of an event, and how it is signed.
@Suite struct DeliverMessageTests {
    @Test(
        "signatures are those of Standard Webhooks' own vectors",
        arguments: [
            (
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Int64(1_614_265_330), "{\"test\": 2432232314}",
                "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
            ),
            (
                "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
                1_649_367_553, "{\"email\":\"test@example.com\",\"username\":\"test_user\"}",
                "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
            ),
        ]
    )
    func golden(secret: String, id: String, seconds: Int64, body: String, expected: String) throws {
        let signer = try #require(DeliverySigner(secrets: [Array(secret.utf8)]))
        let bytes = Array(body.utf8)
        #expect(signer.signature(id: id, seconds: seconds, body: bytes.span) == expected)
    }

    @Test("while a secret is replaced each of both signs, the first one first")
    func rotation() throws {
        let secrets = [
            "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
            "whsec_bmV3LXNpZ25pbmctc2VjcmV0LTMyLWJ5dGVzLWxvbmc=",
        ]
        let signer = try #require(DeliverySigner(secrets: secrets.map { Array($0.utf8) }))
        let body = Array("{\"email\":\"test@example.com\",\"username\":\"test_user\"}".utf8)
        let signature = signer.signature(
            id: "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk",
            seconds: 1_649_367_553,
            body: body.span
        )
        #expect(
            signature
                == "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw= "
                + "v1,mmFGxpCbJL+jSEg3cqqIDzfI68H5Ppe5gPSc34EKBZE="
        )
    }

    @Test("raw bytes sign as they are")
    func raw() throws {
        let signer = try #require(DeliverySigner(secrets: [Array("hush".utf8)]))
        var code = HMACKey(.sha256, key: Array("hush".utf8).span).start()
        code.update(Array("id.7.body".utf8).span)
        let expected = code.finish()
        let body = Array("body".utf8)
        #expect(
            signer.signature(id: "id", seconds: 7, body: body.span)
                == "v1,\(Base64.encode(expected.span))"
        )
        #expect(DeliverySigner(secrets: []) == nil)
        #expect(DeliverySigner(secrets: [[]]) == nil)
    }

    @Test(
        "texts are percent-encoded for headers as the HTTP binding of CloudEvents has it",
        arguments: [
            ("evt_1", "evt_1"), ("Euro € 😀", "Euro%20%E2%82%AC%20%F0%9F%98%80"),
            ("a\r\nx-evil: 1", "a%0D%0Ax-evil:%201"), ("100%", "100%25"), ("\"q\"", "%22q%22"),
            ("\u{0}\u{1F}\u{7F}", "%00%1F%7F"), ("!#$&'()*+,-./:;<=>?@[\\]^_`{|}~", ""), ("", ""),
        ]
    )
    func encoding(text: String, expected: String) {
        let encoded = CloudEventsHeader.encode(text)
        #expect(encoded == (expected.isEmpty ? text : expected))
        #expect(encoded.removingPercentEncoding == text)
    }

    @Test("whatever a text holds, its header is visible ASCII and gives the text back")
    func hostile() {
        var chance = SeededChance(seed: 7)
        for _ in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...12, using: &chance) {
                let value = UInt32.random(in: 0...0x2FFFF, using: &chance)
                if let scalar = Unicode.Scalar(value >> (value % 13)) {
                    text.unicodeScalars.append(scalar)
                }
            }
            let encoded = CloudEventsHeader.encode(text)
            #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 })
            #expect(encoded.removingPercentEncoding == text)
        }
    }
}
