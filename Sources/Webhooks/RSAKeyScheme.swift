internal import Bytes
internal import Digest
internal import YAML

/// RSA (PKCS #1 v1.5, SHA-256) over a template with a key that the provider publishes, as
/// ShipStation signs.
struct RSAKeyScheme: Sendable {
    /// The line's `authtype`.
    static let name = "rsa-sha256"

    let signed: SignedContent
    let signature: HeaderField
    let time: SignedTime?
    /// The header that names the key; `nil` if none does and every key may be meant.
    let keyIDSlot: Int?
    private let keys: KeySource

    /// The header that the signature comes in.
    var signatureSlot: Int { signature.slot }

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "signed", "signature", "timestamp", "key_id", "keys",
        ])
        if let node = keys["timestamp"] {
            time = try SignedTime(node, &headers)
        } else {
            time = nil
        }
        signed = try SignedContent(try keys.required("signed"), &headers, hasTime: time != nil)
        signature = try HeaderField(try keys.required("signature"), &headers)
        if let node = keys["key_id"] {
            let name = try node.mapping(allowed: ["header"]).required("header")
            keyIDSlot = try headers.slot(named: try name.string, name)
        } else {
            keyIDSlot = nil
        }
        self.keys = try KeySource(try keys.required("keys"))
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let texts = try signature.values(check)
        var keyID: String?
        if let keyIDSlot { keyID = try check.required(keyIDSlot) }
        let stamp = try time?.read(check)
        guard texts.count == 1, let signature = Base64.decode(texts[0].utf8Span.span) else {
            throw Refusal(.malformedSignature, "the signature is not base64")
        }
        let message = try message(check, timestamp: stamp?.0 ?? "")
        switch try keys.find(keyID, signature.span, message.span, check) {
        case .needs(let document): return .needs(document)
        case .fits(let name): return .verified(by: name, as: Self.name, at: stamp?.1)
        }
    }

    /// What is signed of a request.
    func message(
        _ check: borrowing SignatureCheck,
        timestamp: String
    ) throws(Refusal) -> [UInt8] {
        var message: [UInt8] = []
        try signed.forEach(check, timestamp: timestamp) { message.append(span: $0) }
        return message
    }
}
