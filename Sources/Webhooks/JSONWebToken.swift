internal import Bytes
internal import JSON

/// A signed token in compact form (RFC 7515 section 7.1) with an RS256 signature.
///
/// The algorithm is ours, never the token's choice, and so are the keys: members of the header that
/// bring or point to a key (`jwk`, `jku`, `x5c`, `x5u`) are not looked at. Refusals never have the
/// token in them, which is a credential for as long as it lives.
struct JSONWebToken: Sendable {
    /// The only algorithm: RSA, PKCS #1 v1.5, SHA-256 (RFC 7518 section 3.3).
    static let algorithm = "RS256"

    /// The id of the key that it says it was signed with.
    let keyID: String?
    /// What is signed: the first two parts with the dot between them.
    let signed: [UInt8]
    /// The signature over `signed`.
    let signature: [UInt8]
    private let payload: [UInt8]

    /// Splits a token and reads its header; nothing of it is proven yet.
    init(_ text: Span<UInt8>) throws(Refusal) {
        guard text.count <= WebhookLimits.tokenBytes else {
            throw Refusal(
                .malformedToken,
                "token has \(text.count) bytes, expected at most \(WebhookLimits.tokenBytes)"
            )
        }
        var dots: [Int] = []
        for index in text.indices where text[index] == UInt8(ascii: ".") { dots.append(index) }
        guard dots.count == 2 else {
            throw Refusal(
                .malformedToken,
                "token has \(dots.count + 1) parts, expected header, claims and signature"
            )
        }
        let header = try Self.decode(text.extracting(..<dots[0]), "header")
        payload = try Self.decode(text.extracting(dots[0] + 1..<dots[1]), "claims")
        signature = try Self.decode(text.extracting(dots[1] + 1..<text.count), "signature")
        signed = Array(copying: text.extracting(..<dots[1]))
        keyID = try Self.keyID(header)
    }

    /// Reads the claims: to be called once the signature is known to fit.
    func claims() throws(Refusal) -> TokenClaims {
        let payload = payload
        var parser = Self.parser
        return try TokenClaims(try Self.object(payload.span, "claims", &parser))
    }

    private static var parser: JSONParser {
        JSONParser(
            maximumDepth: WebhookLimits.tokenDepth,
            maximumBytes: WebhookLimits.tokenBytes
        )
    }

    private static func decode(_ part: Span<UInt8>, _ name: String) throws(Refusal) -> [UInt8] {
        guard !part.isEmpty,
            let bytes = Base64.decode(part, padding: .refused, alphabet: .url)
        else {
            throw Refusal(.malformedToken, "token's \(name) is not base64url without padding")
        }
        return bytes
    }

    /// Reads an object in which no name is repeated: who wins would be anybody's guess.
    @_lifetime(&parser)
    private static func object(
        _ bytes: Span<UInt8>,
        _ name: String,
        _ parser: inout JSONParser
    ) throws(Refusal) -> JSONValue {
        do throws(JSONError) {
            let value = try parser.parse(bytes)
            try value.requireDistinctKeys()
            guard value.kind == .object else { throw .notAnObject(found: value.kind) }
            return value
        } catch {
            throw Refusal(.malformedToken, "token's \(name): \(error)")
        }
    }

    /// Judges the header (RFC 7515 section 4.1, RFC 8725 sections 3.1 and 3.11).
    private static func keyID(_ header: [UInt8]) throws(Refusal) -> String? {
        var parser = Self.parser
        let header = try object(header.span, "header", &parser)
        guard let name = header.member("alg") else {
            throw Refusal(.unknownAlgorithm, "alg is missing, expected \(algorithm)")
        }
        guard name.string == algorithm else {
            throw Refusal(.unknownAlgorithm, "alg \(shown(name.string)), expected \(algorithm)")
        }
        // It names members that must be understood, and we understand none.
        guard header.member("crit") == nil else {
            throw Refusal(.malformedToken, "token's header has crit, expected none")
        }
        if let type = header.member("typ") {
            guard type.string?.lowercased() == "jwt" else {
                throw Refusal(.malformedToken, "typ \(shown(type.string)), expected JWT")
            }
        }
        guard let kid = header.member("kid") else { return nil }
        guard let id = kid.string, (1...WebhookLimits.keyIDBytes).contains(id.utf8.count) else {
            throw Refusal(
                .malformedToken,
                "kid is no text of 1 to \(WebhookLimits.keyIDBytes) bytes"
            )
        }
        return id
    }
}
