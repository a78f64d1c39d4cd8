internal import Bytes
internal import Digest
internal import YAML

/// An HMAC over a template (RFC 2104), or beside it Ed25519 signatures (RFC 8032) over the same.
struct HMACScheme: Sendable {
    let message: SignedMessage
    let algorithm: HashAlgorithm
    var encodings: SignatureEncodings
    private let form: KeyForm
    private let ed25519: Ed25519Parameters?
    private let url: SignedURL?
    /// A parameter of the URL that must be the hex SHA-256 of the body; `nil` for none.
    let bodyDigest: String?

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(
            allowed: SignedMessage.keys + [
                "algorithm", "encoding", "key", "ed25519", "url", "digest",
            ]
        )
        algorithm =
            switch try keys.required("algorithm").word(of: ["sha1", "sha256", "sha512"]) {
            case "sha1": .sha1
            case "sha512": .sha512
            default: .sha256
            }
        encodings = try SignatureEncodings(try keys.required("encoding"))
        message = try SignedMessage(keys, &headers)
        form = try KeyForm(keys["key"])
        ed25519 = try keys["ed25519"].map { node throws(YAMLError) in
            try Ed25519Parameters(node, &headers)
        }
        url = try keys["url"].map { node throws(YAMLError) in try SignedURL(node) }
        bodyDigest = try keys["digest"]?.mapping(allowed: ["query"]).required("query").string
    }

    /// Whether a secret's own bytes are the key.
    var takesVerbatim: Bool { form.isVerbatim }

    var name: String {
        // Spelled out: to print an enum's case costs more than the HMAC of a small webhook.
        switch algorithm {
        case .sha1: "hmac-sha1"
        case .sha256: "hmac-sha256"
        case .sha512: "hmac-sha512"
        }
    }

    /// The key that a secret stands for; `nil` if the secret cannot be one.
    func key(_ secret: [UInt8]) -> SchemeKey? {
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
        let stamp = try message.time?.read(check)
        try checkBodyDigest(check)
        let urls = url?.variants(of: check.context.url).map(Optional.some) ?? [nil]
        var verified: Scheme.Proof?
        for live in check.keys {
            var fits = false
            // What follows the first variant is tried only if that does not fit: no secret decides.
            for url in urls where !fits {
                let variant = Variant(timestamp: stamp?.0 ?? "", url: url)
                switch live.key {
                case .shared(let key):
                    if try self.fits(key, candidates.codes, check, variant) { fits = true }
                case .publicKey(let key):
                    if try self.fits(key, candidates.signatures, check, variant) { fits = true }
                case .text: break
                }
            }
            if fits, verified == nil {
                let name = if case .publicKey = live.key { "ed25519" } else { name }
                verified = .verified(by: live.reference, as: name, at: stamp?.1)
            }
        }
        if let verified { return verified }
        throw Refusal.mismatch(of: check.keys.count)
    }

    /// What of the message varies while one request is checked.
    private struct Variant {
        let timestamp: String
        let url: String?
    }

    private func checkBodyDigest(_ check: borrowing SignatureCheck) throws(Refusal) {
        guard let bodyDigest else { return }
        let hash = SHA256.hash(check.context.request.body.span)
        let expected = hash.withSpan { Hex.encode($0) }
        guard check.context.parameter(bodyDigest) == expected else {
            throw Refusal(
                .signatureMismatch,
                "the URL's \(bodyDigest) is not the body's SHA-256"
            )
        }
    }

    /// The signatures that a live key could have made.
    private func candidates(
        _ check: borrowing SignatureCheck
    ) throws(Refusal) -> (codes: [[UInt8]], signatures: [[UInt8]]) {
        let keys = check.keys
        let codes = keys.contains { $0.isShared } ? try message.signature.values(check) : []
        let signatures =
            keys.contains { !$0.isShared } ? try ed25519?.signature.values(check) ?? [] : []
        if codes.isEmpty, signatures.isEmpty {
            let header = check.context.table.names[message.signature.slot]
            throw Refusal(
                .missingSignature,
                "header \(header) has no signature of the known kind"
            )
        }
        let decoded = (
            codes.flatMap { encodings.decode($0) },
            signatures.compactMap { Base64.decode($0.utf8Span.span) }
        )
        if decoded.0.isEmpty, decoded.1.isEmpty {
            throw Refusal(.malformedSignature, "the signature is not \(encodings.words)")
        }
        return decoded
    }

    /// The shared codes that a request shows.
    func codes(_ check: borrowing SignatureCheck) throws(Refusal) -> [[UInt8]] {
        try candidates(check).codes
    }

    private func fits(
        _ key: HMACKey,
        _ codes: [[UInt8]],
        _ check: borrowing SignatureCheck,
        _ variant: Variant
    ) throws(Refusal) -> Bool {
        let expected = try code(key, check, timestamp: variant.timestamp, url: variant.url)
        var fits = false
        // Every candidate is compared, so that time tells nothing about which one fits.
        for code in codes where constantTimeEquals(expected.span, code.span) { fits = true }
        return fits
    }

    /// The code that `key` makes for a request.
    func code(
        _ key: HMACKey,
        _ check: borrowing SignatureCheck,
        timestamp: String,
        url: String? = nil
    ) throws(Refusal) -> [UInt8] {
        var mac = key.start()
        try message.signed.forEach(
            check,
            timestamp: timestamp,
            url: url ?? self.url?.plain(check)
        ) {
            mac.update($0)
        }
        return mac.finish()
    }

    private func fits(
        _ key: VerifyingKey,
        _ signatures: [[UInt8]],
        _ check: borrowing SignatureCheck,
        _ variant: Variant
    ) throws(Refusal) -> Bool {
        if signatures.isEmpty { return false }
        let bytes = try message.bytes(check, timestamp: variant.timestamp, url: variant.url)
        return signatures.contains { key.verify($0.span, bytes.span) }
    }
}

/// How a signature's bytes are written: hex, base64, or either.
struct SignatureEncodings: Sendable {
    private let isHex: Bool
    private let isBase64: Bool

    /// Either.
    static let all = SignatureEncodings(isHex: true, isBase64: true)

    private init(isHex: Bool, isBase64: Bool) {
        self.isHex = isHex
        self.isBase64 = isBase64
    }

    init(_ node: YAMLNode) throws(YAMLError) {
        var words: [String] = []
        for node in node.oneOrMore { words.append(try node.word(of: ["hex", "base64"])) }
        isHex = words.contains("hex")
        isBase64 = words.contains("base64")
    }

    /// The bytes that a text can stand for.
    func decode(_ text: Substring) -> [[UInt8]] {
        var found: [[UInt8]] = []
        if isHex, let bytes = Hex.decode(text.utf8Span.span) { found.append(bytes) }
        if isBase64, let bytes = Base64.decode(text.utf8Span.span) { found.append(bytes) }
        return found
    }

    /// The bytes as the provider writes them.
    func encode(_ bytes: [UInt8]) -> String {
        isBase64 ? Base64.encode(bytes.span) : Hex.encode(bytes.span)
    }

    var words: String {
        isHex && isBase64 ? "hex or base64" : isHex ? "lower-case hex" : "base64"
    }
}
