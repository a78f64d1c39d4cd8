internal import CMicrohttpd

/// Gives an answer to libmicrohttpd; status 0 if it takes none on this connection.
func queue(
    _ answer: HTTPAnswer,
    closes: Bool,
    on connection: OpaquePointer
) -> (status: Int, bytes: Int) {
    guard (200...599).contains(answer.status),
        let response = unsafe makeResponse(answer, closes: closes)
    else {
        // Only our own code can have made such an answer; the client's view is a failing server.
        return unsafe queue(.text(500, "unusable answer"), closes: closes, on: connection)
    }
    defer { unsafe MHD_destroy_response(response) }
    let isQueued =
        unsafe MHD_queue_response(connection, UInt32(answer.status), response) == .YES
    return isQueued ? (answer.status, answer.body.count) : (0, 0)
}

/// `nil` if a header has a line end in it, or is one that the server sets.
private func makeResponse(_ answer: HTTPAnswer, closes: Bool) -> OpaquePointer? {
    let response = unsafe answer.body.withUnsafeBytes { body in
        unsafe MHD_create_response_from_buffer(
            body.count,
            UnsafeMutableRawPointer(mutating: body.baseAddress),
            .RESPMEM_MUST_COPY
        )
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
