internal import Bytes
internal import Digest
internal import YAML

/// How a provider shows that a request is its own.
enum Scheme: Sendable {
    case hmac(HMACScheme)
    case digest(DigestScheme)
    case rsaX509(RSAX509Scheme)
    case rsa(RSAKeyScheme)
    case oidc(OIDCScheme)
    case token(TokenScheme)
    /// Nothing is shown: recorded as unauthenticated.
    case none

    private static let kinds = ["hmac", "digest", "rsa-x509", "rsa", "oidc", "token", "none"]

    /// Reads the one kind among `keys`, which may have `others` besides.
    init(
        _ node: YAMLNode,
        _ headers: inout HeaderTable,
        and others: [String] = []
    ) throws(YAMLError) {
        if node.text == "none" {
            self = .none
            return
        }
        let keys = try node.mapping(allowed: Self.kinds + others)
        let kinds = keys.entries.filter { Self.kinds.contains($0.name) }
        guard let kind = kinds.first, kinds.count == 1 else {
            throw node.error("found \(kinds.count) schemes", expected: "exactly one")
        }
        self =
            switch kind.name {
            case "hmac": .hmac(try HMACScheme(kind.value, &headers))
            case "digest": .digest(try DigestScheme(kind.value, &headers))
            case "rsa-x509": .rsaX509(try RSAX509Scheme(kind.value, &headers))
            case "rsa": .rsa(try RSAKeyScheme(kind.value, &headers))
            case "oidc": .oidc(try OIDCScheme(kind.value, &headers))
            case "token": .token(try TokenScheme(kind.value, &headers))
            default: .none
            }
    }

    /// The line's `authtype`, unless the proof says better.
    var name: String {
        switch self {
        case .hmac(let scheme): scheme.name
        case .digest: DigestScheme.name
        case .rsaX509: RSAX509Scheme.name
        case .rsa: RSAKeyScheme.name
        case .oidc: OIDCScheme.name
        case .token(let scheme): scheme.name
        case .none: "none"
        }
    }

    /// What is signed; `nil` if nothing of the request is.
    var signed: SignedContent? {
        switch self {
        case .hmac(let scheme): scheme.message.signed
        case .digest(let scheme): scheme.signed
        case .rsaX509(let scheme): scheme.message.signed
        case .rsa(let scheme): scheme.message.signed
        case .oidc, .token, .none: nil
        }
    }

    /// Whether it is checked with secrets that the sender has, too.
    var usesSecrets: Bool {
        switch self {
        case .hmac, .digest, .token: true
        case .rsaX509, .rsa, .oidc, .none: false
        }
    }

    /// The keys of a source's entry that say what to verify with.
    var sourceKeys: [String] {
        let keys =
            switch self {
            case .hmac, .digest: ["secrets"]
            case .token(let scheme): ["secrets"] + scheme.sourceKeys
            case .rsaX509: ["certificates"]
            case .rsa: ["keys"]
            case .oidc: ["keys", "audience", "email"]
            case .none: [String]()
            }
        return keys + (signed?.hasWebhookID == true ? ["webhook_id"] : [])
            + (signed?.hasURL == true ? ["url"] : [])
    }

    /// Where a request has what this scheme checks: two schemes with the same place are both tried.
    var place: SchemePlace {
        switch self {
        case .hmac(let scheme): .headers([scheme.message.signature.slot])
        case .digest(let scheme): .headers([scheme.signature.slot])
        case .rsaX509(let scheme): .headers([scheme.message.signature.slot])
        case .rsa(let scheme): .headers([scheme.message.signature.slot])
        case .oidc(let scheme): .headers([scheme.slot])
        case .token(let scheme): scheme.place
        case .none: .anywhere
        }
    }

    /// What a secret is to this scheme; `nil` if it cannot be one.
    func key(_ secret: [UInt8]) -> SchemeKey? {
        switch self {
        case .hmac(let scheme): scheme.key(secret)
        case .digest, .token: secret.isEmpty ? nil : .text(secret)
        case .rsaX509, .rsa, .oidc, .none: nil
        }
    }

    /// Checks a request; gives what verified it, by name, and the signed time if there is one.
    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Proof {
        switch self {
        case .hmac(let scheme): try scheme.check(check)
        case .digest(let scheme): try scheme.check(check)
        case .rsaX509(let scheme): try scheme.check(check)
        case .rsa(let scheme): try scheme.check(check)
        case .oidc(let scheme): try scheme.check(check)
        case .token(let scheme): try scheme.check(check)
        case .none: .verified(by: nil, as: name, at: nil)
        }
    }

    /// What a check came to when it did not refuse.
    enum Proof: Sendable {
        /// `by` is the reference of the secret or certificate, never its value; `as` is the line's
        /// `authtype`.
        case verified(by: String?, as: String, at: Timestamp?)
        /// What the provider publishes at a URL must be had first.
        case needs(TrustDocument)
    }
}

/// Where in a request a scheme finds what it checks.
enum SchemePlace: Hashable, Sendable {
    /// In one of these.
    case headers([Int])
    case query(String)
    case path
    case body
    case anywhere

    /// The place for people.
    func words(_ table: HeaderTable) -> String {
        switch self {
        case .headers(let slots):
            "header \(slots.map { table.names[$0] }.joined(separator: " or "))"
        case .query(let name): "the URL's parameter \(name)"
        case .path: "the URL's path"
        case .body: "the body"
        case .anywhere: "nothing"
        }
    }

    /// Whether a request has something there.
    func isFilled(in context: RequestContext) -> Bool {
        switch self {
        case .headers(let slots):
            slots.contains { context.slots.find($0, in: context.request) != .missing }
        case .query(let name): context.parameter(name) != nil
        case .path: context.pathSecret != nil
        case .body, .anywhere: true
        }
    }
}

/// What a secret is to a scheme.
enum SchemeKey: Sendable {
    case shared(HMACKey)
    case publicKey(VerifyingKey)
    /// The secret's own bytes.
    case text([UInt8])
}

/// One request under check by one scheme.
struct SignatureCheck: ~Copyable {
    let context: RequestContext
    let source: Source
    /// The live keys, as the scheme takes them.
    let keys: [Source.Key]
    let now: Timestamp
    /// What was fetched of providers so far.
    let fetched: FetchedTrust

    /// The value of a header that cannot be done without.
    func required(_ slot: Int) throws(Refusal) -> String {
        try context.slots.required(slot, in: context.request, context.table)
    }
}
