internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle
package import Projections

/// Everything that an incident report says, taken from the first `size` events of the log.
package struct IncidentReport {
    /// What was asked.
    package let query: IncidentQuery
    /// How many events of the log it goes by.
    package let size: UInt64
    /// The incident's own events: from the first to before the last.
    let range: Range<UInt64>
    let origin: String
    /// The root of the log's first `size` events.
    let root: Hash256
    let figures: IncidentFigures
    let subjects: IncidentSubjects
    let timeline: IncidentTimeline
    let transitions: [Transition]
    let causes: IncidentCauses
    let states: [IncidentState]
    let evidence: [Evidence]
    /// The columns that can say any text, by projection.
    let free: [String: Set<String>]

    /// A source, service or sync whose row changed its state.
    struct Transition {
        let sequence: UInt64
        let projection: String
        let key: String
        let change: Change
    }

    /// How an event is found and proven.
    struct Evidence {
        let event: TimelineEvent
        let leaf: Hash256
        let bodyHash: Hash256?
        /// Its inclusion path under the root, from the leaf up.
        let path: [Hash256]
    }

    /// The kind of its record.
    package static let kind = "incident"
    /// The most events of which each is followed through the rows; in a longer incident only the
    /// failures and the notes are.
    private static let stepLimit = 50_000

    /// Rows that it gives out: the events on its timeline.
    package var rows: UInt64 { UInt64(timeline.entries.count) }

    /// Takes all it says from the log.
    ///
    /// - Throws: `AuditProblem.usage` if the log has nothing of that time.
    package init(
        _ query: IncidentQuery,
        size: UInt64,
        _ views: Views,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws {
        try query.check()
        self.query = query
        self.size = size
        origin = views.ledger.origin
        let (range, root, figures, found) = try views.ledger.read { snapshot in
            let first = try snapshot.firstSequence(recordedAtOrAfter: query.since)
            let end = try snapshot.firstSequence(recordedAtOrAfter: query.until)
            let range = min(first, size)..<min(end, size)
            guard !range.isEmpty else {
                throw AuditProblem.usage(
                    "no event was recorded from \(query.since.short) to \(query.until.short)"
                )
            }
            guard let newest = try snapshot.line(at: size - 1) else {
                throw LedgerError.beyondEnd(sequence: size - 1, size: try snapshot.size)
            }
            var figures = IncidentFigures(query, last: newest.recordedTime ?? query.until)
            try figures.read(snapshot, size: size)
            let subjects = try IncidentSubjects(figures, snapshot, end: range.upperBound)
            return (range, try snapshot.root(size: size), figures, subjects)
        }
        var subjects = found
        self.range = range
        self.root = root
        self.figures = figures
        let free = try Self.freeColumns(views)
        self.free = free
        let passages = try Self.passages(query, range, figures, subjects, views, progress)
        subjects.take(passages)
        states = IncidentState.all(passages, subjects)
        let tracing = try views.ledger.read { snapshot in
            let transitions = try Self.transitions(passages, free, snapshot)
            var others = Set(transitions.map(\.sequence))
            if !query.subjects.isEmpty {
                for subject in subjects.affected.values {
                    for row in subject.rows { others.formUnion(row.touched) }
                }
            }
            var events: [TimelineEvent] = []
            for sequence in others.sorted() {
                if let line = try snapshot.line(at: sequence) {
                    events.append(TimelineEvent(sequence, line))
                }
            }
            var timeline = IncidentTimeline(figures, events)
            timeline.take(passages, free: free)
            let causes = try IncidentCauses(figures, subjects, snapshot)
            let evidence = try Self.evidence(timeline, causes, snapshot, size)
            return (transitions, timeline, causes, evidence)
        }
        (transitions, timeline, causes, evidence) = tracing
        self.subjects = subjects
    }

    private static func freeColumns(_ views: Views) throws -> [String: Set<String>] {
        var free: [String: Set<String>] = [:]
        for name in try views.names() { free[name] = try views.freeColumns(of: name) }
        return free
    }

    private static func passages(
        _ query: IncidentQuery,
        _ range: Range<UInt64>,
        _ figures: IncidentFigures,
        _ subjects: IncidentSubjects,
        _ views: Views,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> [RowPassage] {
        let steps =
            range.count <= stepLimit
            ? Set(range) : Set((figures.failures + figures.notes + figures.named).map(\.sequence))
        let request = PassageRequest(
            range,
            moments: (
                Timestamp(microseconds: query.since.microseconds - 1),
                Timestamp(microseconds: figures.stretch.upperBound - 1)
            ),
            steps: steps,
            also: subjects.all
        )
        var passages: [RowPassage] = []
        try views.forEachPassage(request, progress: progress) { passages.append($0) }
        return passages
    }

    /// The changes of `state` in rows of the very source, service or sync that an event is of.
    private static func transitions(
        _ passages: [RowPassage],
        _ free: [String: Set<String>],
        _ snapshot: borrowing Snapshot
    ) throws -> [Transition] {
        var transitions: [Transition] = []
        for passage in passages where !passage.isWaiting {
            for (sequence, changes) in passage.steps {
                for change in changes where change.column == "state" && change.old != nil {
                    guard change.isOfWords(free[passage.projection]),
                        let line = try snapshot.line(at: sequence),
                        let place = line.text(.service) ?? line.text(.source),
                        passage.key.hasPrefix("\(place) ")
                            || SubjectName.parts(of: passage.key).contains(place)
                    else { continue }
                    transitions.append(
                        Transition(
                            sequence: sequence,
                            projection: passage.projection,
                            key: passage.key,
                            change: change
                        )
                    )
                }
            }
        }
        return transitions.sorted {
            ($0.sequence, $0.projection, $0.key) < ($1.sequence, $1.projection, $1.key)
        }
    }

    private static func evidence(
        _ timeline: IncidentTimeline,
        _ causes: IncidentCauses,
        _ snapshot: borrowing Snapshot,
        _ size: UInt64
    ) throws -> [Evidence] {
        var events: [UInt64: TimelineEvent] = [:]
        for event in timeline.entries.map(\.event) + causes.chains.flatMap(\.events) {
            events[event.sequence] = event
        }
        return try events.keys.sorted().compactMap { sequence in
            guard let event = events[sequence], let line = try snapshot.line(at: sequence),
                let proof = try snapshot.inclusionProof(of: sequence, size: size)
            else { return nil }
            return Evidence(
                event: event,
                leaf: SHA256.leaf(line.bytes),
                bodyHash: line.bodyHash,
                path: proof.path
            )
        }
    }

    // MARK: - What it says

    /// The first failure of the incident.
    var firstFailure: TimelineEvent? { figures.failures.first }

    /// What could be noticed first: a sign, or a state that changed.
    var firstSign: UInt64? {
        let signs = figures.notes.filter(\.isSign).map(\.sequence) + transitions.map(\.sequence)
        return signs.min()
    }

    /// The money of affected entities by their own rows, of each currency and column apart.
    var money: [MoneySum] {
        var sums: [String: MoneySum] = [:]
        var counted: Set<String> = []
        for subject in subjects.affected.values {
            for row in subject.rows {
                guard let (column, amount, currency) = row.money,
                    counted.insert("\(row.projection)\u{0}\(row.key)").inserted
                else { continue }
                let place = "\(row.projection)\u{0}\(column)\u{0}\(currency.text)"
                var sum = sums[place] ?? MoneySum(row.projection, column, currency)
                sum.amount += amount
                sum.rows += 1
                sums[place] = sum
            }
        }
        return sums.keys.sorted().compactMap { sums[$0] }
    }
}

/// What the rows of a projection come to in one column and currency.
struct MoneySum {
    let projection: String
    let column: String
    let currency: Currency
    var amount: Int128 = 0
    var rows = 0

    init(_ projection: String, _ column: String, _ currency: Currency) {
        self.projection = projection
        self.column = column
        self.currency = currency
    }

    var text: String { "\(currency.decimal(amount)) \(currency.text)" }
}

extension RowPassage {
    /// The first column of the row at the end that says an amount of money.
    var money: (column: String, amount: Int128, currency: Currency)? {
        for cell in after?.cells ?? [] {
            if case .money(let amount, let currency)? = cell.value {
                return (cell.name, amount, currency)
            }
        }
        return nil
    }
}

extension IncidentReport {
    /// The report as it is given out.
    package func text(_ record: ReportRecord) -> [UInt8] {
        let document = IncidentDocument.make(self, record)
        let text =
            query.form == .html
            ? ReportHTML.page(document) : ReportMarkdown.text(document)
        return Array(text.utf8)
    }

    /// Makes the report that a record tells of again: the same bytes, by the same definitions.
    package static func text(
        _ record: ReportRecord,
        _ views: Views,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws -> [UInt8] {
        let query = try IncidentQuery(text: record.query)
        return try IncidentReport(query, size: record.size, views, progress: progress).text(record)
    }
}
