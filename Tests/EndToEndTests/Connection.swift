import Foundation

/// A request that is sent exactly as it stands here.
struct Request {
    var method = "POST"
    var target: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []

    /// Without a header, whatever case its name is in.
    func without(_ name: String) -> Request {
        var request = self
        request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
        return request
    }

    /// With a header in place of what stood under its name.
    func with(_ name: String, _ value: String) -> Request {
        without(name).adding(name, value)
    }

    /// With one more header line.
    func adding(_ name: String, _ value: String) -> Request {
        var request = self
        request.headers.append((name, value))
        return request
    }

    func value(_ name: String) -> String {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value ?? ""
    }

    var head: String {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: shop.example.com\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if method == "POST" { head += "Content-Length: \(body.count)\r\n" }
        return head + "\r\n"
    }
}

struct Answer: CustomStringConvertible {
    var status = 0
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    var text: String { String(decoding: body, as: UTF8.self) }
    var description: String { "\(status) \(headers) \(text)" }
}

/// A connection to a server on this machine, which may be used for one request after the other.
final class Connection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    init(_ port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        if code != 0 { throw failure("connect") }
    }

    deinit { close(descriptor) }

    private func failure(_ what: String) -> Child.Failure {
        Child.Failure(description: "\(what): \(String(cString: strerror(errno)))")
    }

    func send(_ request: Request) throws {
        // A server that refuses by the head alone may close before it has read a large body.
        do {
            try send(Array(request.head.utf8) + request.body)
        } catch  where request.body.count > 1 << 20 {}
    }

    func send(_ bytes: [UInt8]) throws {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 { throw failure("send") }
            done += count
        }
    }

    /// Reads the next answer, an interim one too.
    func answer(to method: String = "POST") throws -> Answer {
        var answer = Answer()
        let lines = try head().split(separator: "\r\n")
        let words = (lines.first ?? "").split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw failure("no answer") }
        answer.status = status
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            answer.headers[parts[0].lowercased()] = String(value)
        }
        let length = Int(answer.headers["content-length"] ?? "") ?? 0
        if method == "HEAD" || status == 100 { return answer }
        while received.count < length { try receive() }
        answer.body = Array(received.prefix(length))
        received.removeFirst(length)
        return answer
    }

    private func head() throws -> String {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeFirst(range.upperBound)
                return head
            }
            try receive()
        }
    }

    private func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count < 0 { throw failure("receive") }
        if count == 0 { throw Child.Failure(description: "the server closed the connection") }
        received.append(contentsOf: buffer[..<count])
    }
}
