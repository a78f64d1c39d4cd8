/// A response: status, headers, body.
///
/// `Date`, `Content-Length` and `Connection` are added by the server and must not be given here.
package struct HTTPAnswer: Sendable {
    /// 200 to 599.
    package var status: Int
    /// Names and values in the order they are sent.
    package var headers: [(String, String)]
    /// The content, unless it is streamed; not sent to `HEAD`, nor with 204 and 304.
    package var body: [UInt8]
    /// Whether the connection is closed after this answer.
    package var close: Bool
    /// What is sent in place of `body`, if the answer is streamed.
    let stream: StreamedBody?

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
        self.stream = nil
    }

    /// Answers with a body that is still being made.
    ///
    /// `length` is its bytes, where they are known. Without it the body is sent in chunks, and to
    /// clients of HTTP/1.0 until the connection ends. The stream may be in no other answer; of
    /// several copies of this one the first is sent, and the others become 500.
    package init(
        status: Int,
        headers: [(String, String)] = [],
        stream: AnswerStream,
        length: Int?
    ) {
        self.status = status
        self.headers = headers
        self.body = []
        self.close = false
        self.stream = stream.makeBody(length: length)
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
