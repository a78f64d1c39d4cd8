internal import YAML

/// How a service wants to be shown who calls.
package enum AuthKind: Hashable, Sendable {
    /// Not at all.
    case none
    /// A token in `Authorization: Bearer`.
    case bearer
    /// A user and a password, RFC 7617.
    case basic
    /// Keys in headers of these names.
    case header([String])
    /// Keys in parameters of the query.
    case query([String])
    /// Keys in members of the body.
    case body([String])
    /// A bearer token that is granted for a time, RFC 6749; `token` is the URL that grants it, with
    /// `{NAME}` where accounts differ, if it is known.
    case oauth2(token: String?)
    /// The URL is itself the secret.
    case secretURL

    /// Reads a word, or a mapping with one key.
    init(_ node: YAMLNode) throws(YAMLError) {
        guard case .mapping = node.content else {
            switch try node.word(of: ["none", "bearer", "basic", "oauth2", "secret-url"]) {
            case "none": self = .none
            case "bearer": self = .bearer
            case "basic": self = .basic
            case "oauth2": self = .oauth2(token: nil)
            default: self = .secretURL
            }
            return
        }
        let keys = try node.mapping(allowed: ["header", "query", "body", "oauth2"])
        guard keys.entries.count == 1, let entry = keys.entries.first else {
            throw node.error("found \(keys.entries.count) ways", expected: "exactly one")
        }
        switch entry.name {
        case "header":
            for node in entry.value.oneOrMore { _ = try node.headerName }
            self = .header(try entry.value.texts)
        case "query": self = .query(try entry.value.texts)
        case "body": self = .body(try entry.value.texts)
        default:
            let token = try entry.value.mapping(allowed: ["token"]).required("token")
            self = .oauth2(token: try token.urlTemplate)
        }
    }

    /// What it takes, for people.
    package var inWords: String {
        switch self {
        case .none: "none"
        case .bearer: "bearer token"
        case .basic: "user and password"
        case .header(let names): "header \(names.joined(separator: ", "))"
        case .query(let names): "query \(names.joined(separator: ", "))"
        case .body(let names): "body \(names.joined(separator: ", "))"
        case .oauth2(nil): "OAuth 2.0"
        case .oauth2(let token?): "OAuth 2.0, token from \(token)"
        case .secretURL: "secret URL"
        }
    }
}
