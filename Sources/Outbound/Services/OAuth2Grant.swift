internal import Bytes
internal import HTTPClient
internal import JSON
internal import YAML

/// How a bearer token is granted: OAuth 2.0, RFC 6749.
///
/// With a refresh token by section 6, else by the client's own credentials, section 4.4.
package struct OAuth2Grant: Sendable {
    let tokenURL: String
    let clientID: String
    let clientSecret: [UInt8]
    let scope: String?
    /// Where the first refresh token comes from; a provider may give another one each time.
    let refreshReference: String?
    let refreshToken: [UInt8]?
    /// Whether the client's secret goes into the body instead of a header (section 2.3.1).
    let showsClientInBody: Bool

    /// Reads `{ token: URL, client_id, client_secret, scope, refresh_token, client_in: body }`.
    init(
        _ node: YAMLNode,
        allowsPlain: Bool,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "token", "client_id", "client_secret", "scope", "refresh_token", "client_in",
        ])
        let token = try keys.required("token")
        tokenURL = try token.string
        let isPlain = allowsPlain && tokenURL.hasPrefix("http://")
        guard isPlain || tokenURL.hasPrefix("https://"), !tokenURL.hasUserName else {
            throw token.error("found another text", expected: "the https URL that grants tokens")
        }
        let id = try keys.required("client_id").secret(resolve)
        clientID = String(repairing: id.span)
        clientSecret = try keys.required("client_secret").secret(resolve)
        scope = try keys.text("scope")
        refreshReference = try keys.text("refresh_token")
        refreshToken = try keys["refresh_token"].map { node throws(YAMLError) in
            try node.secret(resolve)
        }
        showsClientInBody = try keys["client_in"]?.word(of: ["header", "body"]) == "body"
    }

    /// The request for a token.
    func request(refreshToken: [UInt8]?) -> ClientRequest {
        var fields: [(String, [UInt8])] = []
        if let refreshToken {
            fields = [("grant_type", Array("refresh_token".utf8)), ("refresh_token", refreshToken)]
        } else {
            fields = [("grant_type", Array("client_credentials".utf8))]
        }
        if let scope { fields.append(("scope", Array(scope.utf8))) }
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        if showsClientInBody {
            fields.append(("client_id", Array(clientID.utf8)))
            fields.append(("client_secret", clientSecret))
        } else {
            let id = PercentEncoding.encode(Array(clientID.utf8))
            let pair = Array("\(id):\(PercentEncoding.encode(clientSecret))".utf8)
            headers.append((name: "Authorization", value: "Basic \(Base64.encode(pair.span))"))
        }
        let body = fields.map { "\($0.0)=\(PercentEncoding.encode($0.1))" }.joined(separator: "&")
        return ClientRequest(
            method: "POST",
            url: tokenURL,
            headers: headers,
            body: Array(body.utf8)
        )
    }
}

/// A token as section 5.1 grants it.
struct GrantedToken: Sendable {
    let value: String
    /// When it ends; a provider that does not say is believed for an hour.
    let expires: Timestamp
    let refreshToken: [UInt8]?

    /// When a new one is to be had, so that none ends under way.
    func renewal(granted: Timestamp) -> Timestamp {
        let life = expires.microseconds - granted.microseconds
        return Timestamp(microseconds: expires.microseconds - min(life / 4, 120_000_000))
    }

    /// Reads the answer of a token's URL; `nil` if it grants none.
    init?(_ body: [UInt8], at now: Timestamp) {
        var parser = JSONParser()
        guard let root = try? parser.parse(body.span),
            let value = root.member("access_token")?.string,
            !value.isEmpty, value.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        else { return nil }
        self.value = value
        // Some providers write the number as a text.
        let text = root.member("expires_in")?.scalarText
        let seconds = text.flatMap { Decimal.parse($0.utf8Span.span) } ?? 3600
        let life = Int64(min(seconds, UInt64(OutboundLimits.horizonSeconds))) * 1_000_000
        expires = Timestamp(microseconds: now.microseconds + life)
        let refresh = root.member("refresh_token")?.string ?? ""
        let isToken = !refresh.isEmpty && refresh.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
        refreshToken = isToken ? Array(refresh.utf8) : nil
    }
}

/// Percent-encoding of form fields: all but the unreserved characters of RFC 3986 section 2.3.
enum PercentEncoding {
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.append(byte)
            default:
                let hex = Array("0123456789ABCDEF".utf8)
                text += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            }
        }
        return String(repairing: text.span)
    }
}
