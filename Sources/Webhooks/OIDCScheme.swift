internal import Bytes
internal import Digest
internal import YAML

/// A bearer token that an OpenID Connect issuer signed (RFC 7519), as Google Pub/Sub pushes with.
///
/// It says who sends and nothing of what is sent: that the body is as it was sent, TLS answers for,
/// and the line says so. The sender chooses the audience, so the account is what proves it.
struct OIDCScheme: Sendable {
    /// The line's `authtype`.
    static let name = "oidc, body unsigned"

    /// The header that the token comes in.
    let slot: Int
    private let prefix: String
    private let issuers: [String]
    private let keys: KeySource

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "prefix", "issuers", "keys"])
        let name = try keys.required("header")
        slot = try headers.slot(named: try name.string, name)
        prefix = try keys["prefix"]?.string ?? ""
        let issuers = try keys.required("issuers")
        var names: [String] = []
        for node in issuers.oneOrMore { names.append(try node.string) }
        guard !names.isEmpty else {
            throw issuers.error("found no issuer", expected: "at least one")
        }
        self.issuers = names
        self.keys = try KeySource(try keys.required("keys"))
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let text = try token(try check.required(slot), check)
        let token = try JSONWebToken(text.utf8Span.span)
        let finding = try keys.find(
            token.keyID,
            token.signature.span,
            token.signed.span,
            check
        )
        switch finding {
        case .needs(let document): return .needs(document)
        case .fits(let name):
            let claims = try token.claims()
            let source = check.source
            try claims.require(issuers: issuers, audience: source.audience, email: source.email)
            try claims.requireTime(check.now)
            return .verified(by: name, as: Self.name, at: nil)
        }
    }

    /// What follows the prefix, whose case does not matter (RFC 9110 section 11.1).
    private func token(
        _ value: String,
        _ check: borrowing SignatureCheck
    ) throws(Refusal) -> Substring {
        let start = value.utf8.prefix(prefix.utf8.count)
        guard start.elementsEqual(prefix.utf8, by: { ASCII.lower($0) == ASCII.lower($1) }),
            start.endIndex != value.utf8.endIndex
        else {
            throw Refusal(
                .missingToken,
                "header \(check.context.table.names[slot]) has no token after \"\(prefix)\""
            )
        }
        return value[start.endIndex...]
    }
}

extension OIDCScheme {
    /// A header value as the issuer itself would make it, with a key for trials, good for an hour.
    ///
    /// The token says that it is for `audience` and about `email`, which is left out if `nil`.
    func sample(
        audience: String,
        email: String?,
        at now: Timestamp,
        keyID: String,
        key: RSASigningKey
    ) throws(DigestError) -> String {
        let seconds = now.microseconds / 1_000_000
        var header: [UInt8] = []
        header.append(ascii: "{\"alg\":\"RS256\",\"kid\":")
        CanonicalJSON.appendString(keyID, to: &header)
        header.append(ascii: ",\"typ\":\"JWT\"}")
        var claims: [UInt8] = []
        claims.append(ascii: "{\"aud\":")
        CanonicalJSON.appendString(audience, to: &claims)
        if let email {
            claims.append(ascii: ",\"email\":")
            CanonicalJSON.appendString(email, to: &claims)
            claims.append(ascii: ",\"email_verified\":true")
        }
        claims += ",\"exp\":\(seconds + 3600),\"iat\":\(seconds),\"iss\":".utf8
        CanonicalJSON.appendString(issuers[0], to: &claims)
        claims.append(ascii: "}")
        let signed = "\(Base64.encodeURL(header.span)).\(Base64.encodeURL(claims.span))"
        let signature = try key.sign(signed.utf8Span.span)
        return "\(prefix)\(signed).\(Base64.encodeURL(signature.span))"
    }
}
