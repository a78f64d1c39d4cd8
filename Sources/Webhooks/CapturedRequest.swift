internal import Bytes
internal import Digest
internal import JSON

/// A request as somebody captured it, with what to check it by.
struct CapturedRequest {
    let id: String
    let provider: String
    /// The name of the scheme to check by; `nil` for those that are used unasked.
    let scheme: String?
    let secrets: [[UInt8]]
    let webhookID: String
    let request: InboundRequest
    let now: Timestamp?
    let tolerance: Int64?
    /// Who a bearer token must be for, and whose it must be.
    let audience: String?
    let email: String?
    private let pem: [UInt8]?
    private let jwk: [UInt8]?

    init(_ value: JSONValue) {
        func text(_ name: String) -> String? { value.member(name)?.string }
        func number(_ name: String) -> Int64? { value.member(name)?.int64 }
        id = value.member("id")?.scalarText ?? ""
        provider = text("provider") ?? ""
        scheme = text("use_scheme")
        secrets = [text("secret"), text("previous_secret")].compactMap { $0.map { Array($0.utf8) } }
        webhookID = text("webhook_id") ?? ""
        now = number("now_unix").flatMap { Timestamp(unixSeconds: $0) }
        tolerance = number("tolerance_s")
        let expected = value.member("expected")
        audience = expected?.member("aud")?.string
        email = expected?.member("email")?.string
        pem = text("public_key_pem").map { Array($0.utf8) }
        var jwk: [UInt8] = []
        if let key = value.member("public_jwk"), key.kind == .object,
            (try? key.appendCanonical(to: &jwk)) != nil
        {
            self.jwk = jwk
        } else {
            self.jwk = nil
        }
        var headers: [(name: String, value: String)] = []
        value.member("headers")?.forEachMember { member in
            if let text = member.value.scalarText { headers.append((member.name, text)) }
            member.value.forEachElement { element in
                if let text = element.string { headers.append((member.name, text)) }
            }
        }
        if let type = text("content_type"),
            !headers.contains(where: { $0.name.lowercased() == "content-type" })
        {
            headers.append(("Content-Type", type))
        }
        request = InboundRequest(
            method: text("method") ?? "POST",
            target: text("url") ?? "",
            headers: headers,
            body: Array((text("body") ?? "").utf8)
        )
    }

    /// The certificates in the PEM text, none if that is a key or not there.
    func certificates() throws -> [Certificate] {
        guard let pem, let text = String(validating: pem, as: UTF8.self),
            text.contains("BEGIN CERTIFICATE")
        else { return [] }
        return try Certificate.parseAll(pem: pem)
    }

    /// The public keys, from a JWK or a PEM text.
    func webKeys() throws -> [WebKey] {
        if let jwk { return try WebKeys.parse(jwk.span) }
        guard let pem, try certificates().isEmpty else { return [] }
        return try WebKeys.parse(pem.span)
    }
}
