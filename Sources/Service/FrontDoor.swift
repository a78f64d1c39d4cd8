internal import Bytes
internal import HTTPServer
internal import Ledger
internal import Outbound
internal import POSIX
internal import Projections
internal import Synchronization
internal import Webhooks

/// Every route of the service, over one ledger.
final class FrontDoor: HTTPHandler {
    private let ledger: Ledger
    private let writer: Writer
    private let sources: [String: Source]
    private let log: LogRoutes
    private let gateway: Gateway
    private let tokens: Tokens
    private let out: GatewayRoutes
    private let api: APIRoutes
    private let reads: ReadRoutes
    private let recorder: Recorder
    private let trust: TrustFetcher
    private let intakes = IntakePool()
    private let accessLog: AccessLog?
    private let start = Clock.monotonicNanoseconds

    init(
        ledger: Ledger,
        writer: Writer,
        configuration: Configuration,
        trust: TrustFetcher,
        gateway: Gateway,
        views: Views,
        accessLog: AccessLog?
    ) throws(SystemError) {
        self.ledger = ledger
        self.writer = writer
        sources = configuration.sources
        self.trust = trust
        self.accessLog = accessLog
        log = LogRoutes(ledger: ledger)
        recorder = Recorder(writer)
        let tokens = Tokens(ledger: ledger.path)
        self.gateway = gateway
        self.tokens = tokens
        out = GatewayRoutes(gateway: gateway, tokens: tokens)
        api = APIRoutes(ledger, writer, tokens, configuration)
        reads = try ReadRoutes(
            ledger: ledger,
            writer: writer,
            views: views,
            tokens: tokens,
            recordsReads: configuration.recordsReads
        )
    }

    /// Answers what was asked of the book; called once, before the ledger is closed.
    func stop() { reads.stop() }

    func finished(_ record: AccessRecord) { accessLog?.add(record) }

    /// Records how many refused requests were not recorded one by one; called now and then.
    func flushCounts() { recorder.flushDropped() }

    // MARK: - Before the body

    func admit(_ request: HTTPRequest) -> Admission {
        let path = request.path
        if path.hasPrefix(GatewayRoutes.prefix) { return out.admit(request) }
        if path.hasPrefix("/v1/") {
            return ReadRoutes.takes(request) ? reads.admit(request) : api.admit(request)
        }
        guard path.hasPrefix(Self.hooks) else {
            guard ["GET", "HEAD"].contains(request.method) else {
                return .refuse(
                    .text(404, "not found; POST goes to /hooks/SOURCE, /out/SERVICE/PATH or /v1/")
                )
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
            if path.hasPrefix(GatewayRoutes.prefix) { return out.handle(request) }
            if path.hasPrefix("/v1/") {
                return ReadRoutes.takes(request) ? reads.handle(request) : api.handle(request)
            }
            if path == "/checkpoint" { return .answer(try log.checkpoint()) }
            if path.hasPrefix("/tile/") { return .answer(try log.tile(path.dropFirst())) }
            if path == "/healthz" { return .answer(try health(tellsServices: isKnown(request))) }
            return .answer(
                .text(404, "not found; see /healthz, /checkpoint, /tile/, /hooks/, /out/, /v1/")
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
    ///
    /// How the services stand is told to those who show a token: names and loads are not for all.
    private func health(tellsServices: Bool) throws -> HTTPAnswer {
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
        if tellsServices {
            body.append(ascii: ",\"services\":")
            body.append(contentsOf: services)
        }
        body.append(ascii: ",\"durability\":\"each answer follows a synced commit\"}\n")
        return HTTPAnswer(
            status: status.failure == nil ? 200 : 503,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: body
        )
    }
}

extension FrontDoor {
    /// Whether a request shows a good token, whatever its role.
    private func isKnown(_ request: HTTPRequest) -> Bool {
        let now = Timestamp(microseconds: Clock.microseconds)
        return tokens.caller(showing: ShownCredentials(request), at: now) != nil
    }

    /// How each service stands, as a JSON object.
    private var services: [UInt8] {
        var services = CanonicalObject()
        for status in gateway.status {
            var service = CanonicalObject()
            service.add("blocked_until", status.limits.blockedUntil?.short)
            service.add("breaker", status.breaker)
            service.add("in_flight", UInt64(max(0, status.limits.inFlight)))
            var used = CanonicalObject()
            for window in status.limits.windows.sorted(by: { "\($0.rate)" < "\($1.rate)" }) {
                used.add("\(window.rate)", UInt64(max(0, window.used)))
            }
            service.add("used", used)
            service.add("waiting", UInt64(max(0, status.limits.waiting)))
            services.add(status.name, service)
        }
        return services.bytes
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
