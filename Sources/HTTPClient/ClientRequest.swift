/// A request to send.
///
/// The headers go out as they are given, and `Host`, `Accept` and `User-Agent` where none is given.
/// `Content-Length` follows from the body; without a body only POST, PUT and PATCH have one.
/// A transfer of the loop says itself which encodings it decodes: an `Accept-Encoding` that is
/// given does not go out.
package struct ClientRequest: Sendable {
    /// The method, a token, in capitals as a rule.
    package var method: String
    /// Absolute, `https` or, where the rules allow it, `http`.
    package var url: String
    /// In the order in which they are sent.
    package var headers: [(name: String, value: String)]
    /// Sent as it is.
    package var body: [UInt8]

    /// Takes the request as it is; whether it can be sent shows when it is.
    package init(
        method: String,
        url: String,
        headers: [(name: String, value: String)],
        body: [UInt8]
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
