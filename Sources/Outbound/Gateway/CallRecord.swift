internal import Bytes
internal import HTTPClient
internal import Ledger

/// Makes the events of one request that is passed on: an intent before each attempt, the call after.
struct CallRecord: Sendable {
    let service: OutboundService
    let request: GatewayRequest
    private let context: CallContext
    /// What goes out, but for the secrets of the service.
    private let headers: [(name: String, value: String)]
    private let target: String
    /// By what the service knows a repeated attempt; `nil` if it does not.
    private let key: String?

    /// Whether the service knows a repeated attempt as such.
    var hasKey: Bool { key != nil }

    static let intentType = "daybook.call.intent"
    static let callType = "api.call"

    /// What came of an attempt.
    struct Ending {
        var head: AnswerHead?
        /// The answer's first bytes, and how many there were.
        var body: [UInt8] = []
        var bodyBytes = 0
        var milliseconds: UInt64 = 0
        /// Why there is no whole answer.
        var problem: CallProblem?
        /// How long a limit would have held the call back, had it been asked to.
        var wouldWait: Duration?
    }

    /// Takes a request as the caller sent it, and gives it an idempotency key where the service
    /// takes one.
    init(_ request: GatewayRequest, _ service: OutboundService, _ context: CallContext) {
        self.request = request
        self.service = service
        self.context = context
        var headers = PassedHeaders.request(request.headers, secret: service.credential.headerNames)
        var target = request.target.without(service.credential.parameterNames)
        // Whether a call that could take effect twice is given a key.
        let isMade =
            service.idempotency?.isMade == true && ["POST", "PATCH"].contains(request.method)
        let made = isMade ? AdminEvent.newID() : nil
        switch service.idempotency?.place {
        case .header(let name):
            // One without a value is none: a repeated attempt would not be known by it.
            headers.removeAll { header in
                header.name.asciiLowercased == name.asciiLowercased
                    && header.value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            }
            let own = headers.first { $0.name.asciiLowercased == name.asciiLowercased }
            key = own?.value ?? made
            if own == nil, let made { headers.append((name, made)) }
        case .query(let name):
            let fields = target.drop { $0 != "?" }.dropFirst().split(separator: "&")
            let own = fields.first {
                $0.hasPrefix("\(name)=") && $0.utf8.count > name.utf8.count + 1
            }
            key = own.map { String($0.dropFirst(name.count + 1)) } ?? made
            if own == nil, let made {
                target += "\(target.contains("?") ? "&" : "?")\(name)=\(made)"
            }
        case .body, nil: key = nil
        }
        self.headers = headers
        self.target = target
    }

    /// What goes out, with the service's secrets; `token` is the one granted for now.
    func outgoing(token: String?) -> ClientRequest {
        var headers = headers
        var url = service.base + target
        switch service.credential {
        case .none: break
        case .headers(let secrets): headers += secrets.map { ($0.name, $0.value) }
        case .query(let secrets):
            for secret in secrets {
                let value = PercentEncoding.encode(Array(secret.value.utf8))
                url += (url.contains("?") ? "&" : "?") + "\(secret.name)=\(value)"
            }
        case .oauth2: if let token { headers.append(("Authorization", "Bearer \(token)")) }
        }
        return ClientRequest(method: request.method, url: url, headers: headers, body: request.body)
    }

    /// The event that is on disk before an attempt goes out.
    func intent(_ attempt: Int, at time: Timestamp, cause: String?) -> Draft {
        var draft = Draft(
            source: AdminEvent.source,
            id: AdminEvent.newID(),
            type: Self.intentType,
            kind: .admin
        )
        describe(&draft, attempt, time)
        draft[.causationid] = cause
        let content = service.secrets.shown(body: Array(request.body.prefix(service.recordedBytes)))
        var meta = CanonicalObject()
        if request.body.count > service.recordedBytes {
            meta.add("cut", cut(request.body.count, nil))
        }
        meta.add("lengths", [UInt64(content.count), 0])
        meta.add("request", requestMeta)
        draft.body = seal(meta, content)
        return draft
    }

    /// The event of an attempt that has ended.
    func call(_ attempt: Int, at time: Timestamp, intent: UInt64, _ ending: Ending) -> Draft {
        let status = ending.problem == nil ? ending.head?.status : nil
        var draft = Draft(
            source: service.name,
            id: AdminEvent.newID(),
            type: Self.callType,
            kind: .call,
            outcome: status.map { $0 < 400 } == true ? .succeeded : .failed
        )
        describe(&draft, attempt, time)
        draft[.causationid] = Decimal.padded(intent, digits: Decimal.sequenceDigits)
        draft[.ratelimit] = service.limits.notation
        draft[.reason] = ending.problem?.reason
        // A status counts even where the rest of the answer is missing.
        if let status = ending.head?.status { draft.set(.status, to: UInt64(status)) }
        draft.set(.durationms, to: ending.milliseconds)
        draft.body = body(ending)
        return draft
    }

    private func describe(_ draft: inout Draft, _ attempt: Int, _ time: Timestamp) {
        draft[.service] = service.name
        draft[.method] = request.method
        draft[.path] = String(request.path.prefix(OutboundLimits.recordedPath))
        draft.set(.attempt, to: UInt64(attempt))
        // So that all attempts, of whatever request, are found by it.
        if let key, key.utf8.count <= 128, key.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) {
            draft[.subject] = "idempotency-key:\(key)"
        }
        draft[.time] = time.rfc3339
        draft[.correlationid] = request.correlation
        draft[.traceparent] = request.traceparent
        draft[.authtype] = request.caller.kind
        draft[.authid] = request.caller.name
    }

    private func body(_ ending: Ending) -> Body {
        let sent = service.secrets.shown(body: Array(request.body.prefix(service.recordedBytes)))
        let received = service.secrets.shown(body: ending.body)
        var meta = CanonicalObject()
        if request.body.count > service.recordedBytes || ending.body.count < ending.bodyBytes {
            meta.add("cut", cut(request.body.count, ending.bodyBytes))
        }
        meta.add("lengths", [UInt64(sent.count), UInt64(received.count)])
        meta.add("request", requestMeta)
        if let head = ending.head {
            var response = CanonicalObject()
            response.add("headers", service.secrets.shown(head.headers))
            response.add("status", UInt64(max(0, head.status)))
            meta.add("response", response)
        }
        if let wait = ending.wouldWait {
            let (seconds, attoseconds) = wait.components
            meta.add("would_wait_ms", UInt64(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
        }
        return seal(meta, sent + received)
    }

    /// How long the bodies were of which only the beginning is kept.
    private func cut(_ request: Int, _ response: Int?) -> CanonicalObject {
        var cut = CanonicalObject()
        cut.add("request", UInt64(request))
        cut.add("response", response.map { UInt64($0) })
        return cut
    }

    private var requestMeta: CanonicalObject {
        var meta = CanonicalObject()
        meta.add("headers", service.secrets.shown(headers))
        meta.add("method", request.method)
        meta.add("target", service.secrets.shown(target: target))
        return meta
    }

    private func seal(_ meta: CanonicalObject, _ content: [UInt8]) -> Body {
        let salt = context.salt()
        let bytes = meta.bytes
        return Body(salt: salt.span, meta: bytes.span, content: content.span)
    }
}

extension String {
    /// A target without the parameters of these names.
    fileprivate func without(_ names: [String]) -> String {
        guard !names.isEmpty, let mark = firstIndex(of: "?") else { return self }
        let fields = self[index(after: mark)...].split(separator: "&").filter { field in
            !names.contains(String(field.prefix { $0 != "=" }))
        }
        return fields.isEmpty
            ? String(self[..<mark]) : self[..<mark] + "?" + fields.joined(separator: "&")
    }
}
