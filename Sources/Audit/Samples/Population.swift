package import Bytes
package import Ledger
package import Projections

/// All events that fit a query, counted and summed: what an auditor takes as complete, and draws
/// samples from.
package struct Population: Sendable {
    /// The report's kind.
    package static let kind = "population"
    /// The first member of its JSON says this.
    package static let format = "daybook-population/v1"

    package let selection: EventSelection
    /// How many events the log had, and their RFC 6962 root.
    package let size: UInt64
    package let root: Hash256
    package let origin: String
    /// The stretch that the query names.
    package let range: Range<UInt64>
    /// Counts and sums of what is selected, canonical JSON.
    package let totals: [UInt8]
    /// How many events are selected.
    package let events: UInt64
    package let definitions: [ReportRecord.DefinitionVersion]

    /// Counts and sums what is selected of the first `size` events, or of all.
    ///
    /// - Throws: `LedgerError.beyondEnd` if the log is shorter.
    package init(_ selection: EventSelection, size: UInt64? = nil, views: Views) throws {
        let head = try views.ledger.read { snapshot in
            let end = try snapshot.size
            let size = size ?? end
            guard size <= end else { throw LedgerError.beyondEnd(sequence: size - 1, size: end) }
            return (
                size: size,
                root: try snapshot.root(size: size),
                range: try selection.range(in: snapshot, size: size)
            )
        }
        let totals = try ControlTotals(selection, size: head.size, views: views)
        self.selection = selection
        self.size = head.size
        root = head.root
        origin = views.ledger.origin
        range = head.range
        self.totals = totals.json
        events = totals.events
        definitions = try views.definitionVersions()
    }

    /// What the log is to say of the report before it is given out.
    package func record(tool: String, actor: Actor, purpose: String?) -> ReportRecord {
        ReportRecord(
            kind: Self.kind,
            query: selection.text,
            size: size,
            rows: events,
            definitions: definitions,
            tool: tool,
            actor: actor,
            purpose: purpose
        )
    }

    /// The report: one document of canonical JSON without a final newline.
    package func json(_ record: ReportRecord) -> [UInt8] {
        var object = CanonicalObject()
        object.add("by", record.actor.text)
        object.add("definitions", definitions.object)
        object.add("end", range.upperBound)
        object.add("first", range.lowerBound)
        object.add("format", Self.format)
        object.add("origin", origin)
        object.add("purpose", record.purpose)
        object.add("query", selection.text)
        object.add("report", record.recorded?.sequence)
        object.add("root", root.description)
        object.add("size", size)
        object.add("time", record.recorded?.time.short)
        object.add("tool", record.tool)
        object.add("totals", json: totals)
        return object.bytes
    }

    /// The report that a record tells of, made again.
    package static func report(of record: ReportRecord, views: Views) throws -> [UInt8] {
        let selection = try EventSelection(text: record.query)
        return try Population(selection, size: record.size, views: views).json(record)
    }
}
