internal import Bytes
internal import Digest
internal import YAML

/// A plain hash over a template that has the secret in it, as HubSpot's first versions sign.
///
/// It is weaker than an HMAC: whoever has one hash of `secret + body` can extend the body. Where
/// a provider offers better, its entry puts that first.
struct DigestScheme: Sendable {
    /// The line's `authtype`.
    static let name = "sha256"

    let signed: SignedContent
    let signature: HeaderField

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["algorithm", "encoding", "signed", "signature"])
        _ = try keys.required("algorithm").word(of: ["sha256"])
        _ = try keys.required("encoding").word(of: ["hex"])
        signed = try SignedContent(
            try keys.required("signed"),
            &headers,
            hasTime: false,
            isKeyed: false
        )
        signature = try HeaderField(try keys.required("signature"), &headers)
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let candidates = try signature.values(check).compactMap {
            Hex.decode($0.utf8Span.span)
        }
        guard !candidates.isEmpty else {
            throw Refusal(.malformedSignature, "the signature is not lower-case hex")
        }
        var verified: Scheme.Proof?
        for live in check.keys {
            guard case .text(let secret) = live.key else { continue }
            let expected = try digest(check, secret)
            var fits = false
            for candidate in candidates where constantTimeEquals(expected.span, candidate.span) {
                fits = true
            }
            if fits, verified == nil {
                verified = .verified(by: live.reference, as: Self.name, at: nil)
            }
        }
        if let verified { return verified }
        throw Refusal.mismatch(of: check.keys.count)
    }

    /// The hash that the sender must have come to.
    func digest(
        _ check: borrowing SignatureCheck,
        _ secret: [UInt8]
    ) throws(Refusal) -> [UInt8] {
        var hash = SHA256()
        try signed.forEach(check, timestamp: "", secret: secret) { hash.update($0) }
        var bytes: [UInt8] = []
        hash.finish().append(to: &bytes)
        return bytes
    }
}

extension Refusal {
    /// No live secret made the signature.
    static func mismatch(of count: Int) -> Refusal {
        Refusal(
            .signatureMismatch,
            count == 1
                ? "the signature does not fit the secret"
                : "the signature does not fit any of \(count) secrets"
        )
    }
}
