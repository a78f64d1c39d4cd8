internal import Bytes
internal import Ledger
internal import Projections

/// Sets an incident report out under the headings of a post-mortem (Google SRE, appendix D).
///
/// What the log knows is filled in; what only people know is left as marked blanks.
struct IncidentDocument {
    let report: IncidentReport
    let record: ReportRecord
    /// What is shown of texts that come from events.
    let mask: IncidentMask
    var document: ReportDocument

    var query: IncidentQuery { report.query }
    var figures: IncidentFigures { report.figures }

    /// The report with what the log says of its making.
    static func make(_ report: IncidentReport, _ record: ReportRecord) -> ReportDocument {
        var maker = IncidentDocument(report, record)
        maker.summary()
        maker.impact()
        maker.trigger()
        maker.detection()
        maker.rootCauses()
        maker.resolution()
        maker.blanks()
        maker.timeline()
        maker.supporting()
        return maker.document
    }

    private init(_ report: IncidentReport, _ record: ReportRecord) {
        self.report = report
        self.record = record
        mask = IncidentMask(isOn: report.query.isRedacted)
        let query = report.query
        let length = query.until.microseconds - query.since.microseconds
        document = ReportDocument(
            kicker: "Incident report" + (query.isRedacted ? ", redacted" : ""),
            title: [.said(query.id)] + (query.title.map { [.plain(": "), .said($0)] } ?? []),
            subtitle: [
                .plain(
                    "\(Self.minute(query.since)) to \(Self.minute(query.until)) UTC "
                        + "(\(DurationText.of(microseconds: length)))  ·  log "
                ), .said(report.origin),
            ]
        )
        document.colophon = [
            .plain(
                "Made by \(record.tool) from the first "
                    + "\(ReportNumber.count(report.size, "event")) of the log. The same query gives "
                    + "the same bytes: "
            )
        ]
        if let recorded = record.recorded {
            document.colophon.append(.code("daybook rerun \(recorded.sequence)"))
        }
    }

    mutating func add(_ block: ReportBlock) { document.blocks.append(block) }

    mutating func heading(_ title: String, _ id: String) { add(.heading(title, id: id)) }

    // MARK: - Words

    /// A moment to the minute.
    static func minute(_ time: Timestamp) -> String {
        time.rfc3339.prefix(10) + " " + time.rfc3339.dropFirst(11).prefix(5)
    }

    /// A moment as short as it can be told: without the date where that is the incident's own.
    func moment(_ time: Timestamp) -> String {
        let text = time.rfc3339
        let clock = String(text.dropFirst(11).prefix(12))
        let isSameDay =
            text.prefix(10) == query.since.rfc3339.prefix(10)
            && query.since.rfc3339.prefix(10)
                == Timestamp(microseconds: query.until.microseconds - 1).rfc3339.prefix(10)
        return isSameDay ? clock : text.prefix(10) + " " + clock
    }

    func sentence(_ event: TimelineEvent) -> [ReportText] {
        var words: [ReportText] = [
            .plain("event "), .event(event.sequence), .plain(" at \(moment(event.recorded)), "),
            .said(mask.name(event.service ?? event.source)), .plain(" "),
            .said(mask.name(event.type)),
        ]
        if let subject = event.subject {
            words += [.plain(" about "), .said(mask.subject(subject))]
        }
        if let status = event.status { words.append(.plain(", status \(status)")) }
        if let reason = mask.reason(event) { words += [.plain(": "), .said(reason)] }
        return words
    }

    /// A row's place: projection and key.
    func place(_ projection: String, _ key: String) -> [ReportText] {
        [.said(mask.name(projection)), .plain(" "), .said(mask.key(key, of: projection))]
    }

    // MARK: - Summary

    private mutating func summary() {
        heading("Summary", "summary")
        add(.blank("What happened, in two or three sentences for somebody who was not there."))
        add(.figures(summaryFigures))
        add(.charts(charts))
    }

    private var summaryFigures: [ReportBlock.Figure] {
        let calls = figures.eventsByKind[.call] ?? 0
        let failed = figures.failuresByKind[.call] ?? 0
        let rejected = figures.outcomes[.rejected] ?? 0
        let deliveries = figures.failuresByKind[.delivery] ?? 0
        let syncs = figures.failuresByKind[.sync] ?? 0
        let affected = report.subjects.affected.count
        func tone(_ number: Int) -> ReportText.Tone { number > 0 ? .bad : .good }
        var remark = "of \(ReportNumber.count(calls, "call"))"
        if calls > 0 { remark += ", \(Self.share(failed, calls))" }
        if figures.throttled > 0 {
            remark += "; \(ReportNumber.grouped(figures.throttled)) were 429"
        }
        return [
            .init(
                value: ReportNumber.grouped(figures.events),
                label: "events recorded",
                remark: "sequences \(report.range.lowerBound) to \(report.range.upperBound - 1)"
            ),
            .init(
                value: ReportNumber.grouped(failed),
                label: "failed calls",
                remark: remark,
                tone: tone(failed)
            ),
            .init(
                value: ReportNumber.grouped(rejected),
                label: "rejected webhooks",
                remark: "\(ReportNumber.count(figures.outcomes[.duplicate] ?? 0, "duplicate")), "
                    + ReportNumber.count(figures.outcomes[.conflict] ?? 0, "conflict"),
                tone: tone(rejected)
            ),
            .init(
                value: ReportNumber.grouped(deliveries + syncs),
                label: "failed deliveries and syncs",
                remark: "\(ReportNumber.count(deliveries, "delivery", "deliveries")), "
                    + ReportNumber.count(syncs, "sync"),
                tone: tone(deliveries + syncs)
            ),
            .init(
                value: ReportNumber.grouped(affected),
                label: affected == 1 ? "affected entity" : "affected entities",
                remark: moneyRemark,
                tone: affected > 0 ? .warning : .good
            ),
        ]
    }

    /// The money by the first projection that says any: sums of several would be of one thing twice.
    private var moneyRemark: String {
        guard let first = report.money.first else { return "no money known" }
        let sums = report.money.filter {
            ($0.projection, $0.column) == (first.projection, first.column)
        }
        let text = sums.map(\.text).prefix(3).joined(separator: ", ")
        return "\(text) by \(mask.name(first.projection))"
    }

    /// A share in hundredths with one digit after the point, rounded down.
    static func share(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "0 %" }
        let thousandths = part * 1000 / whole
        return "\(thousandths / 10).\(thousandths % 10) %"
    }
}
