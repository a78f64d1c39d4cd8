internal import CMicrohttpd
internal import Glibc

/// One libmicrohttpd daemon, run by its worker: connections and the epoll set they are in.
///
/// libmicrohttpd could run threads of its own, and accept connections. But then each resumption is
/// a system call and a fight for a lock, and `MHD_quiesce_daemon` of 0.9.75 races with a worker's
/// loop and may abort the process.
@safe
struct Daemon: Sendable {
    // Handed from the thread that starts the worker to the worker, which alone uses it from then on.
    private nonisolated(unsafe) let handle: OpaquePointer

    /// Makes a daemon whose callbacks get `worker`, which must outlive it.
    init(worker: Worker, tls: TLSFiles?) throws(HTTPServerError) {
        var message = daybook_mhd_message()
        let started = unsafe withPEM(tls?.certificate) { certificate in
            unsafe withPEM(tls?.key) { key in
                var settings = unsafe makeSettings(worker, certificate, key)
                return unsafe daybook_mhd_start(&settings, &message)
            }
        }
        guard let started = unsafe started else {
            let reason = messageText(message)
            if tls != nil { throw .unusableCertificate(reason: reason) }
            throw .noResources(operation: "start an http worker", reason: reason)
        }
        unsafe handle = started
    }

    /// Makes `run` return soon after every signal.
    func wake(by signal: WakeUp) throws(HTTPServerError) {
        if unsafe daybook_mhd_wake_by(handle, signal.descriptor) != 0 {
            throw .noResources(operation: "watch an eventfd", reason: systemReason(errno))
        }
    }

    /// Takes over an accepted connection; false if it was closed for want of memory.
    func add(_ socket: AcceptedSocket) -> Bool {
        unsafe withUnsafePointer(to: socket.peer) { peer in
            unsafe peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe MHD_add_connection(handle, socket.descriptor, $0, socket.peerLength) == .YES
            }
        }
    }

    /// Deals with events, after waiting for some unless connections were resumed since the last call.
    func run(mayWait: Bool) {
        unsafe daybook_mhd_run(handle, mayWait ? 1 : 0)
    }

    /// Closes all connections, none of which may be suspended, and ends.
    func stop() {
        unsafe MHD_stop_daemon(handle)
    }
}

private func makeSettings(
    _ worker: Worker,
    _ certificate: UnsafePointer<CChar>?,
    _ key: UnsafePointer<CChar>?
) -> daybook_mhd_settings {
    unsafe daybook_mhd_settings(
        connection_memory: worker.server.limits.connectionMemory,
        // The housekeeper counts over all daemons and knows better.
        connection_limit: UInt32.max,
        certificate: certificate,
        key: key,
        context: Unmanaged.passUnretained(worker).toOpaque(),
        request_line: requestLine,
        unescape: unescape,
        access: access,
        completed: completed,
        connection: connectionChanged
    )
}

/// Lends out a copy with a zero byte at its end, which is overwritten afterwards.
private func withPEM<R>(_ bytes: [UInt8]?, _ body: (UnsafePointer<CChar>?) -> R) -> R {
    guard let bytes else { return body(nil) }
    var copy = bytes + [0]
    return unsafe copy.withUnsafeMutableBytes { buffer in
        let start = buffer.baseAddress
        defer { unsafe start.map { unsafe explicit_bzero($0, buffer.count) } }
        return unsafe body(UnsafePointer(start?.assumingMemoryBound(to: CChar.self)))
    }
}

private func messageText(_ message: daybook_mhd_message) -> String {
    let text = unsafe withUnsafeBytes(of: message.text) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 && $0 != 0x0a }, as: UTF8.self)
    }
    return text.isEmpty ? "no reason given" : text
}
