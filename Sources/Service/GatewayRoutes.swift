internal import Bytes
internal import HTTPServer
internal import Ledger
internal import Outbound
internal import POSIX

/// `ANY /out/SERVICE/PATH?QUERY`: requests that are passed on to services.
struct GatewayRoutes: Sendable {
    static let prefix = "/out/"

    let gateway: Gateway
    let tokens: Tokens

    func admit(_ request: HTTPRequest) -> Admission {
        guard let service = gateway.service(named: Self.name(request.path)) else {
            return .refuse(Self.unknown)
        }
        do {
            _ = try caller(request, service)
            return .body(limit: service.requestBytes)
        } catch {
            return .refuse(error.answer)
        }
    }

    func handle(_ request: HTTPRequest) -> Disposition {
        guard let service = gateway.service(named: Self.name(request.path)) else {
            return .answer(Self.unknown)
        }
        do {
            let passed = try GatewayRequest(
                method: request.method,
                target: String(request.target.dropFirst(Self.prefix.count + service.name.count)),
                headers: request.headers,
                body: request.takeBody(),
                caller: try caller(request, service)
            )
            return .later { [gateway] responder in
                gateway.call(passed, of: service.name, HTTPAnswerer(responder: responder))
            }
        } catch let problem as CallProblem {
            return .answer(HTTPAnswer(problem, call: nil))
        } catch let refusal as Refusal {
            return .answer(refusal.answer)
        } catch {
            return .answer(.problem(500, "internal", "\(error)"))
        }
    }

    private static var unknown: HTTPAnswer {
        .problem(404, "unknown-service", "no such service; daybook.yaml names those there are")
    }

    private static func name(_ path: String) -> String {
        String(path.dropFirst(prefix.count).prefix { $0 != "/" })
    }

    private struct Refusal: Error {
        let answer: HTTPAnswer
    }

    /// Who calls: a token's owner, or who shows the service's own secret and could call it anyway.
    private func caller(
        _ request: HTTPRequest,
        _ service: OutboundService
    ) throws(Refusal) -> GatewayRequest.Caller {
        let shown = Self.shown(request, service)
        let now = Timestamp(microseconds: Clock.microseconds)
        for text in shown {
            guard let caller = tokens.caller(presenting: text.utf8Span.span, at: now) else {
                continue
            }
            guard caller.role.may(.callOut) else {
                let detail =
                    "the token \(caller.name) has the role \(caller.role.rawValue), expected gateway"
                throw Refusal(answer: .problem(403, "wrong-role", detail))
            }
            var call = Draft(source: service.name, id: "", type: "api.call", kind: .call)
            call[.service] = service.name
            guard caller.scope?.permits(call) ?? true else {
                throw Refusal(answer: APIProblem.outOfScope(caller, "this service").answer)
            }
            return GatewayRequest.Caller(kind: Caller.authType, name: caller.name)
        }
        for text in shown where service.isOwnSecret(text.utf8Span.span) {
            return GatewayRequest.Caller(kind: "service-key", name: service.name)
        }
        throw Refusal(
            answer: .problem(
                401,
                "unknown-caller",
                "show a token of the role gateway (daybook tokens create NAME --role gateway), or "
                    + "the service's own key",
                headers: [("WWW-Authenticate", "Bearer")]
            )
        )
    }

    /// What may be a token, or the service's secret: the usual places, and where the service
    /// itself wants it, alone or after a word.
    private static func shown(_ request: HTTPRequest, _ service: OutboundService) -> [String] {
        var shown = ShownCredentials(request).candidates
        for name in service.secretHeaderNames {
            guard request.headerCount(of: name) == 1, let value = request.header(name),
                !value.isEmpty, value.utf8.count <= 4096
            else { continue }
            shown.append(value)
            if let space = value.lastIndex(of: " ") {
                shown.append(String(value[value.index(after: space)...]))
            }
        }
        return shown
    }
}

/// Gives a service's answer to the HTTP server.
private struct HTTPAnswerer: CallAnswerer {
    let responder: Responder

    func answer(_ head: CallHead, _ body: [UInt8]) {
        responder.answer(
            HTTPAnswer(
                status: head.status,
                headers: head.headers.map { ($0.name, $0.value) },
                body: body
            )
        )
    }

    func refuse(_ problem: CallProblem, call: UInt64?) {
        responder.answer(HTTPAnswer(problem, call: call))
    }

    func stream(_ head: CallHead, onRoom: @escaping @Sendable () -> Void) -> any CallStream {
        // Once the caller has gone there is always room: the rest is received for the record.
        let stream = AnswerStream(onRoom: onRoom, onGone: onRoom)
        responder.answer(
            HTTPAnswer(
                status: head.status,
                headers: head.headers.map { ($0.name, $0.value) },
                stream: stream,
                length: nil
            )
        )
        return HTTPStream(stream: stream)
    }
}

private struct HTTPStream: CallStream {
    let stream: AnswerStream

    func write(_ piece: Span<UInt8>) -> Bool { stream.write(piece) }
    func end() { stream.end() }
    func fail() { stream.fail() }
}

extension HTTPAnswer {
    init(_ problem: CallProblem, call: UInt64?) {
        var headers: [(String, String)] = []
        if let wait = problem.retryAfter {
            let (seconds, attoseconds) = wait.components
            headers.append(("Retry-After", "\(max(1, seconds + (attoseconds > 0 ? 1 : 0)))"))
        }
        if let call { headers.append(("Daybook-Call", "\(call)")) }
        self = .problem(problem.status, problem.word.rawValue, problem.detail, headers: headers)
    }
}
