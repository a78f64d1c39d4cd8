/// What the sender of a webhook is told.
package struct Answer: Hashable, Sendable {
    /// The HTTP status.
    package let status: Int
    /// The body's media type; `nil` if there is no body.
    package let contentType: String?
    /// The body; most providers expect none.
    package let body: [UInt8]

    /// Takes the parts; a body is plain text unless its type is given.
    package init(status: Int, body: [UInt8] = [], contentType: String? = nil) {
        self.status = status
        self.body = body
        self.contentType = body.isEmpty ? nil : contentType ?? "text/plain; charset=utf-8"
    }
}
