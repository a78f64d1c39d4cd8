import Foundation
import HTTPClient
import Synchronization

/// Keeps what it learns of a transfer, and lets a test wait for it.
final class Listener: TransferReceiver, @unchecked Sendable {
    struct Heard {
        var heads: [AnswerHead] = []
        var body: [UInt8] = []
        var pieces = 0
        var ends: [TransferEnd] = []
        /// What was called although it must not have been.
        var faults: [String] = []
        var isFull = false
    }

    private let condition = NSCondition()
    private var state = Heard()
    private let keepsGoing: Bool
    private let afterEnd: @Sendable () -> Void

    /// With `pauses` it asks for no more after each piece.
    init(pauses: Bool = false, afterEnd: @escaping @Sendable () -> Void = {}) {
        keepsGoing = !pauses
        self.afterEnd = afterEnd
    }

    private func change(_ change: (inout Heard) -> Void) {
        condition.lock()
        change(&state)
        condition.broadcast()
        condition.unlock()
    }

    func began(_ head: AnswerHead) {
        change { heard in
            if !heard.heads.isEmpty { heard.faults.append("began twice") }
            if !heard.ends.isEmpty { heard.faults.append("began after the end") }
            heard.heads.append(head)
        }
    }

    func received(_ piece: Span<UInt8>) -> Bool {
        change { heard in
            if heard.heads.isEmpty { heard.faults.append("a piece before the head") }
            if !heard.ends.isEmpty { heard.faults.append("a piece after the end") }
            if heard.isFull { heard.faults.append("a piece that was not asked for") }
            if piece.isEmpty { heard.faults.append("an empty piece") }
            piece.withUnsafeBufferPointer { heard.body.append(contentsOf: $0) }
            heard.pieces += 1
            heard.isFull = !keepsGoing
        }
        return keepsGoing
    }

    func ended(_ end: TransferEnd) {
        change { heard in
            if !heard.ends.isEmpty { heard.faults.append("ended twice") }
            heard.ends.append(end)
        }
        afterEnd()
    }

    /// Lets the next piece come.
    func emptied() { change { $0.isFull = false } }

    /// What was heard so far.
    var heard: Heard {
        condition.lock()
        defer { condition.unlock() }
        return state
    }

    /// Waits until something holds; `nil`: it does not come to that.
    func wait(until holds: (Heard) -> Bool) -> Heard? {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: 30)
        while !holds(state) {
            if !condition.wait(until: deadline) { return nil }
        }
        return state
    }

    /// Waits for the end.
    func end() throws -> TransferEnd {
        guard let end = wait(until: { !$0.ends.isEmpty })?.ends.first else {
            throw ProgramFailure(description: "the transfer does not end")
        }
        return end
    }

    var text: String { String(decoding: heard.body, as: UTF8.self) }
}

/// A condition that one thread waits for and another brings about.
final class Gate: @unchecked Sendable {
    private let condition = NSCondition()
    private var isOpen = false

    func open() {
        condition.lock()
        isOpen = true
        condition.broadcast()
        condition.unlock()
    }

    /// Waits until it is open; `false`: it does not come to that.
    @discardableResult
    func wait() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: 30)
        while !isOpen {
            if !condition.wait(until: deadline) { return false }
        }
        return true
    }
}

/// What most tests of the loop send, and by which rules.
struct LoopTrial {
    let loop: TransferLoop
    var rules = TransferRules(allowsPlainHTTP: true, reachesPrivate: true)

    init() throws { loop = try TransferLoop() }

    @discardableResult
    func get(
        _ url: String,
        _ listener: Listener,
        rules: TransferRules? = nil
    ) -> TransferID {
        let request = ClientRequest(method: "GET", url: url, headers: [], body: [])
        return loop.start(request, rules ?? self.rules, listener)
    }

    /// Gets the one document of a server, and waits for the end.
    func get(_ server: RawServer, rules: TransferRules? = nil) throws -> (Listener, TransferEnd) {
        let listener = Listener()
        get("http://127.0.0.1:\(server.port)/", listener, rules: rules)
        return (listener, try listener.end())
    }
}
