import Bytes
import DaybookTesting
import Foundation
import HTTPClient
import Ledger
import POSIX
import Synchronization
import Testing

@testable import Outbound

/// A gateway over a ledger of its own whose services are anywhere, and whose parts a test ends one
/// by one.
final class HarshTrial {
    let ledger: TemporaryLedger
    let open: Ledger
    let loop: TransferLoop
    let gateway: Gateway
    /// What providers put in the place of secrets.
    let kept = KeptSecrets()

    init(_ keys: String, port: Int, on ledger: TemporaryLedger? = nil) throws {
        let ledger = try ledger ?? TemporaryLedger()
        self.ledger = ledger
        open = try ledger.open(appends: true)
        loop = try TransferLoop()
        let base = "base: 'http://127.0.0.1:\(port)', allow_private: true"
        let service = try service(keys.isEmpty ? base : "\(base), \(keys)", name: "api")
        let kept = kept
        gateway = Gateway(
            [service],
            mostUnderWay: 20_000,
            loop: loop,
            writer: try #require(open.writer)
        ) {
            kept.add($0, $1)
        }
    }

    /// Sends a request, whose answer is waited for elsewhere.
    func start(
        _ method: String = "GET",
        _ target: String = "/x",
        _ headers: [(name: String, value: String)] = [],
        body: String = "",
        as name: String = "shop",
        _ room: HarshAnswerer.Room = .always
    ) throws -> HarshAnswerer {
        let answerer = HarshAnswerer(room)
        let request = try GatewayRequest(
            method: method,
            target: target,
            headers: headers,
            body: Array(body.utf8),
            caller: .init(kind: "token", name: name)
        )
        gateway.call(request, of: "api", answerer)
        return answerer
    }

    /// Sends a request and waits for its answer.
    func send(
        _ method: String = "GET",
        _ target: String = "/x",
        _ headers: [(name: String, value: String)] = [],
        body: String = ""
    ) throws -> Answered {
        try #require(try start(method, target, headers, body: body).answered())
    }

    /// Ends everything, as the service does.
    func close() {
        gateway.stop()
        loop.stop()
        gateway.drain()
        open.close()
    }

    /// The log's events of a type, in order.
    func events(_ type: String) throws -> [[String: String]] {
        try ledger.open(appends: false).read { snapshot in
            var events: [[String: String]] = []
            try snapshot.forEachLine(from: 0) { _, line in
                var texts: [String: String] = [:]
                line.forEach { name, text, _ in texts[name] = text }
                if type.isEmpty || texts["type"] == type { events.append(texts) }
                return true
            }
            return events
        }
    }

    /// All lines with their bodies, as text.
    func everything() throws -> String {
        let events = try events("")
        let ledger = try ledger.open(appends: false)
        return try events.map { event in
            let sequence = try #require(event["sequence"].flatMap { UInt64($0) })
            let stored = try ledger.event(at: sequence)
            let meta = String(decoding: stored.meta ?? [], as: UTF8.self)
            return "\(event) \(meta) \(String(decoding: stored.content ?? [], as: UTF8.self))"
        }.joined(separator: "\n")
    }

    /// Checks that each intent has one call, which came after it, and gives the calls.
    @discardableResult
    func pairedCalls() throws -> [[String: String]] {
        let intents = try events("daybook.call.intent")
        let calls = try events("api.call")
        #expect(intents.map { $0["sequence"] } == calls.map { $0["causationid"] }.sorted())
        for call in calls {
            #expect(try #require(call["causationid"]) < (try #require(call["sequence"])))
        }
        return calls
    }
}

extension [String?] {
    fileprivate func sorted() -> [String?] { sorted { ($0 ?? "") < ($1 ?? "") } }
}

/// What a gateway gave to be kept.
final class KeptSecrets: Sendable {
    private let secrets = Mutex<[String]>([])
    var all: [String] { secrets.withLock { $0 } }
    func add(_ reference: String, _ value: [UInt8]) {
        secrets.withLock { $0.append("\(reference)=\(String(decoding: value, as: UTF8.self))") }
    }
}

/// Counts the answers to one request, and takes a long one as it is told.
final class HarshAnswerer: CallAnswerer {
    enum Room { case always, never, gone }

    private struct State {
        var answered = Answered()
        var count = 0
        var onRoom: (@Sendable () -> Void)?
    }

    private let room: Room
    private let state = Monitor(State())

    init(_ room: Room) { self.room = room }

    /// Waits for the answer; `nil` if it does not come to that.
    func answered(seconds: Int = 20) -> Answered? {
        state.wait(until: { $0.count > 0 }, milliseconds: seconds * 1000) { state in
            state.count > 0 ? state.answered : nil
        }
    }

    /// How often it was answered.
    var count: Int { state.withLock { $0.count } }
    var bytes: Int { state.withLock { $0.answered.body.count } }

    /// Lets a stream that is full go on.
    func resume() {
        let onRoom = state.withLock { state in
            defer { state.onRoom = nil }
            return state.onRoom
        }
        onRoom?()
    }

    /// Waits until a stream is full.
    func waitUntilFull() -> Bool {
        state.wait(until: { $0.onRoom != nil }, milliseconds: 20_000) { $0.onRoom != nil }
    }

    private func finish(_ change: (inout Answered) -> Void) {
        state.withLock { state in
            change(&state.answered)
            state.count += 1
        }
        state.broadcast()
    }

    func answer(_ head: CallHead, _ body: [UInt8]) {
        finish { answered in
            answered.head = head
            answered.body = body
        }
    }

    func refuse(_ problem: CallProblem, call: UInt64?) { finish { $0.problem = problem } }

    func stream(_ head: CallHead, onRoom: @escaping @Sendable () -> Void) -> any CallStream {
        state.withLock { state in
            state.answered.head = head
            state.answered.isStreamed = true
        }
        return Stream(answerer: self, onRoom: onRoom)
    }

    private struct Stream: CallStream {
        let answerer: HarshAnswerer
        let onRoom: @Sendable () -> Void

        func write(_ piece: Span<UInt8>) -> Bool {
            let bytes = [UInt8](copying: piece)
            switch answerer.room {
            case .always:
                answerer.state.withLock { $0.answered.body += bytes }
                return true
            case .never:
                answerer.state.withLock { state in
                    state.answered.body += bytes
                    state.onRoom = onRoom
                }
                answerer.state.broadcast()
                return false
            case .gone:
                onRoom()
                return false
            }
        }

        func end() { answerer.finish { _ in } }
        func fail() { answerer.finish { $0.isBroken = true } }
    }
}

/// A condition that one thread waits for and another brings about.
final class HarshGate: Sendable {
    private let isOpen = Monitor(false)

    func open() {
        isOpen.withLock { $0 = true }
        isOpen.broadcast()
    }

    @discardableResult
    func wait(seconds: Int = 20) -> Bool {
        isOpen.wait(until: { $0 }, milliseconds: seconds * 1000) { $0 }
    }
}

/// Waits until something holds; `false` if it does not come to that.
func eventually(_ holds: () throws -> Bool) rethrows -> Bool {
    for _ in 0..<4000 {
        if try holds() { return true }
        sleepMilliseconds(5)
    }
    return false
}
