internal import Bytes
internal import Digest
package import YAML

/// A configured origin of webhooks.
package final class Source: Sendable {
    /// A key that is live, and the reference it came from.
    struct Key: Sendable {
        let reference: String
        let key: HMACScheme.Key

        /// Whether it is a secret that the sender has, too.
        var isShared: Bool { if case .shared = key { true } else { false } }
    }

    /// The name in `/hooks/NAME` and in lines.
    package let name: String
    /// How its webhooks are signed, named and timed.
    package let provider: Provider
    /// Bytes of a body that are taken.
    package let bodyLimit: Int
    let keys: [Key]
    let certificates: [Certificate]
    /// The id that PayPal gave the webhook; empty for others.
    let webhookID: String
    let tolerance: Tolerance?

    /// Reads a source's entry of `daybook.yaml`; `resolve` gives the value of a secret reference.
    package init(
        name: YAMLNode,
        node: YAMLNode,
        catalog: Catalog,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        self.name = try Self.checkedName(name)
        provider = try catalog.provider(try node.mapping.required("provider"))
        let keys = try node.mapping(
            allowed: ["provider", "tolerance", "body_limit"] + provider.scheme.sourceKeys
        )
        tolerance =
            try keys["tolerance"].map { [provider] node throws(YAMLError) in
                try provider.scheme.requireTime(node)
                return try Self.tolerance(node, provider)
            } ?? provider.tolerance
        bodyLimit = try keys["body_limit"].map(Self.bodyLimit) ?? WebhookLimits.bodyBytes
        if case .hmac(let scheme) = provider.scheme {
            self.keys = try Self.secrets(
                try keys.required("secrets"),
                scheme,
                provider.name,
                resolve
            )
        } else {
            self.keys = []
        }
        webhookID =
            provider.scheme.signed?.hasWebhookID == true
            ? try Self.webhookID(try keys.required("webhook_id"), resolve) : ""
        var certificates: [Certificate] = []
        for node in keys["certificates"]?.oneOrMore ?? [] {
            certificates += try Self.certificates(node, resolve)
        }
        self.certificates = certificates
    }

    /// A source for a request that was captured, with its keys given as they are.
    init(
        capturedFor provider: Provider,
        secrets: [[UInt8]],
        certificates: [Certificate],
        webhookID: String,
        tolerance: Tolerance?
    ) {
        name = "captured"
        self.provider = provider
        bodyLimit = WebhookLimits.bodyBytesCeiling
        var keys: [Key] = []
        if case .hmac(let scheme) = provider.scheme {
            for (index, secret) in secrets.enumerated() {
                guard let key = scheme.key(secret) else { continue }
                keys.append(Key(reference: "secret \(index + 1)", key: key))
            }
        }
        self.keys = keys
        self.certificates = certificates
        self.webhookID = webhookID
        self.tolerance = tolerance
    }

    private static func checkedName(_ node: YAMLNode) throws(YAMLError) -> String {
        let name = try node.string
        let isPlain = name.utf8.allSatisfy {
            $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || [0x2d, 0x2e, 0x5f].contains($0)
        }
        guard isPlain, (1...64).contains(name.utf8.count), name != "daybook" else {
            throw node.error(
                "a source cannot be called so",
                expected: "1 to 64 of a-z, 0-9, - . and _, and not daybook, which is the log's own"
            )
        }
        return name
    }

    private static func tolerance(
        _ node: YAMLNode,
        _ provider: Provider
    ) throws(YAMLError) -> Tolerance {
        let seconds = try node.duration.components.seconds
        guard (1...Int64(WebhookLimits.toleranceSeconds)).contains(seconds) else {
            throw node.mismatch(expected: "from 1s to 7d")
        }
        return Tolerance(seconds: seconds, isTwoSided: provider.tolerance?.isTwoSided ?? true)
    }

    private static func bodyLimit(_ node: YAMLNode) throws(YAMLError) -> Int {
        let count = try node.byteCount
        guard (1...WebhookLimits.bodyBytesCeiling).contains(count) else {
            throw node.mismatch(expected: "from 1B to 16MiB")
        }
        return count
    }

    private static func secrets(
        _ node: YAMLNode,
        _ scheme: HMACScheme,
        _ provider: String,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [Key] {
        var secrets: [Key] = []
        for node in node.oneOrMore {
            let reference = try node.string
            guard let key = scheme.key(try value(node, resolve)) else {
                throw node.error(
                    "the secret is empty or not in the provider's form",
                    expected: "a signing secret of \(provider)"
                )
            }
            secrets.append(Key(reference: shown(reference), key: key))
        }
        guard !secrets.isEmpty else {
            throw node.error("found no secret", expected: "at least one")
        }
        return secrets
    }

    private static func webhookID(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> String {
        let value = try value(node, resolve)
        guard !value.isEmpty else {
            throw node.error("the webhook's id is empty", expected: "as the provider shows it")
        }
        return String(repairing: value.span)
    }

    private static func certificates(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [Certificate] {
        let pem = try value(node, resolve)
        do {
            return try Certificate.parseAll(pem: pem)
        } catch {
            throw node.error("cannot use the certificate: \(error)")
        }
    }

    private static func value(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [UInt8] {
        do {
            return try resolve(try node.string)
        } catch let error as YAMLError {
            throw error
        } catch {
            throw node.error("\(error)")
        }
    }

    /// A reference as it may stand in a line: the value of `plain:` is a secret.
    private static func shown(_ reference: String) -> String {
        reference.hasPrefix("plain:") ? "plain" : reference
    }
}
