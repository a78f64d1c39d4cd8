internal import Bytes
internal import Digest
internal import YAML

/// Signs messages by Standard Webhooks: HMAC-SHA256 over `ID.TIMESTAMP.BODY`, in base64.
package struct DeliverySigner: Sendable {
    private static let prefix = "whsec_"
    private let keys: [HMACKey]

    /// Takes the secrets, each of which signs: `whsec_` and base64, or raw bytes; `nil` if one of
    /// them cannot be a secret.
    package init?(secrets: [[UInt8]]) {
        var keys: [HMACKey] = []
        for secret in secrets {
            guard let key = Self.key(secret) else { return nil }
            keys.append(HMACKey(.sha256, key: key.span))
        }
        guard !keys.isEmpty else { return nil }
        self.keys = keys
    }

    /// Reads `secret: REFERENCE` or `secrets: [REFERENCE, …]`.
    init(
        _ rule: YAMLMapping,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        if let both = rule["secrets"], rule["secret"] != nil {
            throw both.error("found secret and secrets", expected: "one of them")
        }
        let several = try rule["secrets"].map { node throws(YAMLError) in try node.list }
        let nodes = if let several { several } else { [try rule.required("secret")] }
        guard (1...DeliveryLimits.secrets).contains(nodes.count), let first = nodes.first else {
            throw YAMLError(
                at: rule.place,
                "found \(nodes.count) secrets",
                expected: "from 1 to \(DeliveryLimits.secrets)"
            )
        }
        var secrets: [[UInt8]] = []
        for node in nodes {
            let reference = try node.string
            let secret: [UInt8]
            do { secret = try resolve(reference) } catch { throw node.error("\(error)") }
            guard Self.key(secret) != nil else {
                throw node.error(
                    "the secret cannot sign",
                    expected: "whsec_ and base64, or up to \(DeliveryLimits.secretBytes) bytes"
                )
            }
            secrets.append(secret)
        }
        guard let signer = DeliverySigner(secrets: secrets) else {
            throw first.error("the secret cannot sign")
        }
        self = signer
    }

    private static func key(_ secret: [UInt8]) -> [UInt8]? {
        var key = secret
        if secret.starts(with: prefix.utf8) {
            let text = Array(secret.dropFirst(prefix.utf8.count))
            guard let decoded = Base64.decode(text.span, padding: .optional) else { return nil }
            key = decoded
        }
        return (1...DeliveryLimits.secretBytes).contains(key.count) ? key : nil
    }

    /// The value of `webhook-signature`: one `v1,BASE64` for each secret, with spaces between.
    package func signature(id: String, seconds: Int64, body: Span<UInt8>) -> String {
        var signatures: [String] = []
        let head = Array("\(id).\(seconds).".utf8)
        for key in keys {
            var code = key.start()
            code.update(head.span)
            code.update(body)
            let bytes = code.finish()
            signatures.append("v1,\(Base64.encode(bytes.span))")
        }
        return signatures.joined(separator: " ")
    }
}
