internal import Bytes
internal import Ledger
internal import Projections

/// What led to the incident, how it was seen, and how it ended.
extension IncidentDocument {
    mutating func trigger() {
        heading("Trigger", "trigger")
        guard let first = report.firstFailure else {
            add(.paragraph([.plain("The log has no failure in this time.")]))
            add(.blank("What set it off."))
            return
        }
        add(
            .paragraph(
                [.plain("The first failure of this time is ")] + sentence(first) + [.plain(".")]
            )
        )
        if let chain = report.causes.chains.first(where: {
            $0.events.last?.sequence == first.sequence
        }),
            let root = chain.events.first
        {
            add(
                .paragraph(
                    [.plain("It goes back to ")] + sentence(root)
                        + [.plain(" (\(chain.link.rawValue)).")]
                )
            )
        }
        let before = figures.notes.filter {
            $0.kind == .admin && !$0.isSign && $0.sequence < first.sequence
        }
        if !before.isEmpty {
            add(.paragraph([.plain("What people or programs changed before it in this time:")]))
            add(.list(before.suffix(10).map { sentence($0) + by($0) }))
        }
        add(
            .blank(
                "What set it off: a release, a change of configuration, a provider's fault, load."
            )
        )
    }

    private func by(_ event: TimelineEvent) -> [ReportText] {
        event.actor.map { [.plain(", by "), .said(mask.actor($0))] } ?? []
    }

    mutating func detection() {
        heading("Detection", "detection")
        if let first = report.firstFailure {
            if let sign = report.firstSign, let time = time(of: sign) {
                let late = time.microseconds - first.recorded.microseconds
                add(
                    .paragraph([
                        .plain("The ledger's first sign came "),
                        .strong(DurationText.of(microseconds: Int64(clamping: late.magnitude))),
                        .plain(
                            " \(late < 0 ? "before" : "after") the first failure, with event "
                        ), .event(sign), .plain(":"),
                    ])
                )
                add(.list(signs))
            } else {
                add(
                    .paragraph([
                        .plain(
                            "No breaker opened, no delivery was stopped, no sync was missed and no "
                                + "state of a source or service changed in this time."
                        )
                    ])
                )
            }
        }
        add(.blank("Who noticed, when and by what; what should have told them sooner."))
    }

    private func time(of sequence: UInt64) -> Timestamp? {
        report.timeline.entries.first { $0.event.sequence == sequence }?.event.recorded
    }

    /// Signs and changes of state in their order, a few.
    private var signs: [[ReportText]] {
        var signs: [(sequence: UInt64, text: [ReportText])] = []
        for event in figures.notes where event.isSign {
            signs.append((event.sequence, sentence(event)))
        }
        for transition in report.transitions {
            let free = report.free[transition.projection]
            let old = mask.value(transition.change.old, transition.change.column, free: free)
            let new = mask.value(transition.change.new, transition.change.column, free: free)
            var text: [ReportText] = [.plain("event "), .event(transition.sequence)]
            if let time = time(of: transition.sequence) {
                text.append(.plain(" at \(moment(time))"))
            }
            text += [.plain(", state of ")] + place(transition.projection, transition.key)
            text += [.plain(": "), .said(old), .plain(" → "), .strong(new)]
            signs.append((transition.sequence, text))
        }
        signs.sort { $0.sequence < $1.sequence }
        let shown = signs.prefix(12).map(\.text)
        let rest = signs.count - shown.count
        return rest > 0 ? shown + [[.faint("and \(rest) more, on the timeline")]] : shown
    }

    mutating func rootCauses() {
        heading("Root causes", "causes")
        add(
            .blank(
                "Why it could happen: ask again until the answer is about the system, not a person."
            )
        )
        let causes = report.causes
        guard !causes.chains.isEmpty else {
            let text =
                figures.failureCount == 0
                ? "There is no failure to trace."
                : "No failure names an event that caused it, or shares a thread with one."
            add(.paragraph([.plain(text)]))
            return
        }
        add(.table(kindsOfCauses))
        add(.subheading("Those with the most failures"))
        var table = ReportTable(
            columns: [
                .number("Failures"), .text("First cause"), .text("Leads to"),
                .narrow("Because it is"),
            ]
        )
        for chain in causes.chains {
            var way: [ReportText] = []
            for event in chain.events.dropFirst() {
                if !way.isEmpty { way.append(.lineBreak) }
                way += sentence(event)
            }
            table.rows.append(
                .init(
                    cells: [
                        [.plain(ReportNumber.grouped(chain.failures))],
                        chain.events.first.map { sentence($0) } ?? [], way,
                        [.faint(chain.link.rawValue)],
                    ]
                )
            )
        }
        var rest: [String] = []
        if causes.omitted > 0 {
            rest.append(
                "\(ReportNumber.count(causes.omitted, "more first cause")) with fewer failures"
            )
        }
        if causes.untraced > 0 {
            rest.append("\(ReportNumber.count(causes.untraced, "failure")) without a known cause")
        }
        if !rest.isEmpty {
            table.footer = [.plain("Not shown: \(rest.joined(separator: ", ")). ")]
        }
        table.footer += [.plain("The whole tree around an event: "), .code("daybook trace SEQ")]
        add(.table(table))
    }

    private var kindsOfCauses: ReportTable {
        ReportTable(
            columns: [
                .text("First cause"), .text("What failed"), .text("The cause is"),
                .number("First causes"), .number("Failures"),
            ],
            rows: report.causes.kinds.map { kind in
                .init(cells: [
                    [.said(mask.name(kind.source)), .plain(" "), .said(mask.name(kind.type))],
                    [
                        .said(mask.name(kind.failedSource)), .plain(" "),
                        .said(mask.name(kind.failedType)),
                    ],
                    [.faint(kind.link.rawValue)], [.plain(ReportNumber.grouped(kind.causes))],
                    [.plain(ReportNumber.grouped(kind.failures))],
                ])
            }
        )
    }

    mutating func resolution() {
        heading("Resolution", "resolution")
        if let last = figures.failures.last {
            add(
                .paragraph(
                    [.plain("The last failure of this time is ")] + sentence(last) + [.plain(".")]
                )
            )
            let recoveries = figures.recoveries.sorted { $0.value.sequence < $1.value.sequence }
            if recoveries.isEmpty {
                add(
                    .paragraph([
                        .plain("Nothing that failed was seen to go well again in this time.")
                    ])
                )
            } else {
                add(.paragraph([.plain("What failed went well again, without failing since:")]))
                add(
                    .list(
                        recoveries.prefix(20).map { place, event in
                            [
                                .said(mask.name(place)), .plain(" with event "),
                                .event(event.sequence), .plain(" at \(moment(event.recorded))"),
                            ]
                        }
                    )
                )
            }
        }
        add(.blank("What was done to end it, and when it was over."))
    }

    mutating func blanks() {
        heading("Action items", "actions")
        var table = ReportTable(
            columns: [
                .text("What is to be done"), .text("Kind"), .text("Who"), .text("By when"),
                .text("Ticket"),
            ]
        )
        for kind in ["prevent", "detect", "mitigate"] {
            table.rows.append(
                .init(cells: [
                    [.faint("…")], [.plain(kind)], [.faint("…")], [.faint("…")], [.faint("…")],
                ])
            )
        }
        add(.table(table))
        heading("Lessons learned", "lessons")
        for prompt in ["What went well.", "What went wrong.", "Where we were lucky."] {
            add(.blank(prompt))
        }
    }
}
