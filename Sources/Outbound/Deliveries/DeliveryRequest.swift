/// One attempt as whoever sends it gets it: a POST.
package struct DeliveryRequest: Sendable {
    /// The destination.
    package let url: String
    /// All headers but those of the connection.
    package let headers: [(name: String, value: String)]
    /// The body, byte for byte.
    package let body: [UInt8]
    /// How long it may take from start to end, in milliseconds.
    package let timeout: Int
    /// Whether the destination may be in a private network, and may be reached by plain HTTP.
    package let allowsPrivate: Bool
}

/// What came of one attempt.
package struct DeliveryResult: Sendable {
    /// The answer's status; `nil` if no whole answer came.
    package var status: Int?
    /// The answer's headers.
    package var headers: [(name: String, value: String)]
    /// The beginning of the answer's body, at most `DeliveryLimits.answerBytes`.
    package var body: [UInt8]
    /// Why there is no whole answer, as `WORD: text`.
    package var problem: String?
    /// From the start to the end.
    package var milliseconds: UInt64

    /// Takes what came.
    package init(
        status: Int?,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
        problem: String? = nil,
        milliseconds: UInt64
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.problem = problem
        self.milliseconds = milliseconds
    }

    /// Any 2xx is success; a redirect is none, as it is not followed.
    package var isSuccess: Bool { problem == nil && (200..<300).contains(status ?? 0) }

    /// How the attempt stands in the log if it was not tried at all.
    static func notTried(_ reason: Undeliverable) -> DeliveryResult {
        DeliveryResult(
            status: nil,
            problem: DeliveryEvent.undeliverable + reason.description,
            milliseconds: 0
        )
    }
}
