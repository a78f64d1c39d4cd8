internal import Bytes
internal import HTTPServer
internal import Ledger
internal import POSIX
internal import Synchronization
internal import Webhooks

/// Every route of the service, over one ledger.
final class FrontDoor: HTTPHandler {
    private let ledger: Ledger
    private let writer: Writer
    private let sources: [String: Source]
    private let log: LogRoutes
    private let recorder: Recorder
    private let trust: TrustFetcher
    private let intakes = IntakePool()
    private let accessLog: AccessLog?
    private let start = Clock.monotonicNanoseconds

    init(
        ledger: Ledger,
        writer: Writer,
        sources: [String: Source],
        trust: TrustFetcher,
        accessLog: AccessLog?
    ) {
        self.ledger = ledger
        self.writer = writer
        self.sources = sources
        self.trust = trust
        self.accessLog = accessLog
        log = LogRoutes(ledger: ledger)
        recorder = Recorder(writer)
    }

    func finished(_ record: AccessRecord) { accessLog?.add(record) }

    /// Records how many refused requests were not recorded one by one; called now and then.
    func flushCounts() { recorder.flushDropped() }

    // MARK: - Before the body

    func admit(_ request: HTTPRequest) -> Admission {
        let path = request.path
        guard path.hasPrefix(Self.hooks) else {
            guard ["GET", "HEAD"].contains(request.method) else {
                return .refuse(.text(404, "not found; webhooks go to POST /hooks/SOURCE"))
            }
            return .body(limit: 0)
        }
        guard let source = source(of: path) else {
            recorder.recordUnknownSource(Self.sourceName(path))
            return .refuse(.text(404, "no such source; daybook.yaml names those there are"))
        }
        let methods = ["POST"] + source.provider.otherMethods
        guard methods.contains(request.method) else {
            var answer = HTTPAnswer.text(405, "a webhook is sent with \(methods[0])")
            answer.headers.append(("Allow", methods.joined(separator: ", ")))
            return .refuse(answer)
        }
        return .body(limit: source.bodyLimit)
    }

    private static let hooks = "/hooks/"

    /// The configured source of `/hooks/SOURCE`, after which a secret may follow.
    private func source(of path: String) -> Source? { sources[String(Self.sourceName(path))] }

    private static func sourceName(_ path: String) -> Substring {
        path.dropFirst(hooks.count).prefix { $0 != "/" }
    }

    // MARK: - Complete requests

    func handle(_ request: HTTPRequest) -> Disposition {
        let path = request.path
        do {
            if path.hasPrefix(Self.hooks), let source = source(of: path) {
                return receive(request, source)
            }
            if path == "/checkpoint" { return .answer(try log.checkpoint()) }
            if path.hasPrefix("/tile/") { return .answer(try log.tile(path.dropFirst())) }
            if path == "/healthz" { return .answer(try health()) }
            return .answer(
                .text(404, "not found; see /healthz, /checkpoint, /tile/, /hooks/SOURCE")
            )
        } catch {
            return .answer(.text(500, "the log cannot be read: \(error)"))
        }
    }

    private func receive(_ request: HTTPRequest, _ source: Source) -> Disposition {
        let inbound = InboundRequest(
            method: request.method,
            target: request.target,
            headers: request.headers,
            body: request.takeBody()
        )
        let verdict = judge(inbound, source)
        guard case .needs(let document) = verdict else {
            return recorder.disposition(verdict, source)
        }
        return .later { [self] responder in
            trust.fetch(document) { [self] problem in
                let verdict = judge(inbound, source)
                if case .needs = verdict {
                    // Without it nothing can be decided: the provider tries again.
                    responder.answer(.unavailable("\(document) cannot be had: \(problem ?? "")"))
                    return
                }
                recorder.record(verdict, source, responder)
            }
        }
    }

    private func judge(_ request: InboundRequest, _ source: Source) -> Verdict {
        let now = Timestamp(microseconds: Clock.microseconds)
        return intakes.withIntake { intake in
            intake.receive(request, from: source, at: now, fetched: trust.fetched)
        }
    }

    /// How the service stands: 200 while webhooks can be recorded, else 503.
    private func health() throws -> HTTPAnswer {
        let size = try ledger.read { try $0.size }
        let status = writer.status
        var body: [UInt8] = []
        body.append(ascii: "{\"status\":")
        let state =
            switch status.failure {
            case nil: "ok"
            case .diskFull: "disk_full"
            default: "failed"
            }
        CanonicalJSON.appendString(state, to: &body)
        if let failure = status.failure {
            body.append(ascii: ",\"problem\":")
            CanonicalJSON.appendString("\(failure)", to: &body)
        }
        let numbers: [(StaticString, UInt64)] = [
            (",\"size\":", size), (",\"queued\":", UInt64(status.queued)),
            (",\"committed\":", status.committed), (",\"commits\":", status.commits),
            (",\"rejections_not_recorded\":", recorder.droppedInAll),
            (",\"uptime_seconds\":", (Clock.monotonicNanoseconds - start) / 1_000_000_000),
        ]
        for (name, value) in numbers {
            body.append(ascii: name)
            Decimal.append(value, to: &body)
        }
        body.append(ascii: ",\"durability\":\"each answer follows a synced commit\"}\n")
        return HTTPAnswer(
            status: status.failure == nil ? 200 : 503,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: body
        )
    }
}

extension HTTPAnswer {
    /// Nothing was recorded: come back.
    static func unavailable(_ text: String) -> HTTPAnswer {
        var answer = HTTPAnswer.text(503, text)
        answer.headers.append(("Retry-After", "5"))
        return answer
    }

    init(_ answer: Answer) {
        self.init(
            status: answer.status,
            // What is sent back of a challenge must not be taken for a page.
            headers: answer.contentType.map {
                [("Content-Type", $0), ("X-Content-Type-Options", "nosniff")]
            } ?? [],
            body: answer.body
        )
    }
}
