internal import YAML

/// A request as a provider sends it, but for its signature.
package struct Sample: Sendable {
    /// The file of the body among the catalog's samples.
    package let file: String
    /// The body's media type.
    package let contentType: String
    /// The headers that the provider sends, without those that sign.
    package let headers: [(name: String, value: String)]
    /// What the provider appends to the URL, without its `?`; may be empty.
    package let query: String
    /// The name of the scheme that it is signed by; `nil` for the first that is used unasked.
    package let scheme: String?
    /// Texts in body and headers that make the event another one when they change.
    package let fresh: [String]
    /// The text in the body that stands for the secret, where that comes in the body.
    package let secret: String?
    /// How many parts it has.
    package let parts: Int

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "file", "type", "headers", "query", "scheme", "fresh", "part_of", "secret",
        ])
        file = try keys.required("file").string
        contentType = try keys.required("type").string
        var headers: [(name: String, value: String)] = []
        for entry in try keys["headers"]?.mapping.entries ?? [] {
            headers.append((entry.name, try entry.value.string))
        }
        self.headers = headers
        query = try keys["query"]?.string ?? ""
        scheme = try keys["scheme"]?.string
        var fresh: [String] = []
        for node in keys["fresh"]?.oneOrMore ?? [] { fresh.append(try node.string) }
        self.fresh = fresh
        secret = try keys["secret"]?.string
        parts = try keys["part_of"]?.integer(in: 0...1000) ?? 0
    }
}
