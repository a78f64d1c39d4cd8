internal import Bytes
internal import Digest
internal import YAML

/// How a provider shows that a request is its own.
enum Scheme: Sendable {
    case hmac(HMACScheme)
    case rsaX509(RSAX509Scheme)
    /// Nothing is shown: recorded as unauthenticated.
    case none

    /// The line's `authtype`.
    var name: String {
        switch self {
        case .hmac(let scheme): "hmac-\(scheme.algorithm)"
        case .rsaX509: "rsa-x509"
        case .none: "none"
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
        case .none: .verified(by: nil, at: nil)
        }
    }

    /// What a check came to when it did not refuse.
    enum Proof: Sendable {
        /// `by` is the reference of the secret or certificate, never its value.
        case verified(by: String?, at: Timestamp?)
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

/// A time that is signed along, in a header or a member of one.
struct SignedTime: Sendable {
    private let field: HeaderField
    private let format: TimeFormat

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        field = try HeaderField(node, &headers)
        format = try TimeFormat(node["as"])
    }

    /// The text as it is signed, and the moment it means.
    func read(_ check: borrowing SignatureCheck) throws(Refusal) -> (String, Timestamp) {
        let values = try field.values(check)
        guard values.count == 1, let time = format.read(String(values[0])) else {
            throw Refusal(
                .malformedTimestamp,
                values.isEmpty
                    ? "header \(check.table.names[field.slot]) has no time"
                    : "the signed time is not one \(format.rawValue) time")
        }
        return (String(values[0]), time)
    }
}

/// An HMAC over a template (RFC 2104).
struct HMACScheme: Sendable {
    enum Encoding: String { case hex, base64 }

    let algorithm: HashAlgorithm
    private let isHex: Bool
    private let signed: SignedContent
    private let signature: HeaderField
    private let time: SignedTime?
    /// The prefix of a base64 key; `nil` for keys taken verbatim.
    private let base64KeyPrefix: String?

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "algorithm", "encoding", "signed", "signature", "timestamp", "key",
        ])
        algorithm =
            switch try keys.required("algorithm").word(of: ["sha1", "sha256", "sha512"]) {
            case "sha1": .sha1
            case "sha512": .sha512
            default: .sha256
            }
        isHex = try keys.required("encoding").word(of: ["hex", "base64"]) == "hex"
        signed = try SignedContent(try keys.required("signed"), &headers)
        signature = try HeaderField(try keys.required("signature"), &headers)
        if let node = keys["timestamp"] { time = try SignedTime(node, &headers) } else { time = nil }
        if let node = keys["key"], node.text != "verbatim" {
            let form = try node.mapping(allowed: ["encoding", "prefix"])
            _ = try form.required("encoding").word(of: ["base64"])
            base64KeyPrefix = try form["prefix"]?.string ?? ""
        } else {
            base64KeyPrefix = nil
        }
    }

    /// The key that a secret stands for; `nil` if the secret cannot be one.
    func key(_ secret: [UInt8]) -> HMACKey? {
        guard let base64KeyPrefix else {
            return secret.isEmpty ? nil : HMACKey(algorithm, key: secret.span)
        }
        let prefix = Array(base64KeyPrefix.utf8)
        let text = secret.starts(with: prefix) ? Array(secret.dropFirst(prefix.count)) : secret
        guard let bytes = Base64.decode(text.span, padding: .optional), !bytes.isEmpty else {
            return nil
        }
        return HMACKey(algorithm, key: bytes.span)
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let given = try signature.values(check)
        if given.isEmpty {
            throw Refusal(
                .missingSignature,
                "header \(check.table.names[signature.slot]) has no signature of the known kind")
        }
        let stamp = try time?.read(check)
        let candidates = given.compactMap { decode($0) }
        if candidates.isEmpty {
            throw Refusal(
                .malformedSignature, "the signature is not \(isHex ? "lower-case hex" : "base64")")
        }
        var verified: String?
        for key in check.source.keys {
            var mac = key.key.start()
            try signed.forEach(check, timestamp: stamp?.0 ?? "") { mac.update($0) }
            let expected = mac.finish()
            // Every candidate is compared, so that time tells nothing about which one fits.
            for candidate in candidates where constantTimeEquals(expected.span, candidate.span) {
                verified = verified ?? key.reference
            }
        }
        guard let verified else {
            let count = check.source.keys.count
            throw Refusal(
                .signatureMismatch,
                count == 1
                    ? "the signature does not fit the secret"
                    : "the signature does not fit any of \(count) secrets")
        }
        return .verified(by: verified, at: stamp?.1)
    }

    private func decode(_ text: Substring) -> [UInt8]? {
        let span = text.utf8Span.span
        return isHex ? Hex.decode(span) : Base64.decode(span)
    }
}
