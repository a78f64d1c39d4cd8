internal import HTTPClient

/// A request to somebody who anchors the log.
package struct AnchorRequest: Sendable {
    /// `GET` or `POST`.
    package var method: String
    package var url: String
    /// The body's media type; `nil` without a body.
    package var contentType: String?
    package var body: [UInt8]
    /// The longest time that it may take.
    package var seconds: Double
}

/// Sends a request, on this thread, and gives status and body of whatever is answered; the body is
/// at most `AnchorTransport.longestAnswer` bytes.
package typealias AnchorSend =
    @Sendable (AnchorRequest) throws -> (status: Int, body: [UInt8])

/// How witnesses and time stamp authorities are reached.
package enum AnchorTransport {
    /// The longest answer that is read: a checkpoint with many cosignatures, or a time stamp with a
    /// chain of certificates, has a tenth of it.
    package static let longestAnswer = 256 << 10

    /// Sends over HTTP or HTTPS.
    ///
    /// Plain HTTP will do: what is sent is public to whoever asks for the log's checkpoint, and
    /// what comes back is signed.
    package static let http: AnchorSend = { request in
        let client = HTTPClient(allowsPlainHTTP: true)
        let headers = request.contentType.map { [(name: "Content-Type", value: $0)] } ?? []
        let answer = try client.send(
            request.method,
            request.url,
            headers: headers,
            body: request.body,
            limits: HTTPClient.Limits(bytes: longestAnswer, seconds: request.seconds)
        )
        return (answer.status, answer.body)
    }

    /// The first words of an answer that is an error, fit for a message.
    static func words(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(200), as: UTF8.self)
        let shown = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
        var words = ""
        words.unicodeScalars.append(contentsOf: shown)
        let trimmed = words.split(separator: " ").joined(separator: " ")
        return trimmed.isEmpty ? "nothing more" : trimmed
    }
}
