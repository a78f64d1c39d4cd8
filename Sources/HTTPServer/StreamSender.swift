internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// A streamed body on its way to a connection; belongs to the connection's worker.
final class StreamSender {
    private let body: StreamedBody
    private let connection: Connection
    private let request: HTTPRequest
    /// Whether only the connection's end tells the client that of the body.
    private let endsByClosing: Bool

    /// libmicrohttpd's buffer for a body that is not chunked, allocated with every answer.
    private static let blockBytes = 32 << 10

    private init(body: StreamedBody, request: HTTPRequest, endsByClosing: Bool) {
        self.body = body
        self.request = request
        self.connection = request.connection
        self.endsByClosing = endsByClosing
    }

    /// Makes a response of a body that answers a request; `nil` if it cannot be sent.
    static func makeResponse(
        _ body: StreamedBody,
        status: Int,
        to request: HTTPRequest
    ) -> OpaquePointer? {
        if let length = body.length, length < 0 { return nil }
        let takesBytes = request.method != "HEAD" && status != 204 && status != 304
        guard
            body.pipe.attach(
                to: request.connection,
                length: body.length,
                takesBytes: takesBytes
            )
        else { return nil }
        let isOpenEnded = body.length == nil
        let endsByClosing = takesBytes && isOpenEnded && request.isVersion10
        let sender = StreamSender(body: body, request: request, endsByClosing: endsByClosing)
        let context = unsafe Unmanaged.passRetained(sender)
        guard
            let response = unsafe MHD_create_response_from_callback(
                body.length.map { UInt64($0) } ?? UInt64.max,
                min(blockBytes, max(1, body.length ?? blockBytes)),
                readStream,
                context.toOpaque(),
                leaveStream
            )
        else {
            unsafe context.release()
            body.pipe.leave()
            return nil
        }
        if isOpenEnded && !takesBytes && status != 204 {
            // libmicrohttpd 0.9.75 would announce chunks and send the last one, without a body.
            _ = unsafe daybook_mhd_close_after(response)
        }
        request.sender = sender
        request.connection.breaksByReset.store(endsByClosing, ordering: .relaxed)
        return unsafe response
    }

    /// Fills libmicrohttpd's buffer; gives the count, 0 after having suspended the connection.
    fileprivate func fill(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        switch unsafe body.pipe.take(into: buffer) {
        case .bytes(let count, _):
            request.answerBytes += count
            connection.allowTime(bytes: count)
            return count
        case .starving:
            connection.starve()
            return 0
        case .whole:
            if endsByClosing { connection.reap() }
            return Int(daybook_mhd_stream_end)
        case .broken:
            if endsByClosing { connection.shutDown() }
            connection.reap()
            return Int(daybook_mhd_stream_error)
        }
    }

    /// Takes it that the client is gone.
    func leave() {
        body.pipe.leave()
    }

    /// Takes it that there is nothing more to send, for whatever reason.
    fileprivate func finish() {
        connection.breaksByReset.store(false, ordering: .relaxed)
        leave()
    }
}

/// libmicrohttpd wants more of a body; on the worker's thread, as all its calls.
private func readStream(
    _ context: UnsafeMutableRawPointer?,
    _ position: UInt64,
    _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: Int
) -> Int {
    guard let context = unsafe context else { return Int(daybook_mhd_stream_error) }
    let sender = unsafe Unmanaged<StreamSender>.fromOpaque(context).takeUnretainedValue()
    let room = unsafe UnsafeMutableBufferPointer(
        start: UnsafeMutableRawPointer(buffer)?.assumingMemoryBound(to: UInt8.self),
        count: buffer == nil ? 0 : size
    )
    return unsafe sender.fill(room)
}

/// libmicrohttpd lets a response go: it was sent, its connection broke, or it was not taken.
private func leaveStream(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<StreamSender>.fromOpaque(context).takeRetainedValue().finish()
}

extension Connection {
    /// Gives the client time for so many bytes more, after it has taken all before them.
    ///
    /// Time not needed is kept up to what a request may take: a client that takes nothing for so
    /// long is cut off, however fast it was before.
    fileprivate func allowTime(bytes: Int) {
        let earned = server.answerNanoseconds(bytes: bytes)
        let latest = monotonicNanoseconds() + server.requestNanoseconds + earned
        enter(.answering, deadline: min(deadline + earned, latest))
    }

    /// Rests, the client having taken all that there is, until `wake`.
    fileprivate func starve() {
        isStarving = true
        enter(.streaming)
        unsafe MHD_suspend_connection(handle)
    }

    /// Goes on with a stream; does nothing if the connection does not wait for one.
    func wake(isGone: Bool) {
        guard isStarving else { return }
        isStarving = false
        if isGone { request?.sender?.leave() }
        enter(.answering, deadline: server.answerDeadline(bytes: 0))
        unsafe MHD_resume_connection(handle)
    }

    /// Sees to it that libmicrohttpd closes this connection soon after its stream's end.
    fileprivate func reap() {
        unsafe daybook_mhd_look_after(handle)
        worker.turn()
    }
}
