internal import Synchronization

/// The body of an answer that is sent while it is still made; any thread, one producer.
///
/// It belongs to one answer, and ends with `end` or `fail`. One that is dropped before has failed:
/// a producer that its own closures hold is never dropped, so they should hold it weakly, or the
/// producer must end the stream. Bytes count as sent when the system has taken them.
///
/// The closures are let go when the stream ends, when the client is gone or has all that was
/// announced to it, and when the answer is dropped unsent.
package final class AnswerStream: Sendable {
    private let pipe: StreamPipe
    private let isBound = Atomic<Bool>(false)

    /// Makes a stream that is full when so many bytes, or more, wait to be sent.
    ///
    /// `onRoom` is called, on a worker's thread, when half of them are gone after `write` returned
    /// false. `onGone` is called, once, when the client is gone before the end, when more was
    /// written than was announced, or when the answer was never sent: on a worker's thread, or the
    /// one that dropped the answer. After it there is no `onRoom`. Neither is called when the stream
    /// has ended, but one that began before may still run. Each may be called before `write` has
    /// returned, and must not block.
    ///
    /// A client that closes its own direction counts as gone as soon as there is nothing to send.
    package init(
        capacity: Int = 256 << 10,
        onRoom: @escaping @Sendable () -> Void,
        onGone: @escaping @Sendable () -> Void
    ) {
        pipe = StreamPipe(
            capacity: capacity,
            listener: StreamPipe.Listener(onRoom: onRoom, onGone: onGone)
        )
    }

    deinit {
        pipe.close(.failed)
    }

    /// Adds a piece, always taken; false if the stream is full, and `onRoom` will tell of room.
    ///
    /// Pieces that nobody is to get are dropped, and true is returned: after the end, when the
    /// client is gone, and for an answer without a body.
    package func write(_ piece: Span<UInt8>) -> Bool {
        pipe.write(piece)
    }

    /// Ends the body, which is whole.
    ///
    /// Ends and failures that come later are ignored. If the body is shorter or longer than was
    /// announced, the connection is broken instead.
    package func end() {
        pipe.close(.whole)
    }

    /// Breaks the connection, so that the client sees that the body is not whole.
    ///
    /// What was written and not yet sent is dropped. If the answer's head was not sent either, it
    /// may still be. Nothing breaks if the client has all that was announced to it.
    package func fail() {
        pipe.close(.failed)
    }

    /// The server's end, which there is once.
    func makeBody(length: Int?) -> StreamedBody {
        let wasBound = isBound.exchange(true, ordering: .relaxed)
        precondition(!wasBound, "a stream is the body of two answers")
        return StreamedBody(pipe: pipe, length: length)
    }
}
