internal import Bytes
internal import Ledger
internal import Projections

/// What failed, and what it touched.
extension IncidentDocument {
    mutating func impact() {
        heading("Impact", "impact")
        add(.blank("Who was hurt and how: customers, colleagues, books."))
        failureKinds()
        affected()
    }

    private mutating func failureKinds() {
        add(.subheading("What failed"))
        var table = ReportTable(
            columns: [
                .text("Source or service"), .text("Type"), .narrow("Answer"), .number("Count"),
                .narrow("First"), .narrow("Last"), .text("First reason"),
            ],
            empty: "Nothing failed and nothing was refused in this time."
        )
        let sorted = figures.signatures.sorted { a, b in
            (b.value.count, a.key) < (a.value.count, b.key)
        }
        for (signature, known) in sorted.prefix(40) {
            table.rows.append(
                .init(
                    cells: [
                        [.said(mask.name(signature.source))], [.said(mask.name(signature.type))],
                        [.tag(signature.answer, .bad)],
                        [.plain(ReportNumber.grouped(known.count))],
                        [.plain(moment(known.first.recorded))],
                        [.plain(moment(known.last.recorded))],
                        mask.reason(known.first).map { [.said($0)] } ?? [
                            .faint(
                                known.first.reason == nil ? "none told" : IncidentMask.withheld
                            )
                        ],
                    ]
                )
            )
        }
        if sorted.count > 40 {
            table.footer = [.plain("\(sorted.count - 40) more kinds of failure are not shown.")]
        }
        add(.table(table))
    }

    /// Entities that are seen at once, and those that are listed at all; the sums are of all.
    private static let affectedLimits = (seen: 20, listed: 1000)

    private mutating func affected() {
        add(.subheading("Affected entities"))
        let all = report.subjects.affected.values.sorted { a, b in
            (b.failures.count, a.subject) < (a.failures.count, b.subject)
        }
        if !report.money.isEmpty { add(.table(moneyTable)) }
        let (seen, listed) = Self.affectedLimits
        add(.table(table(of: all.prefix(seen))))
        if all.count > seen {
            var rest = table(of: all.prefix(listed).dropFirst(seen))
            if all.count > listed {
                let count = ReportNumber.count(all.count - listed, "more entity", "more entities")
                rest.footer = [.plain("\(count) with fewer failures: the sums are of all.")]
            }
            add(.details("The other \(ReportNumber.grouped(all.count - seen))", [rest]))
        }
        let how =
            query.subjects.isEmpty
            ? "Affected are the subjects of failures, of what caused them and of what shares their "
                + "thread. A row belongs to an entity whose id its name ends with."
            : "Listed are the entities that were asked for."
        add(.paragraph([.faint(how)]))
    }

    private func table(of subjects: ArraySlice<AffectedSubject>) -> ReportTable {
        ReportTable(
            columns: [
                .text("Entity"), .number("Failures"), .number("First event"), .text("Its rows"),
                .number("Money"), .text("Changed in this time"),
            ],
            rows: subjects.map(row),
            empty: "No failure names an entity."
        )
    }

    private var moneyTable: ReportTable {
        ReportTable(
            columns: [
                .text("Money of affected entities"), .text("Column"), .number("Rows"),
                .number("Sum"),
            ],
            rows: report.money.map { sum in
                .init(cells: [
                    [.said(mask.name(sum.projection))], [.said(mask.name(sum.column))],
                    [.plain(ReportNumber.grouped(sum.rows))], [.strong(sum.text)],
                ])
            }
        )
    }

    private func row(_ subject: AffectedSubject) -> ReportTable.Row {
        var rows: [ReportText] = []
        var money: [ReportText] = []
        var changes: [ReportText] = []
        for passage in subject.rows.prefix(4) {
            if !rows.isEmpty {
                rows.append(.lineBreak)
                money.append(.lineBreak)
            }
            rows += place(passage.projection, passage.key)
            if let (_, amount, currency) = passage.money {
                money.append(.plain("\(currency.decimal(amount)) \(currency.text)"))
            } else {
                money.append(.faint("–"))
            }
            let told = self.changes(
                passage.changes.filter { $0.isOfWords(report.free[passage.projection]) },
                passage.projection
            )
            guard !told.isEmpty else { continue }
            if !changes.isEmpty { changes.append(.lineBreak) }
            changes += told
        }
        if subject.rows.count > 4 {
            rows += [.lineBreak, .faint("and \(subject.rows.count - 4) more")]
        }
        return .init(
            cells: [
                [.said(mask.subject(subject.subject))],
                [.plain(ReportNumber.grouped(subject.failures.count))],
                subject.failures.first.map { [.event($0)] } ?? [.faint("–")],
                rows.isEmpty ? [.faint("none")] : rows, money,
                changes.isEmpty ? [.faint("nothing")] : changes,
            ]
        )
    }
}
