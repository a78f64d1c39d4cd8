import Glibc

/// A client that sends exactly the bytes it is told to, and reads answers one after the other.
final class RawClient {
    private let descriptor: Int32
    private var received: [UInt8] = []

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Answer {
        var status = 0
        var headers: [(name: String, value: String)] = []
        var body = ""

        func header(_ lower: String) -> String? {
            headers.first { $0.name.lowercased() == lower }?.value
        }
    }

    /// Connects to 127.0.0.1; a wait for input fails after 20 seconds.
    init(_ port: UInt16, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4)
        }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_RCVTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        setsockopt(
            descriptor,
            SOL_SOCKET,
            SO_SNDTIMEO,
            &patience,
            socklen_t(MemoryLayout<timeval>.size)
        )
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { throw Failure(description: "connect: \(String(cString: strerror(errno)))") }
    }

    deinit { close(descriptor) }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { throw Failure(description: "send: \(String(cString: strerror(errno)))") }
            done += count
        }
    }

    /// Sends a request with the headers every request needs.
    func request(_ method: String, _ target: String, _ body: String = "") throws {
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        try send("\(method) \(target) HTTP/1.1\r\nHost: test\r\n\(length)\r\n\(body)")
    }

    /// Reads the next answer, an interim one too.
    func answer(toHead: Bool = false) throws -> Answer {
        var answer = Answer()
        let head = try line(ending: "\r\n\r\n").split(separator: "\r\n")
        answer.status = Int(head[0].split(separator: " ")[1]) ?? 0
        for line in head.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            answer.headers.append((String(parts[0]), String(parts[1].dropFirst())))
        }
        if let length = answer.header("content-length").flatMap({ Int($0) }), !toHead {
            answer.body = String(decoding: try bytes(length), as: UTF8.self)
        }
        return answer
    }

    /// Reads so many bytes of a body.
    func bytes(_ count: Int) throws -> [UInt8] {
        while received.count < count { try receive() }
        let bytes = Array(received.prefix(count))
        received.removeFirst(count)
        return bytes
    }

    /// Reads a chunk of a body; the last one is empty.
    func chunk() throws -> [UInt8] {
        let size = try line(ending: "\r\n")
        guard let count = Int(size, radix: 16) else { throw Failure(description: "chunk \(size)") }
        let bytes = try bytes(count)
        if try self.bytes(2) != [13, 10] { throw Failure(description: "end of a chunk") }
        return bytes
    }

    /// Reads a body in chunks to its end.
    func chunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let chunk = try chunk()
            if chunk.isEmpty { return body }
            body += chunk
        }
    }

    /// Reads until the server closes.
    func rest() throws -> (bytes: [UInt8], isReset: Bool) {
        while true {
            do { try receive() } catch let failure as Failure {
                if failure.description != "end" && failure.description != "reset" { throw failure }
                let bytes = received
                received = []
                return (bytes, failure.description == "reset")
            }
        }
    }

    /// Says that nothing more is sent.
    func closeSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Whether the server has closed, after all that it sent was read.
    func isAtEnd() throws -> Bool {
        if !received.isEmpty { return false }
        do { try receive() } catch let failure as Failure {
            return failure.description == "end" || failure.description == "reset"
        }
        return false
    }

    /// Drops what comes until the server closes.
    func drain() throws {
        received = []
        while try !isAtEnd() { received = [] }
    }

    /// Whether the server closes or answers within a tenth of a second.
    func hasInput() -> Bool {
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&event, 1, 100) > 0
    }

    private func line(ending: String) throws -> String {
        let mark = Array(ending.utf8)
        while true {
            if let end = received.indices.first(where: { received[$0...].starts(with: mark) }) {
                let line = String(decoding: received[..<end], as: UTF8.self)
                received.removeFirst(end + mark.count)
                return line
            }
            try receive()
        }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0 { throw Failure(description: "end") }
        if count < 0 && errno == ECONNRESET { throw Failure(description: "reset") }
        if count < 0 { throw Failure(description: "receive: \(String(cString: strerror(errno)))") }
        received.append(contentsOf: buffer[..<count])
    }
}
