internal import Bytes
internal import Digest
internal import JSON
internal import YAML

/// A secret that comes with each request as it is: in a header, the URL or the body.
///
/// It says who sends and nothing of what is sent, and the line says so.
struct TokenScheme: Sendable {
    enum Place: Sendable {
        case headers([Int], prefix: String)
        /// HTTP Basic (RFC 7617); the secret is `user:password`.
        case basic(Int)
        case query(String)
        /// The path's last part: `/hooks/SOURCE/SECRET`.
        case path
        /// A place in the content; a `*` stands for every element, all of which must have it.
        case body([String])
    }

    let token: Place

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "prefix", "basic", "query", "path", "body"])
        let places = keys.entries.filter { $0.name != "prefix" }
        guard places.count == 1, let place = places.first else {
            throw node.error("found \(places.count) places", expected: "exactly one")
        }
        switch place.name {
        case "header":
            var slots: [Int] = []
            for name in place.value.oneOrMore {
                slots.append(try headers.slot(named: try name.string, name))
            }
            token = .headers(slots, prefix: try keys["prefix"]?.string ?? "")
        case "basic": token = .basic(try headers.slot(named: "authorization", place.value))
        case "query": token = .query(try place.value.string)
        case "path": token = .path
        default: token = .body(try Self.steps(place.value))
        }
    }

    private static func steps(_ node: YAMLNode) throws(YAMLError) -> [String] {
        let text = try node.string
        _ = try JSONPointer(text, node)
        return text.split(separator: "/").map { String($0) }
    }

    /// The line's `authtype`.
    var name: String {
        switch token {
        case .headers: "header token, body unsigned"
        case .basic: "basic, body unsigned"
        case .query, .path: "secret url, body unsigned"
        case .body: "body token, body unsigned"
        }
    }

    var place: SchemePlace {
        switch token {
        case .headers(let slots, _): .headers(slots)
        case .basic(let slot): .headers([slot])
        case .query(let name): .query(name)
        case .path: .path
        case .body: .body
        }
    }

    /// What else a source may say.
    var sourceKeys: [String] {
        if case .headers = token { ["header"] } else { [] }
    }

    /// The headers that a secret comes in.
    var slots: [Int] {
        switch token {
        case .headers(let slots, _): slots
        case .basic(let slot): [slot]
        case .query, .path, .body: []
        }
    }

    /// The parameter of the URL that a secret comes in.
    var parameter: String? {
        if case .query(let name) = token { name } else { nil }
    }

    /// Whether the secret is part of the path.
    var isPath: Bool {
        if case .path = token { true } else { false }
    }
}
