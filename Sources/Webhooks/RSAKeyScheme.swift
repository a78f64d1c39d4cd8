internal import Bytes
internal import Digest
internal import YAML

/// RSA (PKCS #1 v1.5, SHA-256) over a template with a key that the provider publishes, as
/// ShipStation signs.
struct RSAKeyScheme: Sendable {
    /// The line's `authtype`.
    static let name = "rsa-sha256"

    let message: SignedMessage
    /// The header that names the key; `nil` if none does and every key may be meant.
    let keyIDSlot: Int?
    private let keys: KeySource

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: SignedMessage.keys + ["key_id", "keys"])
        message = try SignedMessage(keys, &headers)
        if let node = keys["key_id"] {
            let name = try node.mapping(allowed: ["header"]).required("header")
            keyIDSlot = try headers.slot(named: try name.string, name)
        } else {
            keyIDSlot = nil
        }
        self.keys = try KeySource(try keys.required("keys"))
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let texts = try message.signature.values(check)
        var keyID: String?
        if let keyIDSlot { keyID = try check.required(keyIDSlot) }
        let stamp = try message.time?.read(check)
        guard texts.count == 1, let signature = Base64.decode(texts[0].utf8Span.span) else {
            throw Refusal(.malformedSignature, "the signature is not base64")
        }
        let message = try message.bytes(check, timestamp: stamp?.0 ?? "")
        switch try keys.find(keyID, signature.span, message.span, check) {
        case .needs(let document): return .needs(document)
        case .fits(let name): return .verified(by: name, as: Self.name, at: stamp?.1)
        }
    }
}
