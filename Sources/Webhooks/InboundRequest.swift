/// A request as it was received, its body complete.
package struct InboundRequest: Sendable {
    /// As on the request line.
    package var method: String
    /// Path and query as on the request line, percent-encoding untouched.
    package var target: String
    /// All header lines in the order received, names in the sender's case, doubled ones kept.
    package var headers: [(name: String, value: String)]
    /// The content, byte for byte.
    package var body: [UInt8]

    /// Takes the parts of a request.
    package init(
        method: String,
        target: String,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }
}
