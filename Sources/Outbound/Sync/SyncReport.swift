internal import Bytes
internal import Digest
internal import JSON
package import Ledger

/// What a job says of its own run, posted to `/v1/syncs` when `daybook sync` does not run it.
///
/// `{"sync":"products","status":"completed","records":120,"started":"2026-02-01T02:00:00Z"}`; also
/// `errors`, `source_count`, `destination_count`, `duration_ms`, `id`, `message` and `details`.
package struct SyncReport {
    private let name: String
    private let counts: SyncCounts
    private let started: Timestamp?
    private let milliseconds: UInt64?
    private let id: String?
    /// Why the run has failed; `nil` if it has not.
    private let failure: String?

    /// Makes the event of a report, as `SyncRun` does of a run; `caller` is the token's name.
    ///
    /// Counts that differ make it a failed one. The body is the report, byte for byte. With an id
    /// of its own it takes effect once, else each report is a run.
    package static func draft(
        _ body: Span<UInt8>,
        by caller: String
    ) throws(SyncReportError) -> Draft {
        var parser = JSONParser(maximumDepth: SyncLimits.depth)
        var fields = SyncReportFields()
        do throws(JSONError) {
            let root = try parser.parse(body)
            fields.take(root)
        } catch {
            throw .notJSON(error)
        }
        return try SyncReport(fields).draft(body, caller)
    }

    private init(_ fields: SyncReportFields) throws(SyncReportError) {
        if let problem = fields.problem { throw problem }
        name = try fields.text("sync", atMost: 64) ?? ""
        guard SourceName.isValid(name) else {
            throw .found("the sync \"\(name)\"", expected: "as sync \(SourceName.rule)")
        }
        let status = try fields.text("status", atMost: 64) ?? ""
        guard ["completed", "failed"].contains(status) else {
            throw .found("the status \"\(status)\"", expected: "completed or failed")
        }
        var counts = SyncCounts()
        counts.records = try fields.number("records")
        counts.errors = try fields.number("errors")
        counts.sourceCount = try fields.number("source_count")
        counts.destinationCount = try fields.number("destination_count")
        self.counts = counts
        milliseconds = try fields.number("duration_ms")
        started = try Self.moment(fields.text("started", atMost: 64))
        id = try Self.id(fields.text("id", atMost: SyncLimits.idBytes))
        let message = try fields.text("message", atMost: .max)
        let reason = message.map { $0.cut(toBytes: SyncLimits.messageBytes) }
        failure = status == "failed" ? reason ?? counts.mismatch ?? "it failed" : counts.mismatch
    }

    private static func moment(_ text: String?) throws(SyncReportError) -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw .found(
                "\"\(text)\" as started",
                expected: "RFC 3339 such as 2026-02-01T02:00:00Z"
            )
        }
        return moment
    }

    private static func id(_ text: String?) throws(SyncReportError) -> String? {
        guard let text else { return nil }
        // Those are the log's own: with one of them a late run would never be told.
        guard !text.isEmpty, !text.hasPrefix("late:"), !text.hasPrefix("missed:") else {
            throw .found("\"\(text)\" as id", expected: "a text without late: or missed: before it")
        }
        return text
    }

    private func draft(_ content: Span<UInt8>, _ caller: String) -> Draft {
        var draft = Draft(
            source: name,
            id: id ?? AdminEvent.newID(),
            type: failure == nil ? "sync.completed" : "sync.failed",
            kind: .sync,
            outcome: failure == nil ? .succeeded : .failed
        )
        draft[.sync] = name
        draft[.subject] = "sync:\(name)"
        draft[.time] = started?.short
        draft[.reason] = failure
        draft[.authtype] = "token"
        draft[.authid] = caller
        draft[.datacontenttype] = "application/json"
        if let milliseconds { draft.set(.durationms, to: milliseconds) }
        if let records = counts.records { draft.set(.records, to: records) }
        if let errors = counts.errors { draft.set(.errors, to: errors) }
        var meta = CanonicalObject()
        meta.add("destination_count", counts.destinationCount)
        meta.add("source_count", counts.sourceCount)
        var whole = CanonicalObject()
        whole.add("sync", meta)
        var salts = SaltSource()
        let salt = salts.next()
        let bytes = whole.bytes
        draft.body = Body(salt: salt.span, meta: bytes.span, content: content)
        return draft
    }
}

extension String {
    /// At most so many bytes of UTF-8, no character cut in two; what is cut ends with `…`.
    fileprivate func cut(toBytes count: Int) -> String {
        guard utf8.count > count else { return self }
        var cut = ""
        var size = 0
        for character in self {
            size += character.utf8.count
            if size > count { break }
            cut.append(character)
        }
        return cut + "…"
    }
}
