/// Status and headers of an answer.
///
/// The headers come in the answer's order and spelling. Those of a body that was decoded lack
/// `Content-Encoding` and `Content-Length`, which are no longer true.
package struct AnswerHead: Sendable {
    /// At least 200.
    package let status: Int
    /// Those before the body; trailers are left out.
    package let headers: [(name: String, value: String)]
}

/// What became of a transfer.
package struct TransferEnd: Sendable {
    /// Why the answer is not whole; `nil`: it is.
    package let problem: HTTPClientError?
    /// Whether any byte of the request may have left.
    package let wasSent: Bool
    /// From the call that started it to its end.
    package let microseconds: Int64
    /// Whether the answer's body was longer than the rules allow.
    package let isCut: Bool
}

/// Learns of a transfer; all is called on the loop's thread, in order.
package protocol TransferReceiver: AnyObject, Sendable {
    /// Learns that there is a connection and that the request leaves from now on.
    func leaves()
    /// Takes the head of the answer; interim answers are left out.
    func began(_ head: AnswerHead)
    /// Takes a piece of the body; `false` asks for no more until `resume`.
    func received(_ piece: Span<UInt8>) -> Bool
    /// Learns that it is over: called exactly once, and last.
    func ended(_ end: TransferEnd)
}

extension TransferReceiver {
    /// Does nothing: few care.
    package func leaves() {}
}

/// Names a transfer of a loop.
package struct TransferID: Hashable, Sendable {
    let number: UInt64
}
