/// A response: status, headers, body.
///
/// `Date`, `Content-Length` and `Connection` are added by the server and must not be given here.
package struct HTTPAnswer: Sendable {
    /// 200 to 599.
    package var status: Int
    /// Names and values in the order they are sent.
    package var headers: [(String, String)]
    /// The content; not sent to `HEAD`, nor with 204 and 304.
    package var body: [UInt8]
    /// Whether the connection is closed after this answer.
    package var close: Bool

    /// Takes the parts of an answer.
    package init(
        status: Int,
        headers: [(String, String)] = [],
        body: [UInt8] = [],
        close: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.close = close
    }

    /// Answers with plain text; a line end is added.
    package static func text(_ status: Int, _ text: String) -> Self {
        Self(
            status: status,
            headers: [("Content-Type", "text/plain; charset=utf-8")],
            body: Array((text + "\n").utf8)
        )
    }

    /// Answers without a body.
    package static func empty(_ status: Int) -> Self {
        Self(status: status)
    }
}
