internal import Synchronization

/// What the two ends of a stream share: the producer's `AnswerStream`, and the server's.
///
/// The producer's functions are called outside the lock, and let go outside it, since they may use
/// or end the stream.
final class StreamPipe: Sendable {
    private let state: Mutex<State>

    struct Listener: Sendable {
        let onRoom: @Sendable () -> Void
        let onGone: @Sendable () -> Void
    }

    private struct State {
        var buffer: StreamBuffer
        /// Whom to wake; kept from its attachment until the taker leaves.
        var connection: Connection?
        /// `nil` once there is nothing to tell any more, so that who is held by it can go.
        var listener: Listener?
    }

    init(capacity: Int, listener: Listener) {
        state = Mutex(State(buffer: StreamBuffer(capacity: capacity), listener: listener))
    }

    /// Adds a piece; false if the producer is to wait.
    func write(_ piece: Span<UInt8>) -> Bool {
        let (hasRoom, waiting) = state.withLock { state in
            let (hasRoom, wakes) = state.buffer.add(piece)
            return (hasRoom, wakes ? state.connection : nil)
        }
        if let waiting { waiting.worker.wake(Wake(connection: waiting)) }
        return hasRoom
    }

    /// Ends the stream, unless it has ended.
    func close(_ end: StreamBuffer.End) {
        let (waiting, dropped) = state.withLock { state in
            let (isFirst, wakes) = state.buffer.close(end)
            let dropped = isFirst ? state.listener.take() : nil
            return (wakes ? state.connection : nil, dropped)
        }
        if let waiting { waiting.worker.wake(Wake(connection: waiting)) }
        withExtendedLifetime(dropped) {}
    }

    /// Binds the stream to a connection; false if it has, or had, one.
    func attach(to connection: Connection, length: Int?, takesBytes: Bool) -> Bool {
        let (isFirst, news, listener) = state.withLock { state in
            let (isFirst, news) = state.buffer.attach(length: length, takesBytes: takesBytes)
            if isFirst && takesBytes { state.connection = connection }
            let isOver = isFirst && !takesBytes
            return (isFirst, news, isOver ? state.listener.take() : nil)
        }
        if news == .room { listener?.onRoom() }
        return isFirst
    }

    /// Moves bytes out to the connection.
    func take(into buffer: UnsafeMutableBufferPointer<UInt8>) -> StreamBuffer.Step {
        let (step, listener) = state.withLock { state in
            let step = unsafe state.buffer.take(into: buffer)
            return (step, state.listener)
        }
        if case .bytes(_, makesRoom: true) = step { listener?.onRoom() }
        return step
    }

    /// Parts from the connection, which has taken all or is gone; or no connection ever comes.
    func leave() {
        let (news, connection, listener) = state.withLock { state in
            (state.buffer.leave(), state.connection.take(), state.listener.take())
        }
        if news == .gone { listener?.onGone() }
        withExtendedLifetime(connection) {}
    }
}

/// The server's end of a stream, from the making of its answer on.
final class StreamedBody: Sendable {
    let pipe: StreamPipe
    /// Bytes that are announced; `nil` if that is open.
    let length: Int?

    init(pipe: StreamPipe, length: Int?) {
        self.pipe = pipe
        self.length = length
    }

    // However an answer gets lost, its producer learns of it.
    deinit {
        pipe.leave()
    }
}
