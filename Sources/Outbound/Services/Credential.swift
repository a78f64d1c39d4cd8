internal import Bytes
internal import Digest
internal import YAML

/// How a service is shown who calls, with the secrets themselves.
package enum Credential: Sendable {
    /// Not at all.
    case none
    /// In headers, each with its whole value.
    case headers([HeaderSecret])
    /// In parameters of the query.
    case query([HeaderSecret])
    /// By a bearer token that is granted for a time.
    case oauth2(OAuth2Grant)

    /// A name with the value that goes out under it, and the secret that is in the value.
    package struct HeaderSecret: Sendable {
        /// A header's or a parameter's name.
        package let name: String
        let value: String
        let secret: [UInt8]
    }

    /// The headers that carry it; none of them is passed on from a caller, or recorded.
    var headerNames: [String] {
        switch self {
        case .none, .query: []
        case .headers(let secrets): secrets.map(\.name.asciiLowercased)
        case .oauth2: ["authorization"]
        }
    }

    /// The secrets as texts.
    var secretTexts: [String] {
        switch self {
        case .none, .oauth2: []
        case .headers(let secrets), .query(let secrets):
            secrets.map { String(repairing: $0.secret.span) }
        }
    }

    /// The parameters that carry it.
    var parameterNames: [String] {
        if case .query(let secrets) = self { secrets.map(\.name) } else { [] }
    }

    /// Whether somebody shows the very secret: such a caller could call the service anyway.
    package func isShown(by presented: Span<UInt8>) -> Bool {
        let secrets: [HeaderSecret]
        switch self {
        case .headers(let found), .query(let found): secrets = found
        case .none, .oauth2: return false
        }
        // Of several values some are no secrets, such as an account's number.
        guard secrets.count == 1 else { return false }
        var isShown = false
        for entry in secrets {
            let value = Array(entry.value.utf8)
            isShown = constantTimeEquals(entry.secret.span, presented) || isShown
            isShown = constantTimeEquals(value.span, presented) || isShown
        }
        return isShown
    }
}

extension Credential {
    /// Reads `auth:` of a service: `none`, `{ bearer: REF }`, `{ basic: { user: REF, password: REF } }`,
    /// `{ header: { NAME: REF or a text with {REF} } }`, `{ query: { NAME: REF } }` or
    /// `{ oauth2: … }`, where REF is a reference to a secret that `resolve` gives the value of; plain
    /// HTTP is only for a service that may be in a private network.
    init(
        _ node: YAMLNode,
        allowsPlain: Bool,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        if case .scalar = node.content {
            _ = try node.word(of: ["none"])
            self = .none
            return
        }
        let keys = try node.mapping(allowed: ["bearer", "basic", "header", "query", "oauth2"])
        guard keys.entries.count == 1, let entry = keys.entries.first else {
            throw node.error("found \(keys.entries.count) ways", expected: "exactly one")
        }
        switch entry.name {
        case "bearer":
            let token = try entry.value.secret(resolve)
            let text = String(repairing: token.span)
            self = .headers([
                HeaderSecret(name: "Authorization", value: "Bearer \(text)", secret: token)
            ])
        case "basic": self = .headers([try Self.basic(entry.value, resolve)])
        case "header": self = .headers(try Self.named(entry.value, resolve))
        case "query": self = .query(try Self.named(entry.value, resolve))
        default:
            self = .oauth2(
                try OAuth2Grant(
                    entry.value,
                    allowsPlain: allowsPlain,
                    resolve: resolve
                )
            )
        }
    }

    private static func basic(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> HeaderSecret {
        let keys = try node.mapping(allowed: ["user", "password"])
        let user = try keys.required("user").secret(resolve)
        let password = try keys["password"].map { node throws(YAMLError) in
            try node.secret(resolve)
        }
        let pair = user + [UInt8(ascii: ":")] + (password ?? [])
        let value = "Basic \(Base64.encode(pair.span))"
        // A user without a password is the secret, as Stripe takes its keys.
        return HeaderSecret(
            name: "Authorization",
            value: value,
            secret: password == nil ? user : pair
        )
    }

    private static func named(
        _ node: YAMLNode,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [HeaderSecret] {
        var secrets: [HeaderSecret] = []
        for entry in try node.mapping.entries.prefix(OutboundLimits.entries) {
            let template = try entry.value.string
            guard let open = template.firstIndex(of: "{"), template.hasSuffix("}") else {
                let secret = try entry.value.secret(resolve)
                let value = String(repairing: secret.span)
                secrets.append(
                    HeaderSecret(name: try entry.key.headerName, value: value, secret: secret)
                )
                continue
            }
            let reference = template[template.index(after: open)...].dropLast()
            let secret = try entry.value.secret(String(reference), resolve)
            let value = template[..<open] + String(repairing: secret.span)
            secrets.append(
                HeaderSecret(name: try entry.key.headerName, value: String(value), secret: secret)
            )
        }
        guard !secrets.isEmpty else { throw node.mismatch(expected: "a name and its secret") }
        return secrets
    }
}

extension YAMLNode {
    /// The value that a reference such as `env:NAME` stands for.
    func secret(_ resolve: (String) throws -> [UInt8]) throws(YAMLError) -> [UInt8] {
        try secret(try string, resolve)
    }

    /// The same for a reference that is only a piece of the node's text.
    func secret(
        _ reference: String,
        _ resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [UInt8] {
        let value: [UInt8]
        do {
            value = try resolve(reference)
        } catch {
            throw self.error("\(error)")
        }
        guard !value.isEmpty, value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
            throw self.error("the secret is empty or holds a control character")
        }
        return value
    }
}
