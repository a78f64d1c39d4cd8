internal import Bytes
internal import YAML

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

    var isVerbatim: Bool { prefix == nil }

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
