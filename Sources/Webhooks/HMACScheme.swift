internal import Bytes
internal import Digest
internal import YAML

/// An HMAC over a template (RFC 2104), or beside it Ed25519 signatures (RFC 8032) over the same.
struct HMACScheme: Sendable {
    /// A key that a secret stands for.
    enum Key: Sendable {
        case shared(HMACKey)
        case publicKey(VerifyingKey)
    }

    let signed: SignedContent
    private let algorithm: HashAlgorithm
    private let isHex: Bool
    private let signature: HeaderField
    private let time: SignedTime?
    private let form: KeyForm
    private let ed25519: Ed25519Parameters?

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "algorithm", "encoding", "signed", "signature", "timestamp", "key", "ed25519",
        ])
        algorithm =
            switch try keys.required("algorithm").word(of: ["sha1", "sha256", "sha512"]) {
            case "sha1": .sha1
            case "sha512": .sha512
            default: .sha256
            }
        isHex = try keys.required("encoding").word(of: ["hex", "base64"]) == "hex"
        if let node = keys["timestamp"] {
            time = try SignedTime(node, &headers)
        } else {
            time = nil
        }
        signed = try SignedContent(try keys.required("signed"), &headers, hasTime: time != nil)
        signature = try HeaderField(try keys.required("signature"), &headers)
        form = try KeyForm(keys["key"])
        if let node = keys["ed25519"] {
            ed25519 = try Ed25519Parameters(node, &headers)
        } else {
            ed25519 = nil
        }
    }

    var name: String {
        // Spelled out: to print an enum's case costs more than the HMAC of a small webhook.
        switch algorithm {
        case .sha1: "hmac-sha1"
        case .sha256: "hmac-sha256"
        case .sha512: "hmac-sha512"
        }
    }

    /// The key that a secret stands for; `nil` if the secret cannot be one.
    func key(_ secret: [UInt8]) -> Key? {
        if let ed25519, ed25519.form.isPrefixed(secret) {
            guard let bytes = ed25519.form.bytes(secret),
                let key = try? VerifyingKey(publicKey: bytes)
            else { return nil }
            return .publicKey(key)
        }
        return form.bytes(secret).map { .shared(HMACKey(algorithm, key: $0.span)) }
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let candidates = try candidates(check)
        let stamp = try time?.read(check)
        var verified: Scheme.Proof?
        for live in check.source.keys {
            let (fits, name) =
                switch live.key {
                case .shared(let key):
                    (try fits(key, candidates.codes, check, stamp?.0 ?? ""), name)
                case .publicKey(let key):
                    (try fits(key, candidates.signatures, check, stamp?.0 ?? ""), "ed25519")
                }
            if fits, verified == nil {
                verified = .verified(by: live.reference, as: name, at: stamp?.1)
            }
        }
        if let verified { return verified }
        let count = check.source.keys.count
        throw Refusal(
            .signatureMismatch,
            count == 1
                ? "the signature does not fit the secret"
                : "the signature does not fit any of \(count) secrets"
        )
    }

    /// The signatures that a live key could have made.
    private func candidates(
        _ check: borrowing SignatureCheck
    ) throws(Refusal) -> (codes: [[UInt8]], signatures: [[UInt8]]) {
        let keys = check.source.keys
        let codes = keys.contains { $0.isShared } ? try signature.values(check) : []
        let signatures =
            keys.contains { !$0.isShared } ? try ed25519?.signature.values(check) ?? [] : []
        if codes.isEmpty, signatures.isEmpty {
            throw Refusal(
                .missingSignature,
                "header \(check.table.names[signature.slot]) has no signature of the known kind"
            )
        }
        let decoded = (
            codes.compactMap { isHex ? Hex.decode($0.utf8Span.span) : Self.base64($0) },
            signatures.compactMap { Self.base64($0) }
        )
        if decoded.0.isEmpty, decoded.1.isEmpty {
            throw Refusal(
                .malformedSignature,
                "the signature is not \(isHex ? "lower-case hex" : "base64")"
            )
        }
        return decoded
    }

    private func fits(
        _ key: HMACKey,
        _ codes: [[UInt8]],
        _ check: borrowing SignatureCheck,
        _ timestamp: String
    ) throws(Refusal) -> Bool {
        var mac = key.start()
        try signed.forEach(check, timestamp: timestamp) { mac.update($0) }
        let expected = mac.finish()
        var fits = false
        // Every candidate is compared, so that time tells nothing about which one fits.
        for code in codes where constantTimeEquals(expected.span, code.span) { fits = true }
        return fits
    }

    private func fits(
        _ key: VerifyingKey,
        _ signatures: [[UInt8]],
        _ check: borrowing SignatureCheck,
        _ timestamp: String
    ) throws(Refusal) -> Bool {
        if signatures.isEmpty { return false }
        var message: [UInt8] = []
        try signed.forEach(check, timestamp: timestamp) { message.append(span: $0) }
        return signatures.contains { key.verify($0.span, message.span) }
    }

    private static func base64(_ text: Substring) -> [UInt8]? {
        Base64.decode(text.utf8Span.span)
    }
}

/// Where Ed25519 signatures are, and which secrets are the public keys for them.
struct Ed25519Parameters: Sendable {
    let signature: HeaderField
    let form: KeyForm

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["signature", "key"])
        signature = try HeaderField(
            try keys.required("signature"),
            &headers,
            limit: WebhookLimits.publicKeySignatures
        )
        let key = try keys.required("key")
        form = try KeyForm(key)
        // Without one a public key, which is no secret, could be taken for a shared secret.
        guard form.hasPrefix else {
            throw key.error("found no prefix", expected: "one that tells public keys from secrets")
        }
    }
}

/// How a secret's text gives the bytes of its key.
struct KeyForm: Sendable {
    /// What may stand before base64; `nil` for keys taken verbatim.
    private let prefix: [UInt8]?

    /// Reads `verbatim`, which is the default, or `{ encoding: base64, prefix: TEXT }`.
    init(_ node: YAMLNode?) throws(YAMLError) {
        guard let node, node.text != "verbatim" else {
            prefix = nil
            return
        }
        let keys = try node.mapping(allowed: ["encoding", "prefix"])
        _ = try keys.required("encoding").word(of: ["base64"])
        prefix = Array(try keys["prefix"]?.string.utf8 ?? "".utf8)
    }

    var hasPrefix: Bool { prefix?.isEmpty == false }

    /// Whether a secret begins with the prefix.
    func isPrefixed(_ secret: [UInt8]) -> Bool { secret.starts(with: prefix ?? []) }

    /// The bytes of the key; `nil` for a secret that is empty or of another form.
    func bytes(_ secret: [UInt8]) -> [UInt8]? {
        guard let prefix else { return secret.isEmpty ? nil : secret }
        let text = isPrefixed(secret) ? secret[prefix.count...] : secret[...]
        guard let bytes = Base64.decode(text.span, padding: .optional), !bytes.isEmpty else {
            return nil
        }
        return bytes
    }
}
