internal import Bytes
internal import Ledger
internal import Projections

extension IncidentDocument {
    mutating func timeline() {
        heading("Timeline", "timeline")
        add(
            .paragraph([
                .plain(
                    "Times are UTC. Recorded is when it came into the log, by our clock; occurred is "
                        + "when it happened, by the sender's. Delay is the one less the other. "
                ),
                .faint(timelineScope),
            ])
        )
        var table = ReportTable(
            columns: [
                .number("Seq"), .narrow("Recorded"), .narrow("Occurred"), .number("Delay"),
                .text("Source"), .wide("What"), .narrow("Outcome"), .text("What changed"),
            ],
            empty: "Nothing failed in this time, nobody changed the ledger, and no sync ran."
        )
        for entry in report.timeline.entries { table.rows.append(row(entry)) }
        if report.timeline.cut > 0 {
            table.footer = [
                .plain(
                    "The timeline ends here; \(ReportNumber.count(report.timeline.cut, "more line")) "
                        + "of this time would follow. Choose a shorter time, or --subject."
                )
            ]
        }
        add(.table(table))
    }

    private var timelineScope: String {
        let what =
            query.subjects.isEmpty
            ? "Shown are failures, signs, changes of state, syncs and what people changed"
            : "Shown are the events of the named entities and their rows, failures, signs, syncs and "
                + "what people changed"
        let hidden = report.timeline.hiddenFailures
        return hidden == 0
            ? what + "."
            : what + "; \(ReportNumber.count(hidden, "failure")) like others "
                + "\(hidden == 1 ? "is" : "are") only counted."
    }

    private func row(_ entry: IncidentTimeline.Entry) -> ReportTable.Row {
        let event = entry.event
        var delay: [ReportText] = []
        if let length = event.delay {
            let text = DurationText.of(microseconds: length)
            delay = [length.magnitude >= 60_000_000 ? .strong(text) : .plain(text)]
        }
        return ReportTable.Row(
            cells: [
                [.event(event.sequence)], [.plain(moment(event.recorded))],
                event.occurred.map { [.plain(moment($0))] } ?? [.faint("–")],
                delay.isEmpty ? [.faint("–")] : delay,
                [
                    .said(mask.name(event.service ?? event.source)), .lineBreak,
                    .faint(event.kind.rawValue),
                ],
                what(entry),
                [
                    .tag(
                        event.status.map { "\(event.outcome.rawValue) \($0)" }
                            ?? event.outcome.rawValue,
                        tone(event)
                    )
                ],
                effects(event),
            ],
            isBad: event.isFailure || event.isSign
        )
    }

    private func tone(_ event: TimelineEvent) -> ReportText.Tone {
        switch event.outcome {
        case .failed, .rejected, .conflict: .bad
        case .duplicate: .warning
        case .accepted, .succeeded: event.isSign ? .bad : .neutral
        }
    }

    private func what(_ entry: IncidentTimeline.Entry) -> [ReportText] {
        let event = entry.event
        var words: [ReportText] = [.said(mask.name(event.type))]
        if let subject = event.subject { words += [.plain(" "), .said(mask.subject(subject))] }
        var call: [String] = []
        if let method = event.method { call.append(mask.name(method)) }
        if let path = mask.free(event.path) { call.append(path) }
        if let attempt = event.attempt { call.append("attempt \(attempt)") }
        if let length = event.milliseconds {
            call.append("took " + DurationText.of(microseconds: Int64(clamping: length) * 1000))
        }
        if !call.isEmpty { words += [.lineBreak, .aside(call.joined(separator: " · "))] }
        if let reason = mask.reason(event) { words += [.lineBreak, .aside(reason)] }
        if event.kind == .admin, let actor = event.actor {
            words += [.lineBreak, .faint("by "), .aside(mask.actor(actor))]
        }
        if let thread = event.correlation, thread != event.subject {
            words += [.lineBreak, .faint("thread "), .aside(mask.thread(thread))]
        }
        if event.kind == .webhook, let id = mask.free(event.id) {
            words += [.lineBreak, .faint("id "), .aside(id)]
        }
        if entry.alike > 0 {
            words += [
                .lineBreak,
                .strong("and \(ReportNumber.grouped(entry.alike)) more like it before, not shown"),
            ]
        }
        return words
    }

    private func effects(_ event: TimelineEvent) -> [ReportText] {
        var words: [ReportText] = []
        for effect in event.effects.prefix(4) {
            if !words.isEmpty { words.append(.lineBreak) }
            words += place(effect.projection, effect.key) + [.plain("  ")]
            words += changes(
                Self.telling(effect.changes, report.free[effect.projection]),
                effect.projection
            )
        }
        if event.effects.count > 4 {
            words += [.lineBreak, .faint("and \(event.effects.count - 4) more rows")]
        }
        return words
    }

    /// Words and money, which say what became of a row; where there are none the first of the rest.
    private static func telling(_ changes: [Change], _ free: Set<String>?) -> [Change] {
        let telling = changes.filter { change in
            if case .money = change.new ?? change.old { return true }
            return change.isOfWords(free)
        }
        return telling.isEmpty ? Array(changes.prefix(3)) : telling
    }

    /// What changed, as `shop: placed → paid`.
    func changes(_ changes: [Change], _ projection: String) -> [ReportText] {
        var words: [ReportText] = []
        let free = report.free[projection]
        for change in changes.prefix(8) {
            if !words.isEmpty { words.append(.plain(", ")) }
            words += [
                .plain("\(mask.name(change.column)): "),
                .said(Self.cut(mask.value(change.old, change.column, free: free))),
                .plain(" → "), .said(Self.cut(mask.value(change.new, change.column, free: free))),
            ]
        }
        if changes.count > 8 { words.append(.faint(", and \(changes.count - 8) more columns")) }
        return words
    }

    /// Characters of one value: a set of tracking numbers is not what people look for here.
    private static let valueLimit = 120

    private static func cut(_ text: String) -> String {
        text.count <= valueLimit ? text : text.prefix(valueLimit) + "…"
    }
}
