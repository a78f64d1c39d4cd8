import Foundation
import POSIX
import Synchronization
import Testing

/// A provider that does with each request whatever a test says, over plain sockets.
final class RawProvider: Sendable {
    typealias Script = @Sendable (_ link: Link, _ request: String, _ number: Int) -> Void

    /// Where it listens.
    let port: Int
    private let listener: Int32
    private let state: Shared

    private final class Shared: Sendable {
        let requests = Mutex<[String]>([])
        let links = Mutex<[Link]>([])
        let isStopped = Mutex(false)
    }

    /// One connection.
    final class Link: Sendable {
        private let socket: Mutex<Int32>
        private let unread = Mutex<[UInt8]>([])

        init(_ socket: Int32) { self.socket = Mutex(socket) }

        /// The next request, head and body; `nil`: the client has closed.
        func request() -> String? {
            unread.withLock { unread in
                while true {
                    if let end = Self.end(of: unread) {
                        defer { unread.removeFirst(end) }
                        return String(decoding: unread[..<end], as: UTF8.self)
                    }
                    guard let piece = receive(65536) else { return nil }
                    unread += piece
                }
            }
        }

        /// Some bytes as they come.
        func receive(_ most: Int) -> [UInt8]? {
            let descriptor = socket.withLock { $0 }
            guard descriptor >= 0 else { return nil }
            var piece = [UInt8](repeating: 0, count: most)
            let count = recv(descriptor, &piece, piece.count, 0)
            return count > 0 ? Array(piece[..<count]) : nil
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
        func send(_ text: String) -> Bool {
            var rest = Array(text.utf8)[...]
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
        func answer(_ status: Int = 200, _ body: String = "", _ headers: String = "") {
            send(
                "HTTP/1.1 \(status) X\r\n\(headers)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
        }

        /// Waits until the client closes.
        func waitForClose() {
            while receive(65536) != nil {}
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

        func shut() {
            socket.withLock { socket in
                if socket >= 0 { _ = shutdown(socket, Int32(SHUT_RDWR)) }
            }
        }
    }

    /// The requests that were received as a whole.
    var requests: [String] { state.requests.withLock { $0 } }
    /// How many connections there were.
    var connections: Int { state.links.withLock { $0.count } }

    /// Serves each request with `script`, each connection on a thread of its own.
    convenience init(_ script: @escaping Script) throws {
        try self.init { link, number in
            while let request = link.request() { script(link, request, number(request)) }
        }
    }

    /// Serves each connection as a whole; `number` counts a request.
    init(connections serve: @escaping @Sendable (Link, (String) -> Int) -> Void) throws {
        let state = Shared()
        self.state = state
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
        try #require(code == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread {
            while true {
                let socket = accept(listener, nil, nil)
                guard socket >= 0 else { break }
                let link = Link(socket)
                state.links.withLock { $0.append(link) }
                Thread {
                    serve(link) { request in
                        state.requests.withLock { requests in
                            requests.append(request)
                            return requests.count
                        }
                    }
                    link.close()
                }.start()
            }
            close(listener)
        }.start()
    }

    /// Takes no more connections, and ends all.
    func stop() {
        // Only once: its number may be another's after that.
        let wasStopped = state.isStopped.withLock { isStopped in
            defer { isStopped = true }
            return isStopped
        }
        if !wasStopped { shutdown(listener, Int32(SHUT_RDWR)) }
        for link in state.links.withLock({ $0 }) { link.shut() }
    }

    deinit { stop() }

    /// A port at which nobody listens.
    static func deadPort() throws -> Int {
        let provider = try RawProvider { _, _, _ in }
        provider.stop()
        while true {
            let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(probe) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            address.sin_port = in_port_t(provider.port).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafePointer(to: &address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(probe, $0, size)
                }
            }
            if code != 0 { return provider.port }
            sleepMilliseconds(5)
        }
    }
}

extension String {
    /// The value of a header of a request.
    func header(_ name: String) -> String? {
        components(separatedBy: "\r\n\r\n")[0].components(separatedBy: "\r\n").dropFirst().first {
            $0.lowercased().hasPrefix(name.lowercased() + ":")
        }.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
    }
}
