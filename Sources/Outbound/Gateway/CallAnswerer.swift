/// Where the answer to a request of the gateway goes; exactly one of its functions is called, once.
package protocol CallAnswerer: Sendable {
    /// Passes on a whole answer of the service; `call` is the sequence of its event.
    func answer(_ head: CallHead, _ body: [UInt8])
    /// Answers with a problem of our own.
    func refuse(_ problem: CallProblem, call: UInt64?)
    /// Begins to pass on a long answer of the service.
    ///
    /// `onRoom` is called when there is room again after a piece that was one too many.
    func stream(_ head: CallHead, onRoom: @escaping @Sendable () -> Void) -> any CallStream
}

/// An answer's status and headers, as the caller gets them.
package struct CallHead: Sendable {
    /// The service's status.
    package let status: Int
    /// Its headers, without those of the connection, and ours.
    package var headers: [(name: String, value: String)]
}

/// The body of a long answer under way to the caller.
package protocol CallStream: Sendable {
    /// Adds a piece, which is taken in any case; `false` asks for no more until there is room.
    func write(_ piece: Span<UInt8>) -> Bool
    /// The body is whole.
    func end()
    /// The body is not whole and will not be: the caller must see that.
    func fail()
}
