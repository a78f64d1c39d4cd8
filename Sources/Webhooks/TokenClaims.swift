internal import Bytes
internal import JSON

/// What a token says (RFC 7519 section 4.1, OpenID Connect Core section 5.1).
struct TokenClaims: Sendable {
    /// `iss`, who made it.
    let issuer: String?
    /// `aud`, whom it is for; one or several.
    let audiences: [String]
    /// `email`, the account that it is about.
    let email: String?
    /// `email_verified`: whether the issuer knows that the address is the account's.
    let isEmailVerified: Bool
    /// `iat`, when it was made.
    let issued: Timestamp
    /// `exp`, from when on it no longer counts.
    let expires: Timestamp
    /// `nbf`, before when it does not count.
    let notBefore: Timestamp?

    init(_ claims: JSONValue) throws(Refusal) {
        issuer = claims.member("iss")?.string
        audiences = try Self.audiences(claims.member("aud"))
        email = claims.member("email")?.string
        isEmailVerified = claims.member("email_verified")?.bool == true
        guard let issued = try Self.time("iat", in: claims),
            let expires = try Self.time("exp", in: claims)
        else { throw Refusal(.malformedToken, "token has no iat or no exp, expected both") }
        self.issued = issued
        self.expires = expires
        notBefore = try Self.time("nbf", in: claims)
    }

    private static func audiences(_ value: JSONValue?) throws(Refusal) -> [String] {
        guard let value else { return [] }
        if let one = value.string { return [one] }
        var audiences: [String] = []
        value.forEachElement { if let text = $0.string { audiences.append(text) } }
        guard value.kind == .array, audiences.count == value.count else {
            throw Refusal(.malformedToken, "token's aud is neither a text nor a list of texts")
        }
        return audiences
    }

    /// Seconds since 1970, possibly with a fraction (RFC 7519 section 2, NumericDate).
    private static func time(_ name: String, in claims: JSONValue) throws(Refusal) -> Timestamp? {
        guard let value = claims.member(name) else { return nil }
        var time = value.int64.flatMap { Timestamp(unixSeconds: $0) }
        if value.kind == .double, let seconds = value.double, abs(seconds) < 1e11 {
            time = Timestamp(microseconds: Int64(seconds * 1_000_000))
        }
        guard let time else {
            throw Refusal(.malformedToken, "token's \(name) is not a time in unix seconds")
        }
        return time
    }
}

extension TokenClaims {
    /// Refuses a token of another issuer, for somebody else, or about another account.
    ///
    /// `email` is `nil` where any account of the issuer will do.
    func require(
        issuers: [String],
        audience: String?,
        email expected: String?
    ) throws(Refusal) {
        guard let issuer, issuers.contains(where: { isSame($0, issuer) }) else {
            throw Refusal(
                .wrongToken,
                "token's issuer is \(shown(issuer)), expected "
                    + issuers.joined(separator: " or ")
            )
        }
        guard let audience else {
            throw Refusal(.wrongToken, "no audience is configured to check the token's with")
        }
        guard audiences.contains(where: { isSame($0, audience) }) else {
            let found = audiences.prefix(3).map { shown($0) }.joined(separator: ", ")
            throw Refusal(
                .wrongToken,
                "token's audience is \(found.isEmpty ? "missing" : found), expected \(audience)"
            )
        }
        guard let expected else { return }
        guard let email, isSame(email, expected) else {
            throw Refusal(
                .wrongToken,
                "token's email is \(email.map { shown($0) } ?? "missing"), expected \(expected)"
            )
        }
        guard isEmailVerified else {
            throw Refusal(.wrongToken, "token's email is not verified by its issuer")
        }
    }

    /// Refuses a token whose time is over or has not come, or that lives longer than it should.
    func requireTime(_ now: Timestamp) throws(Refusal) {
        let leeway = WebhookLimits.tokenLeewaySeconds
        let life = expires.microseconds - issued.microseconds
        guard life > 0 else {
            throw Refusal(.malformedToken, "token expires before it was issued")
        }
        guard life <= WebhookLimits.tokenLifeSeconds * 1_000_000 else {
            throw Refusal(
                .malformedToken,
                "token lives \(life / 1_000_000) s, "
                    + "at most \(WebhookLimits.tokenLifeSeconds) s are accepted"
            )
        }
        let age = now.microseconds - expires.microseconds
        guard age < leeway * 1_000_000 else {
            throw Refusal(.tooOld, "token expired \(age / 1_000_000) s ago")
        }
        for (start, what) in [(issued, "was issued"), (notBefore, "is valid from")] {
            guard let start else { continue }
            let lead = start.microseconds - now.microseconds
            guard lead <= leeway * 1_000_000 else {
                throw Refusal(
                    .tooNew,
                    "token \(what) \((lead + 999_999) / 1_000_000) s ahead, "
                        + "at most \(leeway) s are accepted"
                )
            }
        }
    }

    /// Whether two texts have the same bytes: `==` would also take other forms of one character.
    private func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }
}
