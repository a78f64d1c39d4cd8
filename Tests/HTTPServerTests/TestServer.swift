import Glibc
import HTTPServer
import Synchronization

/// What the tests' server does, by path:
/// `/echo` gives the body back, `/head` what was seen of the head, `/limit/N` takes N bytes,
/// `/refuse` refuses, `/later` answers from another thread, `/hold` leaves the answer to the test,
/// `/drop` never answers, `/large/N` answers with N bytes, `/stream/N` streams N bytes,
/// `/bad-answer` makes an unusable answer.
final class TestHandler: HTTPHandler {
    private let held = Mutex<[Responder]>([])
    private let log = Mutex<[AccessRecord]>([])
    private let admitted = Atomic<Int>(0)
    private let completed = Atomic<Int>(0)

    var admissions: Int { admitted.load(ordering: .relaxed) }
    var handled: Int { completed.load(ordering: .relaxed) }

    func admit(_ request: HTTPRequest) -> Admission {
        admitted.add(1, ordering: .relaxed)
        if request.path == "/refuse" { return .refuse(.text(401, "no entry")) }
        if request.path.hasPrefix("/limit/") {
            return .body(limit: Int(request.path.dropFirst(7)) ?? 0)
        }
        return .body(limit: 1 << 20)
    }

    func handle(_ request: HTTPRequest) -> Disposition {
        completed.add(1, ordering: .relaxed)
        switch request.path {
        case "/head": return .answer(.text(200, describe(request)))
        case "/later":
            let body = request.takeBody()
            return .later { responder in
                background { responder.answer(HTTPAnswer(status: 202, body: body)) }
            }
        case "/hold": return .later { responder in self.held.withLock { $0.append(responder) } }
        case "/drop": return .later { _ in }
        case "/close":
            var answer = HTTPAnswer.empty(204)
            answer.close = true
            return .answer(answer)
        case "/bad-answer":
            return .answer(HTTPAnswer(status: 200, headers: [("X-Split", "a\r\nX-Evil: b")]))
        case let path where path.hasPrefix("/large/"):
            let count = Int(path.dropFirst(7)) ?? 0
            return .answer(HTTPAnswer(status: 200, body: [UInt8](repeating: 0x61, count: count)))
        case let path where path.hasPrefix("/stream/"):
            let producer = Producer()
            defer { producer.stream.end() }
            _ = producer.write(pattern(0..<(Int(path.dropFirst(8)) ?? 0)))
            return .answer(producer.answer())
        default:
            return .answer(HTTPAnswer(status: 200, body: request.takeBody()))
        }
    }

    func finished(_ record: AccessRecord) {
        log.withLock { $0.append(record) }
    }

    /// Takes the responders of held requests, waiting until there are so many.
    func takeHeld(_ count: Int = 1) throws -> [Responder] {
        try eventually("\(count) held requests") { held.withLock { $0.count >= count } }
        return takeHeldNow()
    }

    /// Takes the responders of the requests that are held already.
    func takeHeldNow() -> [Responder] {
        held.withLock { held in
            let taken = held
            held = []
            return taken
        }
    }

    /// The access log, waiting until it has so many records.
    func records(_ count: Int) throws -> [AccessRecord] {
        try eventually("\(count) access records") { log.withLock { $0.count >= count } }
        return log.withLock { $0 }
    }

    private func describe(_ request: HTTPRequest) -> String {
        var lines = ["\(request.method) \(request.path) \(request.query ?? "-") \(request.peer)"]
        lines += request.headers.map { "\($0.name): \($0.value)" }
        lines.append("x-twice \(request.headerCount(of: "x-twice"))")
        lines.append("first \(request.header("x-twice") ?? "-")")
        return lines.joined(separator: "\n")
    }
}

/// Starts a server on a free port of 127.0.0.1, and stops it after the test.
func withServer(
    _ limits: HTTPLimits = HTTPLimits(),
    threads: Int = 2,
    tls: TLSFiles? = nil,
    _ test: (HTTPServer, TestHandler) throws -> Void
) throws {
    let handler = TestHandler()
    let server = try HTTPServer(
        address: "127.0.0.1",
        port: 0,
        threads: threads,
        limits: limits,
        tls: tls,
        handler: handler
    )
    defer { server.stop(graceSeconds: 0) }
    try test(server, handler)
}

/// Polls until something holds; fails after 20 seconds.
func eventually(_ what: String, _ holds: () -> Bool) throws {
    for _ in 0..<4000 {
        if holds() { return }
        usleep(5000)
    }
    throw RawClient.Failure(description: "waited in vain for \(what)")
}

/// Runs `body` on a thread of its own.
func background(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    pthread_create(
        &thread,
        nil,
        { box in
            if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
            return nil
        },
        box
    )
    pthread_detach(thread)
}
