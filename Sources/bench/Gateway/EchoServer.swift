import Bytes
import Glibc
import POSIX

/// A bare HTTP/1.1 server: the least that a provider can cost.
struct EchoServer: ~Copyable {
    let port: UInt16
    private let listener: ListeningSocket
    private var sockets: ReadySockets
    /// By descriptor.
    private var links: [Int32: Link] = [:]
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private let answer: [UInt8]

    /// Bytes of each answer's body.
    private static let bodyBytes = 1024
    /// Longer than a wait of the epoll may be: it waits for as long as it takes.
    private static let forever = -1

    /// Listens on 127.0.0.1; port 0 takes any.
    init(port: UInt16) throws(SystemError) {
        let listener = try ListeningSocket(port: port)
        let sockets = try ReadySockets()
        try sockets.add(listener.descriptor, as: Int(listener.descriptor))
        self.port = try listener.port()
        self.listener = listener
        self.sockets = sockets
        let head = """
            HTTP/1.1 200 OK\r
            Content-Type: application/json\r
            Content-Length: \(Self.bodyBytes)\r
            \r

            """
        answer = Array((head + jsonText(bytes: Self.bodyBytes)).utf8)
    }

    /// Answers until the process is ended.
    mutating func run() throws(SystemError) -> Never {
        var ready: [Int] = []
        while true {
            try sockets.wait(seconds: Self.forever, into: &ready)
            for number in ready {
                if number == Int(listener.descriptor) {
                    try accept()
                } else if let link = links[Int32(number)], !serve(link) {
                    links[Int32(number)] = nil
                }
            }
        }
    }

    private mutating func accept() throws(SystemError) {
        let link = Link(try ClientSocket(acceptedBy: listener.descriptor))
        try sockets.add(link.socket.descriptor, as: Int(link.socket.descriptor))
        links[link.socket.descriptor] = link
    }

    /// Answers what is whole of what came; `false` when the connection is over.
    private mutating func serve(_ link: Link) -> Bool {
        do throws(SystemError) {
            guard let count = try link.socket.receive(into: &buffer) else { return true }
            guard count > 0 else { return false }
            link.pending.append(span: buffer.span.extracting(0..<count))
            while let length = AnswerReader.length(link.pending.span),
                length <= link.pending.count
            {
                link.pending.removeSubrange(0..<length)
                try link.socket.send(answer.span)
            }
            return true
        } catch {
            return false
        }
    }

    /// One connection.
    private final class Link {
        let socket: ClientSocket
        /// What came of a request that is not whole.
        var pending: [UInt8] = []

        init(_ socket: consuming ClientSocket) { self.socket = socket }
    }
}
