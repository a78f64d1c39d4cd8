import Bytes
import Glibc
import POSIX

/// Sends requests over many connections, each as soon as the previous one's answer is there.
struct Generator: ~Copyable {
    private let requests: RequestList
    private let repeats: Bool
    private let links: [Link]
    private var sockets: ReadySockets
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)
    private var sent = 0
    private var inFlight = 0
    private var tally = Tally()

    /// Opens the connections; with `repeats`, used-up requests are sent again.
    init(
        requests: RequestList,
        repeats: Bool,
        connections: Int,
        address: String,
        port: UInt16
    ) throws(SystemError) {
        let sockets = try ReadySockets()
        var links: [Link] = []
        for number in 0..<connections {
            let link = Link(try ClientSocket(address: address, port: port))
            try sockets.add(link.socket.descriptor, as: number)
            links.append(link)
        }
        self.requests = requests
        self.repeats = repeats
        self.sockets = sockets
        self.links = links
        tally.microseconds.reserveCapacity(1 << 20)
    }

    /// Sends for so long, then waits for what is still in flight.
    mutating func run(seconds duration: Int) throws(SystemError) -> Tally {
        let cpu = threadNanoseconds()
        let start = Clock.monotonicNanoseconds
        let deadline = start + UInt64(duration) * 1_000_000_000
        for link in links { try sendNext(on: link, now: Clock.monotonicNanoseconds) }
        var ready: [Int] = []
        var now = start
        while inFlight > 0 {
            try sockets.wait(seconds: 10, into: &ready)
            for number in ready {
                let link = links[number]
                guard let status = try receive(on: link) else { continue }
                now = Clock.monotonicNanoseconds
                tally.count(status, nanoseconds: now - link.started)
                inFlight -= 1
                if now < deadline { try sendNext(on: link, now: now) }
            }
        }
        tally.seconds = Double(now - start) / 1e9
        tally.cpuSeconds = Double(threadNanoseconds() - cpu) / 1e9
        return tally
    }

    private mutating func sendNext(on link: Link, now: UInt64) throws(SystemError) {
        guard repeats || sent < requests.count else { return }
        link.started = now
        try link.socket.send(requests[sent % requests.count])
        sent += 1
        inFlight += 1
    }

    /// Takes what came; the answer's status if it is whole.
    private mutating func receive(on link: Link) throws(SystemError) -> Int? {
        guard let count = try link.socket.receive(into: &buffer) else { return nil }
        guard count > 0 else {
            throw SystemError(code: ECONNRESET, operation: "read", object: "an answer")
        }
        let piece = buffer.span.extracting(0..<count)
        let answer: AnswerReader?
        let received: Int
        if link.pending.isEmpty {
            answer = AnswerReader(piece)
            received = count
        } else {
            link.pending.append(span: piece)
            answer = AnswerReader(link.pending.span)
            received = link.pending.count
        }
        guard let answer, answer.length <= received else {
            if link.pending.isEmpty { link.pending.append(span: piece) }
            return nil
        }
        link.pending.removeAll(keepingCapacity: true)
        return answer.status
    }

    /// One connection.
    private final class Link {
        let socket: ClientSocket
        /// When its request was sent.
        var started: UInt64 = 0
        /// The beginning of an answer that came in pieces.
        var pending: [UInt8] = []

        init(_ socket: consuming ClientSocket) { self.socket = socket }
    }
}

private func threadNanoseconds() -> UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}
