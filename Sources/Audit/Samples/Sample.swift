package import Bytes
internal import Digest
package import Ledger
package import Projections

/// Events drawn from a population by a seed, so that anyone can draw them again.
package struct Sample: Sendable {
    /// The report's kind.
    package static let kind = "sample"
    /// What its JSON says of its form.
    package static let format = "daybook-sample/v1"
    /// Events that can be cut into strata: each takes 24 bytes of memory while they are sorted.
    package static let stratifiedLimit: UInt64 = 20_000_000

    /// A drawn event.
    package struct Row: Sendable {
        package let sequence: UInt64
        package let recorded: String
        package let source: String
        package let type: String
        package let id: String
        package let subject: String?
        /// The first amount that the event says, in the order of projections and rules.
        package let amount: EventAmount?
        package let stratum: String
        /// RFC 6962 leaf hash of its line.
        package let leafHash: Hash256
        /// The digest of its body record; `nil` for an event without a body.
        package let bodyHash: Hash256?
        /// The lot by which it was drawn.
        package let lot: Hash256
    }

    package let query: SampleQuery
    /// How many events the log had, and their root.
    package let size: UInt64
    package let root: Hash256
    package let origin: String
    /// How many events were drawn from.
    package let population: UInt64
    package let strata: [Stratum]
    /// In the log's order.
    package let rows: [Row]
    package let definitions: [ReportRecord.DefinitionVersion]

    /// Draws from the first `size` events, or from all.
    ///
    /// - Throws: `AuditProblem.refused` where there is nothing to draw from.
    package init(_ query: SampleQuery, size: UInt64? = nil, views: Views) throws {
        let (head, chosen) = try views.ledger.read { snapshot in
            let end = try snapshot.size
            let size = size ?? end
            guard size <= end else { throw LedgerError.beyondEnd(sequence: size - 1, size: end) }
            let head = (size: size, root: try snapshot.root(size: size))
            var chosen = SequenceRanges()
            try query.selection.forEach(in: snapshot, size: size) { sequence, _ in
                chosen.append(sequence)
                return true
            }
            return (head, chosen)
        }
        guard chosen.count > 0 else {
            throw AuditProblem.refused(
                "there is nothing to draw from: no event of the first \(head.size) fits "
                    + "\"\(query.selection.text)\""
            )
        }
        let draw = try Draw(query, chosen, views)
        self.query = query
        self.size = head.size
        root = head.root
        origin = views.ledger.origin
        population = chosen.count
        strata = draw.strata
        rows = try Self.rows(draw, views)
        definitions = try views.definitionVersions()
    }

    private static func rows(_ draw: Draw, _ views: Views) throws -> [Row] {
        let amounts = try draw.amountsOfDrawn(views)
        return try views.ledger.read { snapshot in
            var rows: [Row] = []
            for (lot, stratum) in draw.lots.sorted(by: { $0.lot.sequence < $1.lot.sequence }) {
                guard let line = try snapshot.line(at: lot.sequence) else { continue }
                rows.append(
                    Row(
                        sequence: lot.sequence,
                        recorded: line.recordedTime?.short ?? "",
                        source: line.text(.source) ?? "",
                        type: line.text(.type) ?? "",
                        id: line.text(.id) ?? "",
                        subject: line.text(.subject),
                        amount: amounts[lot.sequence],
                        stratum: draw.strata[stratum].name,
                        leafHash: SHA256.leaf(line.bytes),
                        bodyHash: line.bodyHash,
                        lot: lot.hash
                    )
                )
            }
            return rows
        }
    }

    /// What the log is to say of the report before it is given out.
    package func record(tool: String, actor: Actor, purpose: String?) -> ReportRecord {
        ReportRecord(
            kind: Self.kind,
            query: query.text,
            size: size,
            rows: UInt64(rows.count),
            definitions: definitions,
            tool: tool,
            actor: actor,
            purpose: purpose
        )
    }

    /// The report that a record tells of, made again.
    package static func report(of record: ReportRecord, views: Views) throws -> [UInt8] {
        let query = try SampleQuery(text: record.query)
        return try Sample(query, size: record.size, views: views).json(record)
    }
}
