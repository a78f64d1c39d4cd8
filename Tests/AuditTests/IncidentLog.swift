import Bytes
import DaybookTesting
import Ledger
import POSIX
import Projections
import Testing

@testable import Audit

/// A ledger of its own with the default projections, and events made by hand.
final class IncidentLog {
    private let folder: TemporaryLedger
    let ledger: Ledger
    private(set) var count = 0

    init() throws {
        folder = try TemporaryLedger()
        ledger = try folder.open(appends: true)
    }

    deinit { ledger.close() }

    func views() throws -> Views { try Views(ledger) }

    /// Forgets all that was folded; nobody may have it open.
    func deleteViews() { Files.removeTree("\(folder.path)/views") }

    /// Appends events one by one; the sequence of each.
    @discardableResult
    func take(_ drafts: Draft...) throws -> [UInt64] {
        let writer = try #require(ledger.writer)
        return try drafts.map { try writer.append([$0])[0].sequence }
    }

    /// An id that no other event of this log has.
    func newID() -> String {
        count += 1
        return "evt_\(count)"
    }

    // MARK: - Events

    func order(
        _ id: String,
        _ status: String,
        total: String = "12.50",
        time: String? = nil
    ) -> Draft {
        var draft = webhook("woocommerce", "order.updated", "order:\(id)")
        draft[.time] = time
        draft.body = .json(
            #"{"id":"\#(id)","status":"\#(status)","currency":"EUR","total":"\#(total)","#
                + #""date_created_gmt":"2026-11-20T09:00:00","#
                + #""date_modified_gmt":"2026-11-20T09:\#(minute()):00"}"#
        )
        return draft
    }

    func payment(_ id: String, order: String) -> Draft {
        var draft = webhook("stripe", "payment_intent.succeeded", "payment_intent:\(id)")
        draft.body = .json(
            #"{"created":1795166400,"data":{"object":{"id":"\#(id)","amount":1250,"#
                + #""currency":"eur","metadata":{"order_id":"\#(order)"}}}}"#
        )
        return draft
    }

    func call(
        _ service: String,
        _ status: UInt64?,
        thread: String? = nil,
        milliseconds: UInt64 = 100,
        limit: String? = nil,
        retryAfter: String? = nil
    ) -> Draft {
        let isGood = status.map { $0 < 400 } == true
        var draft = Draft(
            source: service,
            id: newID(),
            type: "api.call",
            kind: .call,
            outcome: isGood ? .succeeded : .failed
        )
        draft[.service] = service
        draft[.method] = "POST"
        draft[.path] = "/v1/items"
        draft[.correlationid] = thread
        draft[.ratelimit] = limit
        draft.set(.attempt, to: 1)
        draft.set(.durationms, to: milliseconds)
        if let status { draft.set(.status, to: status) } else { draft[.reason] = "reported: reset" }
        if let retryAfter {
            let meta = Array(
                #"{"response":{"headers":[["Retry-After","\#(retryAfter)"]],"status":429}}"#.utf8
            )
            draft.body = Body(meta: meta.span, content: [UInt8]().span)
        }
        return draft
    }

    func refused(_ source: String, _ reason: String) -> Draft {
        var draft = Draft(
            source: source,
            id: newID(),
            type: "webhook.rejected",
            kind: .webhook,
            outcome: .rejected
        )
        draft[.provider] = source
        draft[.reason] = reason
        return draft
    }

    func sync(_ name: String, fails: Bool) -> Draft {
        var draft = Draft(
            source: name,
            id: newID(),
            type: fails ? "sync.failed" : "sync.completed",
            kind: .sync,
            outcome: fails ? .failed : .succeeded
        )
        draft[.sync] = name
        draft[.subject] = "sync:\(name)"
        return draft
    }

    func breaker(_ service: String, _ word: String) -> Draft {
        var draft = AdminEvent.draft(type: "daybook.breaker.\(word)")
        draft[.service] = service
        draft[.subject] = "service:\(service)"
        return draft
    }

    private func webhook(_ provider: String, _ type: String, _ subject: String) -> Draft {
        var draft = Draft(source: provider, id: newID(), type: type, kind: .webhook)
        draft[.provider] = provider
        draft[.subject] = subject
        draft[.datacontenttype] = "application/json"
        return draft
    }

    private func minute() -> String { count % 60 < 10 ? "0\(count % 60)" : "\(count % 60)" }

    // MARK: - The report

    var now: Timestamp { Timestamp(microseconds: Clock.microseconds) }

    /// A query about the time from a moment to now.
    func query(_ id: String = "INC-12", since: Timestamp) throws -> IncidentQuery {
        try IncidentQuery(
            id: id,
            since: since,
            until: Timestamp(microseconds: Clock.microseconds + 1)
        )
    }

    func report(_ query: IncidentQuery, _ views: Views? = nil) throws -> IncidentReport {
        let size = try ledger.read { try $0.size }
        return try IncidentReport(query, size: size, views ?? self.views())
    }

    /// The report's record in the log, as the command makes it.
    func record(
        _ report: IncidentReport,
        _ views: Views,
        actor: Actor = .user("reviewer"),
        purpose: String? = nil
    ) throws -> ReportRecord {
        try ReportRecord(
            kind: IncidentReport.kind,
            query: report.query.text,
            size: report.size,
            rows: report.rows,
            definitions: views.definitionHashes().map {
                .init(name: $0.name, version: $0.version, hash: $0.hash)
            },
            tool: "daybook test",
            actor: actor,
            purpose: purpose
        ).record(in: ledger)
    }

    /// The whole text of a report.
    func text(_ query: IncidentQuery) throws -> String {
        let views = try views()
        let report = try report(query, views)
        return String(decoding: try report.text(record(report, views)), as: UTF8.self)
    }
}

extension Body {
    static func json(_ text: String) -> Body {
        let meta: [UInt8] = Array("{}".utf8)
        let content: [UInt8] = Array(text.utf8)
        return Body(meta: meta.span, content: content.span)
    }
}
