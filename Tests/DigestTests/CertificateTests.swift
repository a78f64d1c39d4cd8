import Digest
import Testing

private struct PayPal: Decodable {
    var certificatePem: String
    var vectors: [RSAVector]
}

@Suite("certificates")
struct CertificateTests {
    @Test("PayPal's certificate is read")
    func fields() throws {
        let vectors = try fixture("paypal", as: PayPal.self)
        let certificate = try #require(parse(vectors.certificatePem).first)
        let host = "messageverificationcerts.sandbox.paypal.com"
        #expect(certificate.subject.hasPrefix("CN=\(host),OU=Partner Support,O=PayPal\\, Inc."))
        #expect(certificate.dnsNames == [host])
        // 2015-03-18T00:00:00Z and 2017-03-22T12:00:00Z.
        #expect(certificate.notBefore == 1_426_636_800)
        #expect(certificate.notAfter == 1_490_184_000)
    }

    @Test("PayPal's published signatures verify, others do not")
    func signatures() throws {
        let vectors = try fixture("paypal", as: PayPal.self)
        let certificate = try #require(parse(vectors.certificatePem).first)
        for vector in vectors.vectors {
            let isValid = certificate.verifyRSASHA256(
                signature: vector.signature.span,
                message: Array(vector.message.utf8).span
            )
            #expect(isValid == (vector.expect == "valid"), "\(vector.id)")
        }
    }

    @Test("all certificates of a text are read, and what stands between them is skipped")
    func several() throws {
        let one = try Identity("one")
        let two = try Identity("two")
        let text = "a chain\n" + one.pem + "\nthen\n" + two.key + two.pem
        #expect(try parse(text).map(\.subject) == ["CN=one", "CN=two"])
    }

    @Test("a text without certificates is refused", arguments: ["", "nothing here"])
    func none(text: String) {
        #expect(throws: DigestError.noCertificate) { try parse(text) }
    }

    @Test("a damaged certificate is refused, not skipped")
    func damaged() throws {
        let good = try Identity("one").pem
        let lines = good.split(separator: "\n")
        let cut = (lines.prefix(4) + lines.suffix(1)).joined(separator: "\n") + "\n"
        let error = try #require(throws: DigestError.self) { try parse(good + cut) }
        guard case .malformedCertificate(index: 1, _) = error else {
            Issue.record("\(error)")
            return
        }
    }

    @Test("a certificate with another kind of key verifies no RSA signature")
    func otherKind() throws {
        let certificate = try Identity("curve", key: .ed25519).certificate
        let isValid = certificate.verifyRSASHA256(signature: noise(256).span, message: [1].span)
        #expect(!isValid)
    }
}
