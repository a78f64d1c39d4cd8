import Glibc
import POSIX

/// A TCP socket that listens on 127.0.0.1.
@safe struct ListeningSocket: ~Copyable {
    let descriptor: Int32

    /// Connections that may wait to be accepted.
    private static let backlog: Int32 = 1024

    /// Listens on `port`; 0 takes any.
    init(port: UInt16) throws(SystemError) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Self.problem("make a socket for", port) }
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafePointer(to: address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, size)
            }
        }
        guard code == 0, listen(descriptor, Self.backlog) == 0 else {
            let problem = Self.problem("listen on", port)
            close(descriptor)
            throw problem
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The port in use.
    func port() throws(SystemError) -> UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &size)
            }
        }
        guard code == 0 else { throw Self.problem("ask for the port of", 0) }
        return UInt16(bigEndian: address.sin_port)
    }

    private static func problem(_ operation: String, _ port: UInt16) -> SystemError {
        SystemError(code: errno, operation: operation, object: "127.0.0.1:\(port)")
    }
}
