internal import Bytes
internal import Digest
internal import Ledger
package import YAML

/// A configured origin of webhooks.
package final class Source: Sendable {
    /// A key that is live, and the reference it came from.
    struct Key: Sendable {
        let reference: String
        let key: SchemeKey

        /// Whether it is a secret that the sender has, too.
        var isShared: Bool { if case .shared = key { true } else { false } }
    }

    /// The name in `/hooks/NAME` and in lines.
    package let name: String
    /// How its webhooks are signed, named and timed.
    package let provider: Provider
    /// Bytes of a body that are taken.
    package let bodyLimit: Int
    /// The schemes that it takes, each with the live keys as the scheme takes them.
    let schemes: [LiveScheme]
    /// The secrets as they are, to say why one does not fit.
    let secrets: [Secret]
    /// What a question must show to be answered.
    let verifyTokens: [[UInt8]]
    let certificates: [Certificate]
    /// The provider's public keys where they are pinned.
    let webKeys: [WebKey]
    /// Who a bearer token must be for, and whose it must be; `nil` where the source does not say.
    let audience: String?
    let email: String?
    /// The id that PayPal gave the webhook; empty for others.
    let webhookID: String
    /// The header that a token comes in, in lower case; `nil` for the provider's own.
    let tokenHeader: String?
    /// The URL that the provider posts to, without its query; `nil` if only requests tell.
    package let url: String?
    let tolerance: Tolerance?
    /// Headers and parameters of the URL that carry a secret, and whether the path does: none of
    /// these is recorded.
    let secretHeaders: [[UInt8]]
    let secretParameters: [String]
    let hasPathSecret: Bool

    /// A scheme that a source takes, and its keys.
    struct LiveScheme: Sendable {
        let named: NamedScheme
        let keys: [Key]
    }

    /// A secret and the reference it came from.
    struct Secret: Sendable {
        let reference: String
        let bytes: [UInt8]
    }

    /// Whether every scheme takes secrets and none of them has one.
    var needsSecret: Bool {
        schemes.allSatisfy { $0.named.scheme.usesSecrets && $0.keys.isEmpty }
    }

    /// The first secret; `nil` if the source has none.
    var firstSecret: [UInt8]? { secrets.first?.bytes }

    /// Reads a source's entry of `daybook.yaml`.
    ///
    /// `resolve` gives the value of a secret reference; `publicURL` is where the outside reaches
    /// the service.
    package init(
        name: YAMLNode,
        node: YAMLNode,
        providers: Providers,
        publicURL: String? = nil,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        let plainName = try Self.checkedName(name)
        self.name = plainName
        provider = try providers.provider(try node.mapping.required("provider"))
        let chosen = try Self.schemes(of: provider, node["scheme"])
        let keys = try node.mapping(allowed: Self.keys(provider, chosen))
        tolerance =
            try keys["tolerance"].map { [provider] node throws(YAMLError) in
                try NamedScheme.requireTime(chosen, node)
                return try Self.tolerance(node, provider)
            } ?? provider.tolerance
        bodyLimit = try keys["body_limit"].map(Self.bodyLimit) ?? WebhookLimits.bodyBytes
        var secrets: [Secret] = []
        if chosen.contains(where: { $0.scheme.usesSecrets }) {
            secrets = try Self.secrets(try keys.required("secrets"), resolve)
        }
        self.secrets = secrets
        schemes = try Self.live(chosen, secrets, keys["secrets"], provider)
        var verifyTokens: [[UInt8]] = []
        for node in keys["verify_token"]?.oneOrMore ?? [] {
            let token = try Self.value(node, resolve)
            // It would be everybody's.
            guard !token.isEmpty else {
                throw node.error("the token is empty", expected: "as it is set at the provider")
            }
            verifyTokens.append(token)
        }
        self.verifyTokens = verifyTokens.isEmpty ? secrets.map(\.bytes) : verifyTokens
        webhookID =
            chosen.contains { $0.scheme.signed?.hasWebhookID == true }
            ? try Self.webhookID(try keys.required("webhook_id"), resolve) : ""
        var certificates: [Certificate] = []
        for node in keys["certificates"]?.oneOrMore ?? [] {
            certificates += try Self.certificates(node, resolve)
        }
        self.certificates = certificates
        var webKeys: [WebKey] = []
        for node in keys["keys"]?.oneOrMore ?? [] { webKeys += try Self.webKeys(node, resolve) }
        self.webKeys = webKeys
        email = try keys["email"].map { node throws(YAMLError) in
            let bytes = try Self.value(node, resolve)
            return String(repairing: bytes.span)
        }
        tokenHeader = try keys["header"]?.string.lowercased()
        (secretHeaders, secretParameters, hasPathSecret) = Self.carriers(
            provider,
            chosen,
            tokenHeader
        )
        url = try keys["url"]?.string ?? publicURL.map { "\($0)/hooks/\(plainName)" }
        audience = try keys["audience"]?.string ?? url
        let isOIDC = chosen.contains { if case .oidc = $0.scheme { true } else { false } }
        guard !isOIDC || (audience != nil && email != nil) else {
            throw node.error(
                "a bearer token is checked against nothing",
                expected: "email: and audience: (or url:) as they are set at the provider"
            )
        }
    }

    /// A source for a request that was captured, with its keys given as they are.
    init(captured: CapturedRequest, _ provider: Provider) throws {
        name = "captured"
        self.provider = provider
        bodyLimit = WebhookLimits.bodyBytesCeiling
        secrets = captured.secrets.enumerated().map {
            Secret(reference: "secret \($0.offset + 1)", bytes: $0.element)
        }
        let chosen = provider.schemes.filter { scheme in
            captured.scheme.map { scheme.name == $0 } ?? !scheme.isOptional
        }
        schemes = Self.live(chosen, secrets)
        verifyTokens = captured.secrets
        certificates = try captured.certificates()
        webKeys = try captured.webKeys()
        audience = captured.audience
        email = captured.email
        webhookID = captured.webhookID
        tokenHeader = nil
        (secretHeaders, secretParameters, hasPathSecret) = ([], [], false)
        url = nil
        let isTwoSided = provider.tolerance?.isTwoSided ?? true
        tolerance =
            captured.tolerance.map { Tolerance(seconds: $0, isTwoSided: isTwoSided) }
            ?? provider.tolerance
    }

    // MARK: - Schemes

    /// The schemes that a source takes: those its `scheme:` names, or all that are not optional.
    private static func schemes(
        of provider: Provider,
        _ node: YAMLNode?
    ) throws(YAMLError) -> [NamedScheme] {
        guard let node else { return provider.schemes.filter { !$0.isOptional } }
        var names: Set<String> = []
        for node in node.oneOrMore {
            names.insert(try node.word(of: provider.schemes.map(\.name)))
        }
        // In the catalog's order, in which the first that applies decides.
        return provider.schemes.filter { names.contains($0.name) }
    }

    private static func keys(_ provider: Provider, _ schemes: [NamedScheme]) -> [String] {
        let verifies = provider.handshakes.contains { $0.verified != nil }
        // A challenge is answered with a secret even where nothing else is checked with it.
        return ["provider", "scheme", "tolerance", "body_limit", "url"]
            + (verifies ? ["verify_token"] : []) + schemes.flatMap(\.scheme.sourceKeys)
    }

    /// Where requests carry secrets.
    private static func carriers(
        _ provider: Provider,
        _ schemes: [NamedScheme],
        _ tokenHeader: String?
    ) -> (headers: [[UInt8]], parameters: [String], path: Bool) {
        var headers = tokenHeader.map { [$0] } ?? []
        var parameters = provider.handshakes.compactMap(\.verified)
        var hasPath = false
        for case .token(let scheme) in schemes.map(\.scheme) {
            headers += scheme.slots.map { provider.headers.names[$0] }
            parameters += scheme.parameter.map { [$0] } ?? []
            hasPath = hasPath || scheme.isPath
        }
        return (headers.map { Array($0.utf8) }, parameters, hasPath)
    }

    private static func live(_ schemes: [NamedScheme], _ secrets: [Secret]) -> [LiveScheme] {
        schemes.map { named in
            LiveScheme(
                named: named,
                keys: secrets.compactMap { secret in
                    named.scheme.key(secret.bytes).map {
                        Key(reference: secret.reference, key: $0)
                    }
                }
            )
        }
    }

    /// Refuses a secret that no scheme can use.
    private static func live(
        _ schemes: [NamedScheme],
        _ secrets: [Secret],
        _ node: YAMLNode?,
        _ provider: Provider
    ) throws(YAMLError) -> [LiveScheme] {
        for (secret, node) in zip(secrets, node?.oneOrMore ?? [])
        where !schemes.contains(where: { $0.scheme.key(secret.bytes) != nil }) {
            throw node.error(
                "the secret is empty or not in the provider's form",
                expected: "a signing secret of \(provider.name)"
            )
        }
        let isPath = schemes.contains {
            if case .token(let it) = $0.scheme { it.isPath } else { false }
        }
        for (secret, node) in zip(secrets, node?.oneOrMore ?? [])
        where isPath && !secret.bytes.allSatisfy(ASCII.isUnreserved) {
            throw node.error(
                "the secret cannot stand in a path as it is",
                expected: "letters, digits, - . _ and ~ alone"
            )
        }
        return live(schemes, secrets)
    }

    private static func checkedName(_ node: YAMLNode) throws(YAMLError) -> String {
        let name = try node.string
        guard SourceName.isValid(name) else {
            throw node.error(
                "a source cannot be called so",
                expected: "\(SourceName.rule), and not daybook, which is the log's own"
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
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [Secret] {
        var secrets: [Secret] = []
        for node in node.oneOrMore {
            let reference = try node.string
            secrets.append(Secret(reference: shown(reference), bytes: try value(node, resolve)))
        }
        guard !secrets.isEmpty else {
            throw node.error("found no secret", expected: "at least one")
        }
        return secrets
    }

    private static func webKeys(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [WebKey] {
        let bytes = try value(node, resolve)
        do {
            return try WebKeys.parse(bytes.span)
        } catch {
            throw node.error("cannot use the keys: \(error)")
        }
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
