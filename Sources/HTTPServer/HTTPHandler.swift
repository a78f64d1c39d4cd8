/// What a server does with requests.
///
/// All three functions are called on the server's worker threads, several at once. One that blocks
/// holds up every connection of its worker.
package protocol HTTPHandler: Sendable {
    /// Says, from the headers alone, how much of a body to read, or refuses the request.
    ///
    /// The request's `body` is still empty. Called for requests without a body too.
    func admit(_ request: HTTPRequest) -> Admission

    /// Answers a complete request.
    func handle(_ request: HTTPRequest) -> Disposition

    /// Learns of a request's end: the answer was sent, or the connection broke.
    func finished(_ record: AccessRecord)
}

/// What is decided about a request when only its head is known.
package enum Admission: Sendable {
    /// Reads a body of at most so many bytes; a longer one is answered with 413.
    case body(limit: Int)
    /// Answers without reading the body; the connection is closed if one was announced.
    case refuse(HTTPAnswer)
}

/// What becomes of a complete request.
package enum Disposition: Sendable {
    /// Answers at once.
    case answer(HTTPAnswer)
    /// Frees the worker; the closure is called at once with what the answer is later given to.
    case later(@Sendable (Responder) -> Void)
}

/// One finished request, for the access log.
package struct AccessRecord: Sendable {
    /// As on the request line; empty if the request broke off before its headers were complete.
    package let method: String
    /// Path and query as on the request line.
    package let target: String
    /// The client's address without port.
    package let peer: String
    /// The answer's status; 0 if there was none.
    package let status: Int
    /// Whether the answer was sent to its end.
    package let isComplete: Bool
    /// From the request line to the end, in microseconds.
    package let microseconds: Int
    /// Bytes of the request's head and body.
    package let bytesIn: Int
    /// Bytes of the answer's body; 0 if it was not sent to its end, unless it was streamed.
    package let bytesOut: Int
}
