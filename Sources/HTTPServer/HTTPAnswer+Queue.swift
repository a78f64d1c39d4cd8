internal import CMicrohttpd

/// Gives an answer to libmicrohttpd; status 0 if it takes none on this connection.
func queue(
    _ answer: HTTPAnswer,
    closes: Bool,
    to request: HTTPRequest
) -> (status: Int, bytes: Int) {
    guard (200...599).contains(answer.status),
        let response = unsafe makeResponse(answer, closes: closes, to: request)
    else {
        request.sender = nil
        // Only our own code can have made such an answer; the client's view is a failing server.
        return queue(.text(500, "unusable answer"), closes: closes, to: request)
    }
    defer { unsafe MHD_destroy_response(response) }
    let isQueued =
        unsafe MHD_queue_response(request.liveHandle, UInt32(answer.status), response) == .YES
    return isQueued ? (answer.status, answer.body.count) : (0, 0)
}

/// `nil` if a header has a line end in it, or is one that the server sets, or the body is a stream
/// that cannot be sent.
private func makeResponse(
    _ answer: HTTPAnswer,
    closes: Bool,
    to request: HTTPRequest
) -> OpaquePointer? {
    let response =
        if let stream = answer.stream {
            unsafe StreamSender.makeResponse(stream, status: answer.status, to: request)
        } else {
            unsafe makeResponse(answer.body)
        }
    guard let response = unsafe response else { return nil }
    var isGood = true
    for (name, value) in answer.headers {
        isGood = unsafe isGood && MHD_add_response_header(response, name, value) == .YES
    }
    if closes {
        isGood =
            unsafe isGood && MHD_add_response_header(response, "Connection", "close") == .YES
    }
    if isGood { return unsafe response }
    unsafe MHD_destroy_response(response)
    return nil
}

private func makeResponse(_ body: [UInt8]) -> OpaquePointer? {
    unsafe body.withUnsafeBytes { body in
        unsafe MHD_create_response_from_buffer(
            body.count,
            UnsafeMutableRawPointer(mutating: body.baseAddress),
            .RESPMEM_MUST_COPY
        )
    }
}
