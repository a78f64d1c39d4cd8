internal import Bytes
internal import Digest
internal import YAML

/// How a provider shows that a request is its own.
enum Scheme: Sendable {
    case hmac(HMACScheme)
    case rsaX509(RSAX509Scheme)
    /// Nothing is shown: recorded as unauthenticated.
    case none

    /// The line's `authtype`, unless the proof says better.
    var name: String {
        switch self {
        case .hmac(let scheme): scheme.name
        case .rsaX509: "rsa-x509"
        case .none: "none"
        }
    }

    /// What is signed; `nil` if nothing is.
    var signed: SignedContent? {
        switch self {
        case .hmac(let scheme): scheme.signed
        case .rsaX509(let scheme): scheme.signed
        case .none: nil
        }
    }

    /// The keys of a source's entry that say what to verify with.
    var sourceKeys: [String] {
        let keys =
            switch self {
            case .hmac: ["secrets"]
            case .rsaX509: ["certificates"]
            case .none: [String]()
            }
        return signed?.hasWebhookID == true ? ["webhook_id"] + keys : keys
    }

    /// Refuses a tolerance where no time is signed: nobody would ever look at it.
    func requireTime(_ tolerance: YAMLNode) throws(YAMLError) {
        guard signed?.hasTime == true else {
            throw tolerance.error(
                "found a tolerance, but no time is signed",
                expected: "none here"
            )
        }
    }

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        if node.text == "none" {
            self = .none
            return
        }
        let keys = try node.mapping(allowed: ["hmac", "rsa-x509"])
        guard keys.entries.count == 1 else {
            throw node.error("found \(keys.entries.count) schemes", expected: "exactly one")
        }
        if let node = keys["hmac"] {
            self = .hmac(try HMACScheme(node, &headers))
        } else {
            self = .rsaX509(try RSAX509Scheme(try keys.required("rsa-x509"), &headers))
        }
    }

    /// Checks a request; gives what verified it, by name, and the signed time if there is one.
    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Proof {
        switch self {
        case .hmac(let scheme): try scheme.check(check)
        case .rsaX509(let scheme): try scheme.check(check)
        case .none: .verified(by: nil, as: name, at: nil)
        }
    }

    /// What a check came to when it did not refuse.
    enum Proof: Sendable {
        /// `by` is the reference of the secret or certificate, never its value; `as` is the line's
        /// `authtype`.
        case verified(by: String?, as: String, at: Timestamp?)
        /// The certificate at this URL must be had first.
        case needsCertificate(url: String)
    }
}

/// One request under check.
struct SignatureCheck: ~Copyable {
    let request: InboundRequest
    let slots: HeaderSlots
    let table: HeaderTable
    let source: Source
    let now: Timestamp
    /// The URL as the provider knows it.
    let url: String
    /// Certificates that were fetched, leaf first, by URL.
    let certificates: [String: [Certificate]]
}
