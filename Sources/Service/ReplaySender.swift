package import Audit
internal import Bytes
internal import HTTPClient
internal import JSON
package import Ledger
internal import Outbound
internal import POSIX

/// Sends webhooks of the log again, as they came, to an endpoint that is being tested.
///
/// Each goes out with its own body, byte for byte, and its own headers, less those of the connection
/// and those whose value was never recorded; `daybook-replay` says its sequence, so that no endpoint
/// need take it for news, and a fresh Standard Webhooks signature lets one check who sends.
package struct ReplaySender {
    /// Where to, and how.
    package struct Terms: Sendable {
        /// Absolute; `http` only where private addresses are allowed.
        package var url: String
        /// Where the secret is found that signs: `env:NAME`, `file:PATH` or `plain:VALUE`.
        package var secret: String?
        /// Whether the endpoint may be in a private network, or on this machine.
        package var allowsPrivate: Bool
        /// Requests a second at most.
        package var rate: Int

        package init(url: String, secret: String?, allowsPrivate: Bool, rate: Int) {
            self.url = url
            self.secret = secret
            self.allowsPrivate = allowsPrivate
            self.rate = rate
        }

        /// The URL without query, fragment and user, which may hold secrets.
        package var target: String {
            let plain = url.prefix { $0 != "?" && $0 != "#" }
            guard let scheme = plain.firstRange(of: "://") else { return String(plain) }
            let authority = plain[scheme.upperBound...].prefix { $0 != "/" }
            guard let at = authority.lastIndex(of: "@") else { return String(plain) }
            return String(plain[..<scheme.upperBound]) + plain[plain.index(after: at)...]
        }
    }

    /// Requests a second that may be asked for: a test endpoint is no place for load tests.
    package static let rates = 1...200
    /// Attempts without any answer after which there is no use in going on.
    static let silences = 5
    /// Bytes of an answer that are read, and seconds that it may take.
    private static let answerLimits = HTTPClient.Limits(bytes: 1 << 20, seconds: 20)

    /// An event that can be sent.
    package struct Message: Sendable {
        package let sequence: UInt64
        package let source: String
        package let type: String
        package let bytes: Int
    }

    /// What is to be sent, and what of the chosen events is not.
    package struct Choice: Sendable {
        package fileprivate(set) var messages: [Message] = []
        /// How many are left out, by reason.
        package fileprivate(set) var leftOut: [String: UInt64] = [:]
        /// Events in the log when it was looked at.
        package fileprivate(set) var size: UInt64 = 0
    }

    /// What came of one.
    package struct Outcome: Sendable {
        package let message: Message
        package let status: Int?
        package let milliseconds: UInt64
        package let problem: String?

        /// Whether the endpoint took it.
        package var isTaken: Bool { (200..<300).contains(status ?? 0) }
    }

    private let ledger: Ledger
    private let terms: Terms
    private let signer: DeliverySigner
    private let client: HTTPClient

    /// Which of the selected events can be sent: webhooks that were accepted and still have a body.
    package static func choose(
        _ selection: EventSelection,
        in ledger: Ledger
    ) throws -> Choice {
        try ledger.read { snapshot in
            var choice = Choice()
            choice.size = try snapshot.size
            try selection.forEach(in: snapshot, size: choice.size) { sequence, line in
                if let reason = try refusal(sequence, line, snapshot) {
                    choice.leftOut[reason, default: 0] += 1
                    return true
                }
                choice.messages.append(
                    Message(
                        sequence: sequence,
                        source: line.text(.source) ?? "",
                        type: line.text(.type) ?? "",
                        bytes: Int(line.integer(.bodysize) ?? 0)
                    )
                )
                return true
            }
            return choice
        }
    }

    private static func refusal(
        _ sequence: UInt64,
        _ line: borrowing Line,
        _ snapshot: borrowing Snapshot
    ) throws -> String? {
        if line.text(.kind) != Kind.webhook.rawValue { return "no webhook" }
        if line.outcome != .accepted { return line.text(.outcome) ?? "unreadable" }
        if line.bodyHash == nil { return "no body" }
        if try snapshot.body(at: sequence) == nil { return "erased" }
        return nil
    }

    /// Prepares to send; the secret is read now.
    package init(_ ledger: Ledger, _ terms: Terms) throws {
        guard let reference = terms.secret else {
            throw AuditProblem.usage(
                "what is sent is signed: --secret says where the endpoint's secret is found, "
                    + "such as env:TEST_SECRET"
            )
        }
        let secret = try Secrets.resolve(reference, ledger: ledger.path)
        guard let signer = DeliverySigner(secrets: [secret]) else {
            throw AuditProblem.usage(
                "the secret cannot sign, expected whsec_ and base64, or a few bytes"
            )
        }
        guard Self.rates.contains(terms.rate) else {
            throw AuditProblem.usage(
                "\(terms.rate) requests a second cannot be sent, expected from "
                    + "\(Self.rates.lowerBound) to \(Self.rates.upperBound)"
            )
        }
        self.ledger = ledger
        self.terms = terms
        self.signer = signer
        client = HTTPClient(
            allowsPlainHTTP: terms.allowsPrivate,
            reachesPrivate: terms.allowsPrivate
        )
    }

    /// Sends one after the other, in the log's order, each once; `told` gets what came of each.
    ///
    /// - Throws: `AuditProblem.refused` when the endpoint does not answer at all any more.
    package func send(_ messages: [Message], told: (Outcome) throws -> Void) throws {
        let interval = 1_000_000_000 / UInt64(terms.rate)
        var due = Clock.monotonicNanoseconds
        var silences = 0
        for (place, message) in messages.enumerated() {
            let now = Clock.monotonicNanoseconds
            if due > now { sleepMilliseconds(UInt32((due - now) / 1_000_000 + 1)) }
            due = max(due, now) + interval
            let outcome = try send(message)
            try told(outcome)
            silences = outcome.status == nil ? silences + 1 : 0
            guard silences < Self.silences else {
                throw AuditProblem.refused(
                    "\(terms.target) did not answer \(silences) times in a row; "
                        + "\(messages.count - place - 1) events were not sent"
                )
            }
        }
    }

    private func send(_ message: Message) throws -> Outcome {
        let start = Clock.monotonicNanoseconds
        func passed() -> UInt64 { (Clock.monotonicNanoseconds - start) / 1_000_000 }
        let event = try ledger.event(at: message.sequence)
        guard let meta = event.meta, let content = event.content else {
            return Outcome(message: message, status: nil, milliseconds: 0, problem: "erased")
        }
        let headers = try headers(message, event, meta, content)
        do {
            let answer = try client.send(
                "POST",
                terms.url,
                headers: headers,
                body: content,
                limits: Self.answerLimits
            )
            return Outcome(
                message: message,
                status: answer.status,
                milliseconds: passed(),
                problem: nil
            )
        } catch {
            return Outcome(
                message: message,
                status: nil,
                milliseconds: passed(),
                problem: "\(error)"
            )
        }
    }

    // MARK: - The message

    /// Headers of the connection, which the new one has its own of, and those that are made anew.
    private static let dropped: Set<String> = [
        "accept-encoding", "connection", "content-length", "daybook-replay", "expect", "host",
        "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
        "webhook-id", "webhook-signature", "webhook-timestamp",
    ]

    private func headers(
        _ message: Message,
        _ event: StoredEvent,
        _ meta: [UInt8],
        _ content: [UInt8]
    ) throws -> [(name: String, value: String)] {
        var headers = try Self.recorded(meta).filter { header in
            !Self.dropped.contains(header.name.lowercased())
                && header.value != SecretFields.redacted
        }
        let id = event.leafHash.description
        let seconds = Clock.microseconds / 1_000_000
        let signature = signer.signature(id: id, seconds: seconds, body: content.span)
        headers.append(("daybook-replay", "\(message.sequence)"))
        headers.append(("webhook-id", id))
        headers.append(("webhook-timestamp", "\(seconds)"))
        headers.append(("webhook-signature", signature))
        return headers
    }

    /// The headers of a request by its meta, in their order.
    static func recorded(_ meta: [UInt8]) throws -> [(name: String, value: String)] {
        var parser = JSONParser()
        return try fields(parser.parse(meta.span))
    }

    private static func fields(_ meta: JSONValue) -> [(name: String, value: String)] {
        guard let request = meta.member("request"), let list = request.member("headers") else {
            return []
        }
        var headers: [(name: String, value: String)] = []
        var elements = list.elements
        while let field = elements.next() {
            var parts = field.elements
            guard let name = parts.next()?.string, let value = parts.next()?.string else {
                continue
            }
            headers.append((name, value))
        }
        return headers
    }
}
