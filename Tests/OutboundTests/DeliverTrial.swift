import Bytes
import DaybookTesting
import Digest
import Ledger
import Outbound
import POSIX
import Synchronization
import YAML

/// A ledger with rules, and a destination that answers as a test says.
final class DeliverTrial: Sendable {
    /// What reached the destination.
    struct Receipt: Sendable {
        let sequence: UInt64
        let headers: [String: String]
        let body: [UInt8]
        /// The answer's status; `nil` for none.
        let status: Int?
    }

    let ledger: Ledger
    private let folder: Mutex<TemporaryLedger>
    private let received = Mutex<[Receipt]>([])
    private let problems = Mutex<[String]>([])
    /// Attempts that were begun and not answered.
    private let held = Mutex<[@Sendable (DeliveryResult) -> Void]>([])

    /// Makes a ledger; `prepare` may do something to its folder before it is opened.
    init(_ prepare: (TemporaryLedger) throws -> Void = { _ in }) throws {
        let folder = try TemporaryLedger()
        try prepare(folder)
        ledger = try folder.open(appends: true)
        self.folder = Mutex(folder)
    }

    deinit { ledger.close() }

    static func rule(_ name: String, _ more: String) throws -> DeliveryRule {
        let text = """
            name: \(name)
            to: https://shop.example.com/hooks?token=hidden
            secret: plain:hush
            \(more.isEmpty ? "from: { type: a }" : more)
            """
        let bytes = Array(text.utf8)
        let node = try parseYAML(bytes.span, file: "daybook.yaml")
        return try DeliveryRule(node) { Array($0.dropFirst("plain:".count).utf8) }
    }

    /// Starts to deliver; `answer` says the status for each attempt, 0 for none at all, ever.
    func engine(
        _ rules: [DeliveryRule],
        answer: @escaping @Sendable (UInt64, Int) -> Int
    ) throws -> DeliveryEngine {
        try DeliveryEngine(ledger, rules: rules) { [self] request, done in
            let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { $1 }
            let sequence = UInt64(headers["ce-sequence"] ?? "") ?? .max
            let attempts = receipts.count { $0.sequence == sequence }
            let status = answer(sequence, attempts + 1)
            let receipt = Receipt(
                sequence: sequence,
                headers: headers,
                body: request.body,
                status: status == 0 ? nil : status
            )
            received.withLock { $0.append(receipt) }
            if status == 0 {
                held.withLock { $0.append(done) }
            } else {
                done(DeliveryResult(status: status, headers: [("Server", "x")], milliseconds: 1))
            }
        } report: { [self] rule, problem in
            problems.withLock { $0.append("\(rule): \(problem)") }
        }
    }

    var receipts: [Receipt] { received.withLock { $0 } }
    var reported: [String] { problems.withLock { $0 } }

    /// Answers what was held, twice, as a careless sender might.
    func release(status: Int) {
        let held = held.withLock { held in
            let taken = held
            held = []
            return taken
        }
        for done in held {
            done(DeliveryResult(status: status, milliseconds: 5))
            done(DeliveryResult(status: 500, milliseconds: 5))
        }
    }

    // MARK: - The log

    @discardableResult
    func append(_ drafts: [Draft]) throws -> [UInt64] {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        return try writer.append(drafts).map(\.sequence)
    }

    static func event(_ number: Int, type: String = "a", subject: String? = nil) -> Draft {
        var draft = Draft(source: "shop", id: "evt \(number)", type: type, kind: .webhook)
        draft[.subject] = subject
        draft[.datacontenttype] = "application/json; charset=utf-8"
        draft[.correlationid] = "thread-\(number)"
        draft.body = Body(
            salt: Random.fill(16).span,
            meta: Array("{}".utf8).span,
            content: Array("{\"number\":\(number), \"list\":[1.50,{\"a/b\":[ 2 ]}]}".utf8).span
        )
        return draft
    }

    /// The lines of a kind, each as its attributes.
    func lines(_ kind: String) throws -> [[String: String]] {
        try ledger.read { snapshot in
            var lines: [[String: String]] = []
            try snapshot.forEachLine(from: 0) { _, line in
                guard line.text(.kind) == kind else { return true }
                var attributes: [String: String] = [:]
                line.forEach { name, text, _ in attributes[name] = text }
                lines.append(attributes)
                return true
            }
            return lines
        }
    }

    /// How many attempts stand in the log with an outcome.
    func count(_ outcome: String) throws -> Int {
        try lines("delivery").count { $0["outcome"] == outcome }
    }

    func isSound() throws -> Bool {
        try folder.withLock { try $0.verify() }.findings.isEmpty
    }

    /// Waits until something holds; fails after half a minute.
    func eventually(_ what: String, _ holds: () throws -> Bool) throws {
        for _ in 0..<6_000 {
            if try holds() { return }
            sleepMilliseconds(5)
        }
        throw Failure(description: "waited in vain for \(what)")
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }
}
