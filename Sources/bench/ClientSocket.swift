import Glibc
import POSIX

/// A nonblocking TCP connection: to the server that is measured, or one that the echo has accepted.
@safe struct ClientSocket: ~Copyable {
    let descriptor: Int32

    /// Connects to an IPv4 address.
    init(address: String, port: UInt16) throws(SystemError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Self.problem("make a socket for", address, port) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, address, &target.sin_addr) == 1 else {
            close(descriptor)
            throw SystemError(code: EINVAL, operation: "read the IPv4 address", object: address)
        }
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafePointer(to: target) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, size)
            }
        }
        guard code == 0, Self.prepare(descriptor) else {
            let problem = Self.problem("connect to", address, port)
            close(descriptor)
            throw problem
        }
        self.descriptor = descriptor
    }

    /// Takes the next connection of a listening socket.
    init(acceptedBy listener: Int32) throws(SystemError) {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0, Self.prepare(descriptor) else {
            let code = errno
            if descriptor >= 0 { close(descriptor) }
            throw SystemError(code: code, operation: "accept", object: "a connection")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Sends at once and never blocks.
    private static func prepare(_ descriptor: Int32) -> Bool {
        var yes: Int32 = 1
        return unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4) == 0
            && fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
    }

    private static func problem(
        _ operation: String,
        _ address: String,
        _ port: UInt16
    ) -> SystemError {
        SystemError(code: errno, operation: operation, object: "\(address):\(port)")
    }

    /// Sends all of `bytes`; waits if the kernel has no room, which a request alone never meets.
    func send(_ bytes: Span<UInt8>) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.extracting(droppingFirst: sent).withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe _ = poll(&wait, 1, -1)
            } else if errno != EINTR {
                throw SystemError(code: errno, operation: "send to", object: "the other side")
            }
        }
    }

    /// Receives what is there into `buffer`: its number of bytes, 0 when the server has closed.
    func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return nil }
        throw SystemError(code: errno, operation: "receive from", object: "the other side")
    }
}
