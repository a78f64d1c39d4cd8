package import HTTPServer
package import Ledger
internal import Synchronization

/// `POST /v1/events`, `/v1/calls` and `/v1/syncs`: what programs say happened, by their tokens.
///
/// Who sends it is known from the head alone, so that nobody without a token costs more than that.
package final class APIRoutes: Sendable {
    /// Makes the event of a sync out of the body that reports it, and the caller's name.
    package typealias ReadSync = @Sendable (_ body: Span<UInt8>, _ caller: String) throws -> Draft
    /// Gives what is known of a service of this name; `nil` if none is configured.
    package typealias FindService = @Sendable (_ name: String) -> KnownService?

    /// Bytes of a body: a batch of events, or both sides of a call.
    package static let bodyBytes = 8 << 20

    private enum Route: String, CaseIterable {
        case events = "/v1/events"
        case calls = "/v1/calls"
        case syncs = "/v1/syncs"

        var act: Act {
            switch self {
            case .events: .appendEvents
            case .calls: .reportCalls
            case .syncs: .reportSyncs
            }
        }
    }

    private let ledger: Ledger
    private let writer: Writer
    private let admittance: Admittance
    private let reserved: Set<String>
    private let syncNames: Set<String>
    private let service: FindService
    private let readSync: ReadSync
    private let refused = Atomic<UInt64>(0)

    /// Takes what is recorded with, and for which sources no caller may speak.
    ///
    /// The events of `reservedSources` come another way (webhooks, deliveries), so that nothing that
    /// a caller says may take their ids. For `syncNames`, those of configured syncs, reports of
    /// syncs speak and no other events.
    package init(
        ledger: Ledger,
        writer: Writer,
        tokens: Tokens,
        reservedSources: Set<String>,
        syncNames: Set<String>,
        service: @escaping FindService,
        sync: @escaping ReadSync
    ) {
        self.ledger = ledger
        self.writer = writer
        admittance = Admittance(tokens: tokens)
        reserved = reservedSources
        self.syncNames = syncNames
        self.service = service
        readSync = sync
    }

    /// Requests that showed no good token, or one that was not good for them.
    package var refusedCallers: UInt64 { refused.load(ordering: .relaxed) }

    // MARK: - Before the body

    /// Decides by the head whether a request to `/v1/` may go on.
    package func admit(_ request: HTTPRequest) -> Admission {
        do throws(APIProblem) {
            let route = try Self.route(request)
            _ = try admittance.caller(of: request, to: route.act)
            if let length = request.header("content-length").flatMap({ Int($0) }),
                length > Self.bodyBytes
            {
                throw APIProblem(
                    413,
                    "body-too-large",
                    "the body has \(length) bytes, expected at most \(Self.bodyBytes)"
                )
            }
            return .body(limit: Self.bodyBytes)
        } catch {
            if error.status == 401 || error.status == 403 { refused.add(1, ordering: .relaxed) }
            return .refuse(error.answer)
        }
    }

    private static func route(_ request: HTTPRequest) throws(APIProblem) -> Route {
        guard let route = Route(rawValue: request.path) else {
            let routes = Route.allCases.map(\.rawValue).joined(separator: ", ")
            throw APIProblem(404, "not-found", "there is no such path, expected \(routes)")
        }
        guard request.method == "POST" else {
            var problem = APIProblem(405, "wrong-method", "\(route.rawValue) takes POST alone")
            problem.headers = [("Allow", "POST")]
            throw problem
        }
        return route
    }

    // MARK: - Complete requests

    /// Records what a request says, and answers once it is on disk.
    package func handle(_ request: HTTPRequest) -> Disposition {
        do throws(APIProblem) {
            let route = try Self.route(request)
            // A token may have been revoked while the body came in.
            let caller = try admittance.caller(of: request, to: route.act)
            var drafts = try drafts(request, route, caller)
            for index in drafts.indices {
                guard caller.scope?.permits(drafts[index]) ?? true else {
                    var problem = APIProblem.outOfScope(caller, "this event")
                    problem.index = drafts.count > 1 ? index : nil
                    throw problem
                }
                drafts[index][.authtype] = Caller.authType
                drafts[index][.authid] = caller.name
            }
            return record(drafts)
        } catch {
            return .answer(error.answer)
        }
    }

    private func drafts(
        _ request: HTTPRequest,
        _ route: Route,
        _ caller: Caller
    ) throws(APIProblem) -> [Draft] {
        let contentType = request.header("content-type")
        let body = request.takeBody()
        if route == .events {
            var reader = EventReader(reserved: reserved.union(syncNames))
            return try reader.drafts(
                contentType: contentType,
                headers: request.headers,
                body: body
            )
        }
        let type = MediaType(contentType ?? "")
        guard type.name == "application/json", type.isUTF8 else {
            throw APIProblem(
                415,
                "unsupported-type",
                "the content type is \"\(type.name.prefix(80))\", expected application/json"
            )
        }
        return [route == .calls ? try call(body) : try sync(body, caller)]
    }

    private func call(_ body: [UInt8]) throws(APIProblem) -> Draft {
        let report = try CallReport(body.span)
        return report.draft(service(report.service) ?? KnownService())
    }

    private func sync(_ body: [UInt8], _ caller: Caller) throws(APIProblem) -> Draft {
        let draft: Draft
        do {
            draft = try readSync(body.span, caller.name)
        } catch {
            throw .malformed("\(error)")
        }
        guard !reserved.contains(draft.source) else { throw .reserved(draft.source) }
        return draft
    }

    private func record(_ drafts: [Draft]) -> Disposition {
        let names = drafts.map { (source: $0.source, id: $0.id) }
        return .later { [ledger, writer] responder in
            do throws(AppendError) {
                try writer.submit(drafts) { result in
                    switch result {
                    case .success(let receipts):
                        responder.answer(ReceiptAnswer(names, receipts, ledger).answer)
                    case .failure(let error): responder.answer(Self.problem(error).answer)
                    }
                }
            } catch {
                responder.answer(Self.problem(error).answer)
            }
        }
    }

    /// Why nothing was recorded.
    private static func problem(_ error: AppendError) -> APIProblem {
        switch error {
        case .refused(let reason): .malformed(reason)
        case .queueFull: .unavailable("busy", "\(error)")
        case .diskFull, .stopped, .failed: .unavailable("not-recorded", "\(error)")
        }
    }
}
