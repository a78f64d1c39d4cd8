internal import CMicrohttpd
internal import Glibc
internal import Synchronization

// libmicrohttpd's calls, in the order in which a connection sees them. `context` is the
// worker, alive until its daemon has stopped; a connection's own pointer is its `Connection`,
// retained from the start to the closed notification. All come on the worker's thread.

/// A connection starts or has closed.
func connectionChanged(
    _ context: UnsafeMutableRawPointer?,
    _ handle: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ change: MHD_ConnectionNotificationCode
) {
    guard let context = unsafe context, let handle = unsafe handle, let slot = unsafe slot else {
        return
    }
    let worker = unsafe Unmanaged<Worker>.fromOpaque(context).takeUnretainedValue()
    if change == .CONNECTION_NOTIFY_STARTED {
        guard let address = unsafe daybook_mhd_peer(handle) else { return }
        let connection = unsafe Connection(
            worker: worker,
            handle: handle,
            address: PeerAddress(address),
            descriptor: daybook_mhd_descriptor(handle)
        )
        unsafe slot.pointee = Unmanaged.passRetained(connection).toOpaque()
        worker.started.store(connection.descriptor, ordering: .relaxed)
        worker.server.table.insert(connection)
    } else if let pointer = unsafe slot.pointee {
        unsafe slot.pointee = nil
        worker.server.closed(unsafe Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue())
    }
}

/// A request line is here, not yet taken apart; what is returned comes back with later calls.
func requestLine(
    _ context: UnsafeMutableRawPointer?,
    _ target: UnsafePointer<CChar>?,
    _ handle: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let handle = unsafe handle, let target = unsafe target,
        let pointer = unsafe daybook_mhd_context(handle)
    else { return nil }
    let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
    connection.request = unsafe HTTPRequest(
        connection: connection,
        target: targetText(target),
        targetAddress: UInt(bitPattern: target),
        started: monotonicNanoseconds()
    )
    connection.enter(.receiving)
    // Nobody needs the query in pieces, and when its pieces do not fit its buffer libmicrohttpd
    // 0.9.75 goes on parsing after having answered 414: show it an empty query.
    if let mark = unsafe strchr(target, 0x3f) { unsafe mark[1] = 0 }
    return unsafe pointer
}

/// Text in which libmicrohttpd would undo percent-encoding, which is left as it is.
func unescape(
    _ context: UnsafeMutableRawPointer?,
    _ handle: OpaquePointer?,
    _ text: UnsafeMutablePointer<CChar>?
) -> Int {
    guard let handle = unsafe handle, let text = unsafe text,
        let pointer = unsafe daybook_mhd_context(handle)
    else { return 0 }
    let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
    if let request = connection.request, request.targetAddress != UInt(bitPattern: text) {
        // A piece of a query, which a zero byte in the target has hidden from `requestLine`.
        connection.shutDown()
    }
    return unsafe strlen(text)
}

/// Headers, a piece of the body, the end of the request, or its resumption.
func access(
    _ context: UnsafeMutableRawPointer?,
    _ handle: OpaquePointer?,
    _ url: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?,
    _ data: UnsafePointer<CChar>?,
    _ size: UnsafeMutablePointer<Int>?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let pointer = unsafe slot?.pointee, let size = unsafe size else { return .NO }
    let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
    guard let request = connection.request else { return .NO }
    let piece = unsafe UnsafeBufferPointer(
        start: UnsafeRawPointer(data)?.assumingMemoryBound(to: UInt8.self),
        count: data == nil ? 0 : size.pointee
    )
    unsafe size.pointee = 0
    let goesOn = unsafe request.advance(
        method: method,
        version: version,
        piece: Span(_unsafeElements: piece)
    )
    return goesOn ? .YES : .NO
}

/// A request's answer was sent, or its connection broke.
func completed(
    _ context: UnsafeMutableRawPointer?,
    _ handle: OpaquePointer?,
    _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ reason: MHD_RequestTerminationCode
) {
    guard let pointer = unsafe slot?.pointee, let handle = unsafe handle else { return }
    unsafe slot?.pointee = nil
    let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeUnretainedValue()
    connection.finishRequest(
        isComplete: reason == .REQUEST_TERMINATED_COMPLETED_OK,
        status: Int(unsafe daybook_mhd_status(handle)),
        headBytes: unsafe daybook_mhd_head_size(handle)
    )
}

/// Empty if the target has bytes that no target may have.
private func targetText(_ target: UnsafePointer<CChar>) -> String {
    let bytes = unsafe UnsafeBufferPointer(
        start: UnsafeRawPointer(target).assumingMemoryBound(to: UInt8.self),
        count: strlen(target)
    )
    guard unsafe isVisible(Span(_unsafeElements: bytes)) else { return "" }
    return unsafe String(decoding: bytes, as: UTF8.self)
}
