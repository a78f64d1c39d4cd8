import Foundation
import Synchronization

/// A server on this machine that does with each connection whatever a test says, well or badly.
final class RawServer: Sendable {
    /// Where it listens.
    let port: Int
    private let listener: Int32
    private let open = Mutex<[Connection]>([])

    /// One client's connection.
    final class Connection: Sendable {
        private let socket: Mutex<Int32>
        private let unread = Mutex<[UInt8]>([])
        /// Which of the server's connections it is, from 0.
        let number: Int

        init(_ socket: Int32, _ number: Int) {
            self.socket = Mutex(socket)
            self.number = number
        }

        /// The next request, head and body; `nil`: the client has closed.
        func request() -> String? {
            unread.withLock { unread in
                while true {
                    if let end = Self.end(of: unread) {
                        defer { unread.removeFirst(end) }
                        return String(decoding: unread[..<end], as: UTF8.self)
                    }
                    var piece = [UInt8](repeating: 0, count: 65536)
                    let count = recv(socket.withLock { $0 }, &piece, piece.count, 0)
                    guard count > 0 else { return nil }
                    unread += piece[..<count]
                }
            }
        }

        private static func end(of bytes: [UInt8]) -> Int? {
            let text = String(decoding: bytes, as: Unicode.ASCII.self)
            guard let head = text.range(of: "\r\n\r\n") else { return nil }
            let start = text.utf8.distance(from: text.startIndex, to: head.upperBound)
            let length = text.lowercased().components(separatedBy: "content-length: ")
            let count = length.count > 1 ? Int(length[1].prefix { $0.isNumber }) ?? 0 : 0
            return bytes.count >= start + count ? start + count : nil
        }

        /// Sends a text; `false`: the client is gone.
        @discardableResult
        func send(_ text: String) -> Bool { send(Array(text.utf8)) }

        @discardableResult
        func send(_ bytes: [UInt8]) -> Bool {
            var rest = bytes[...]
            while !rest.isEmpty {
                let descriptor = socket.withLock { $0 }
                let count = rest.withUnsafeBytes {
                    Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }

        /// Answers with a body.
        func answer(_ body: String, _ headers: String = "") {
            send("HTTP/1.1 200 OK\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }

        /// Waits until the client closes.
        func waitForClose() {
            while request() != nil {}
        }

        /// Breaks the connection, so that the client is told of it by a reset.
        func reset() {
            var option = linger(l_onoff: 1, l_linger: 0)
            let size = socklen_t(MemoryLayout<linger>.size)
            socket.withLock { _ = setsockopt($0, SOL_SOCKET, SO_LINGER, &option, size) }
            close()
        }

        func close() {
            socket.withLock { socket in
                if socket >= 0 { Foundation.close(socket) }
                socket = -1
            }
        }

        /// Lets whoever reads or writes go on.
        fileprivate func shut() {
            socket.withLock { _ = shutdown($0, Int32(SHUT_RDWR)) }
        }
    }

    /// How many connections there were.
    var connections: Int { open.withLock { $0.count } }

    /// Serves each connection with `serve`, on a thread of its own; then it is closed.
    init(_ serve: @escaping @Sendable (Connection) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.listener = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) + listen(listener, 512)
                    + getsockname(listener, address, &size)
            }
        }
        guard code == 0 else { throw ProgramFailure(description: "the server cannot listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [weak self] in
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0, let self else { break }
                let connection = open.withLock { open in
                    let connection = Connection(socket, open.count)
                    open.append(connection)
                    return connection
                }
                Thread {
                    serve(connection)
                    connection.close()
                }.start()
            }
            close(listener)
        }.start()
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in open.withLock({ $0 }) { connection.shut() }
    }
}
