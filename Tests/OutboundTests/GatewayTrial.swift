import Bytes
import DaybookTesting
import HTTPClient
import HTTPServer
import Ledger
import POSIX
import Synchronization
import Testing

@testable import Outbound

/// A gateway over a ledger of its own, and a provider on this machine that answers by a script.
final class GatewayTrial {
    let ledger: TemporaryLedger
    let provider: Provider
    let server: HTTPServer
    private let open: Ledger
    private let loop: TransferLoop
    let gateway: Gateway

    /// A service `api` with these further keys, answered by `script`.
    init(
        _ keys: String = "",
        scheme: String = "http",
        _ script: @escaping Provider.Script
    ) throws {
        ledger = try TemporaryLedger()
        provider = Provider(script)
        server = try HTTPServer(address: "127.0.0.1", port: 0, threads: 2, handler: provider)
        open = try ledger.open(appends: true)
        loop = try TransferLoop()
        let base = "base: '\(scheme)://127.0.0.1:\(server.port)/base'"
        let access = keys.contains("allow_private") ? "" : ", allow_private: true"
        let service = try service(base + access + (keys.isEmpty ? "" : ", " + keys), name: "api")
        gateway = Gateway(
            [service],
            mostUnderWay: 500,
            loop: loop,
            writer: try #require(open.writer)
        ) { _, _ in }
    }

    /// Ends everything; what the log says can be read after that.
    func close() {
        gateway.stop()
        loop.stop()
        gateway.drain()
        server.stop(graceSeconds: 1)
        open.close()
    }

    /// Sends a request through the gateway and waits for the answer.
    func send(
        _ method: String = "GET",
        _ target: String = "/x",
        _ headers: [(name: String, value: String)] = [],
        body: String = ""
    ) throws -> Answered {
        let answerer = Answerer()
        let request = try GatewayRequestTests.request(
            method,
            target,
            headers,
            body: Array(body.utf8)
        )
        gateway.call(request, of: "api", answerer)
        return answerer.wait()
    }

    /// The log's events of a type, in order, as attributes.
    func events(_ type: String) throws -> [[String: String]] {
        try ledger.open(appends: false).read { snapshot in
            var events: [[String: String]] = []
            try snapshot.forEachLine(from: 0) { _, line in
                var texts: [String: String] = [:]
                line.forEach { name, text, _ in texts[name] = text }
                if texts["type"] == type { events.append(texts) }
                return true
            }
            return events
        }
    }

    /// Meta and content of an event.
    func body(_ event: [String: String]) throws -> (meta: String, content: String) {
        let sequence = try #require(event["sequence"].flatMap { UInt64($0) })
        let stored = try ledger.open(appends: false).event(at: sequence)
        return (
            String(decoding: stored.meta ?? [], as: UTF8.self),
            String(decoding: stored.content ?? [], as: UTF8.self)
        )
    }
}

/// What a caller was given.
struct Answered {
    var head: CallHead?
    var body: [UInt8] = []
    var problem: CallProblem?
    var isBroken = false
    var isStreamed = false

    var text: String { String(decoding: body, as: UTF8.self) }

    func header(_ name: String) -> String? {
        head?.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// Waits for an answer.
final class Answerer: CallAnswerer {
    private let state = Mutex<(Answered, Bool)>((Answered(), false))

    func wait() -> Answered {
        while true {
            let (answered, isDone) = state.withLock { $0 }
            if isDone { return answered }
            sleepMilliseconds(1)
        }
    }

    private func finish(_ change: (inout Answered) -> Void) {
        state.withLock { state in
            if state.1 { Issue.record("answered twice") }
            change(&state.0)
            state.1 = true
        }
    }

    func answer(_ head: CallHead, _ body: [UInt8]) {
        finish { answered in
            answered.head = head
            answered.body = body
        }
    }

    func refuse(_ problem: CallProblem, call: UInt64?) { finish { $0.problem = problem } }

    func stream(_ head: CallHead, onRoom: @escaping @Sendable () -> Void) -> any CallStream {
        state.withLock {
            $0.0.head = head
            $0.0.isStreamed = true
        }
        return Stream(answerer: self, onRoom: onRoom)
    }

    /// Has room for every other piece only.
    private struct Stream: CallStream {
        let answerer: Answerer
        let onRoom: @Sendable () -> Void

        func write(_ piece: Span<UInt8>) -> Bool {
            let bytes = [UInt8](copying: piece)
            let isFull = answerer.state.withLock { state in
                state.0.body += bytes
                return bytes.count % 2 == 0
            }
            if isFull { onRoom() }
            return !isFull
        }

        func end() { answerer.finish { _ in } }
        func fail() { answerer.finish { $0.isBroken = true } }
    }
}

/// A provider that answers by a script and keeps what it saw.
final class Provider: HTTPHandler {
    typealias Script = @Sendable (_ request: Seen, _ number: Int) -> HTTPAnswer

    struct Seen: Sendable {
        let method: String
        let target: String
        let headers: [(name: String, value: String)]
        let body: String

        func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    private let script: Script
    private let state = Mutex<[Seen]>([])

    init(_ script: @escaping Script) { self.script = script }

    /// What was received so far.
    var seen: [Seen] { state.withLock { $0 } }

    func admit(_ request: HTTPRequest) -> Admission { .body(limit: 8 << 20) }

    func handle(_ request: HTTPRequest) -> Disposition {
        let seen = Seen(
            method: request.method,
            target: request.target,
            headers: request.headers,
            body: String(decoding: request.takeBody(), as: UTF8.self)
        )
        let number = state.withLock { state in
            state.append(seen)
            return state.count
        }
        return .answer(script(seen, number))
    }

    func finished(_ record: AccessRecord) {}
}
