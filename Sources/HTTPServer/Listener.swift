internal import CMicrohttpd
internal import Glibc

/// A socket that connections are accepted from.
struct Listener: Sendable {
    let descriptor: Int32
    /// The port in use, also when any free one was asked for.
    let port: UInt16

    /// Binds and listens; `::` takes IPv4 as well.
    init(address: String, port: UInt16) throws(HTTPServerError) {
        let found = try unsafe resolve(address, port)
        defer { unsafe freeaddrinfo(found) }
        let descriptor = try unsafe openSocket(found.pointee, address, port)
        self.descriptor = descriptor
        self.port = boundPort(descriptor)
    }

    /// What one try to accept gave.
    enum Accepted {
        case socket(AcceptedSocket)
        case nothing
        /// The process is out of descriptors or memory: trying again at once would spin.
        case exhausted
    }

    /// Accepts a waiting connection, if there is one.
    func accept() -> Accepted {
        var socket = AcceptedSocket()
        while true {
            socket.peerLength = socklen_t(MemoryLayout<sockaddr_in6>.size)
            socket.descriptor = unsafe withUnsafeMutablePointer(to: &socket.peer) { peer in
                unsafe peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe daybook_accept(descriptor, $0, &socket.peerLength)
                }
            }
            if socket.descriptor >= 0 { return .socket(socket) }
            switch errno {
            case EINTR, ECONNABORTED, EPROTO: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            default: return .nothing
            }
        }
    }
}

/// A connection that nobody serves yet, and the client's address.
struct AcceptedSocket: Sendable {
    var descriptor: Int32 = -1
    // The larger of the two kinds of address there are here.
    var peer = sockaddr_in6()
    var peerLength = socklen_t(0)

    var address: PeerAddress {
        unsafe withUnsafePointer(to: peer) { peer in
            unsafe peer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe PeerAddress($0)
            }
        }
    }
}

private func resolve(
    _ address: String,
    _ port: UInt16
) throws(HTTPServerError) -> UnsafeMutablePointer<addrinfo> {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(address, String(port), &hints, &found)
    guard code == 0, let found = unsafe found else {
        throw .unknownAddress(address, reason: unsafe String(cString: gai_strerror(code)))
    }
    return unsafe found
}

private func openSocket(
    _ found: addrinfo,
    _ address: String,
    _ port: UInt16
) throws(HTTPServerError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = unsafe socket(found.ai_family, type, 0)
    var on: Int32 = 1
    var off: Int32 = 0
    let size = socklen_t(MemoryLayout<Int32>.size)
    var isListening = descriptor >= 0
    // A restarted server must not wait until its old connections have left TIME_WAIT.
    isListening =
        unsafe isListening && setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size) == 0
    if unsafe isListening && found.ai_family == AF_INET6 {
        unsafe setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &off, size)
    }
    isListening = unsafe isListening && bind(descriptor, found.ai_addr, found.ai_addrlen) == 0
    isListening = isListening && listen(descriptor, SOMAXCONN) == 0
    guard isListening else {
        let code = errno
        if descriptor >= 0 { close(descriptor) }
        throw .cannotListen(
            address: address,
            port: port,
            code: code,
            reason: systemReason(code)
        )
    }
    return descriptor
}

private func boundPort(_ descriptor: Int32) -> UInt16 {
    var bound = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    unsafe withUnsafeMutablePointer(to: &bound) { pointer in
        _ = unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            unsafe getsockname(descriptor, $0, &length)
        }
    }
    // The port is in the same place for both families.
    return unsafe withUnsafeBytes(of: &bound) { raw in
        UInt16(bigEndian: unsafe raw.load(fromByteOffset: 2, as: UInt16.self))
    }
}
