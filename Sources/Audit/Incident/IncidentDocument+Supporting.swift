internal import Bytes
internal import Ledger
internal import Projections

/// What a reader goes by who wants to check the report.
extension IncidentDocument {
    mutating func supporting() {
        heading("Supporting information", "supporting")
        states()
        evidence()
        making()
        add(.details("The figures behind the charts", charts.map(figuresTable)))
    }

    private mutating func states() {
        add(.subheading("State before and after"))
        guard !report.states.isEmpty else {
            add(.paragraph([.faint("No event of this time told a row anything.")]))
            return
        }
        add(
            .table(
                ReportTable(
                    columns: [
                        .text("Projection"), .number("Rows added"), .number("Changed"),
                        .number("Removed"), .number("Told nothing new"),
                    ],
                    rows: report.states.map { state in
                        .init(
                            cells: [[.said(mask.name(state.projection))]]
                                + [state.added, state.changed, state.removed, state.unchanged].map {
                                    [.plain(ReportNumber.grouped($0))]
                                }
                        )
                    }
                )
            )
        )
        add(.details("The rows that differ", report.states.map(differences)))
    }

    private func differences(_ state: IncidentState) -> ReportTable {
        var table = ReportTable(
            columns: [
                .text("\(mask.name(state.projection)), row"), .narrow("Is"), .text("Changed"),
            ],
            empty: "No row of \(mask.name(state.projection)) differs."
        )
        for difference in state.differences {
            let row = difference.passage
            let kind = row.before == nil ? "added" : row.after == nil ? "removed" : "changed"
            table.rows.append(
                .init(
                    cells: [
                        [.said(mask.key(row.key, of: row.projection))]
                            + (difference.isAffected
                                ? [.plain(" "), .tag("affected", .warning)] : []),
                        [.plain(kind)], changes(difference.changes, row.projection),
                    ]
                )
            )
        }
        if state.omitted > 0 {
            table.footer = [
                .plain("\(ReportNumber.count(state.omitted, "more row")) differ: "),
                .code(
                    "daybook diff \(mask.name(state.projection)) --from \(query.since.short) --to \(query.until.short)"
                ),
            ]
        }
        return table
    }

    private mutating func evidence() {
        add(.subheading("Evidence"))
        add(
            .paragraph([
                .plain(
                    "Every event that this report names stands in a signed, hash-chained log. Its leaf "
                        + "hash is SHA-256 of a zero byte and its line; the inclusion path leads from it "
                        + "to the root of the log's first \(ReportNumber.count(report.size, "event")) "
                        + "(RFC 6962):"
                )
            ])
        )
        add(
            .terms([
                ("Log", [.said(report.origin)]),
                ("Size", [.plain(ReportNumber.grouped(report.size))]),
                ("Root", [.code("\(report.root)")]),
                ("A line", [.code("daybook show SEQ --line")]),
                ("Its proof", [.code("daybook prove SEQ")]),
                ("The whole log", [.code("daybook verify")]),
                (
                    "A bundle for others",
                    [
                        .code(
                            "daybook export --from \(report.range.lowerBound) --to \(report.range.upperBound - 1) --proofs"
                        )
                    ]
                ),
            ])
        )
        var table = ReportTable(
            columns: [
                .number("Seq"), .narrow("Recorded"), .text("Leaf hash"), .text("Body hash"),
                .number("Path"),
            ]
        )
        for item in report.evidence {
            table.rows.append(
                .init(
                    cells: [
                        [.plain(String(item.event.sequence))],
                        [.plain(item.event.recorded.rfc3339)], [.code("\(item.leaf)")],
                        item.bodyHash.map { [.code("\($0)")] } ?? [.faint("no body")],
                        [.plain(ReportNumber.count(item.path.count, "hash", "hashes"))],
                    ],
                    anchor: item.event.sequence
                )
            )
        }
        add(.table(table))
        add(.details("The inclusion paths", [paths]))
    }

    /// Events whose whole path is written out: a proof for each is a page of its own.
    private static let pathLimit = 100

    private var paths: ReportTable {
        var table = ReportTable(columns: [
            .number("Seq"), .text("Inclusion path, from the leaf up"),
        ])
        for item in report.evidence.prefix(Self.pathLimit) {
            var hashes: [ReportText] = []
            for hash in item.path {
                if !hashes.isEmpty { hashes.append(.lineBreak) }
                hashes.append(.code(hash.withSpan { Base64.encode($0) }))
            }
            table.rows.append(.init(cells: [[.plain(String(item.event.sequence))], hashes]))
        }
        let rest = report.evidence.count - table.rows.count
        if rest > 0 {
            table.footer = [
                .plain("\(ReportNumber.count(rest, "more path")): "), .code("daybook prove SEQ"),
            ]
        }
        return table
    }

    private mutating func making() {
        add(.subheading("How this report was made"))
        var terms: [(name: String, text: [ReportText])] = []
        if let recorded = record.recorded {
            terms.append(
                (
                    "Recorded as",
                    [.plain("event \(recorded.sequence) at \(recorded.time.rfc3339)")]
                )
            )
        }
        terms.append(("By", [.said(mask.actor(record.actor.text))]))
        if let purpose = mask.free(record.purpose) { terms.append(("For", [.said(purpose)])) }
        terms += [
            ("Program", [.plain(record.tool)]),
            ("Query", [.said(shownQuery.text)]),
            (
                "Made again by",
                record.recorded.map { [.code("daybook rerun \($0.sequence)")] }
                    ?? [.faint("it was not recorded")]
            ),
        ]
        add(.terms(terms))
        add(
            .table(
                ReportTable(
                    columns: [.text("Definition"), .number("Version"), .text("SHA-256")],
                    rows: record.definitions.map { definition in
                        .init(cells: [
                            [.said(mask.name(definition.name))],
                            [.plain(String(definition.version))],
                            [.code(definition.hash)],
                        ])
                    },
                    empty: "No projection is defined."
                )
            )
        )
        if query.isRedacted {
            add(
                .paragraph([
                    .plain(
                        "Redacted: entities, rows, threads and people are numbered in the order in "
                            + "which they are named; ids, paths, reasons and values of text columns are "
                            + "left out. Names of sources, services, types, columns and kinds of "
                            + "entities, numbers, times, money, statuses and hashes stand as they are. "
                            + "The title is the author's own."
                    )
                ])
            )
        }
    }

    /// The query without the entities, where those are not shown.
    private var shownQuery: IncidentQuery {
        var shown = query
        if query.isRedacted { shown.subjects = query.subjects.map { mask.subject($0) } }
        return shown
    }
}
