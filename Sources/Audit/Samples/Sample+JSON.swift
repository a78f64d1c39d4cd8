internal import Bytes
internal import Ledger
internal import Projections

extension Sample {
    /// How the draw is done, in a sentence that an auditor can work by.
    package static let rule = """
        An event's lot is SHA-256 of the seed's UTF-8, a zero byte and the event's sequence as 8 \
        bytes, the most significant first; of each stratum the events with the smallest lots are \
        drawn. Strata are cut per currency from the events sorted by amount and then by sequence \
        into bands whose sizes differ by one at most; shares are in proportion to their sizes by \
        the largest remainder.
        """

    /// The report: one document of canonical JSON without a final newline.
    package func json(_ record: ReportRecord) -> [UInt8] {
        var object = CanonicalObject()
        object.add("by", record.actor.text)
        object.add("definitions", definitions.object)
        object.add("format", Self.format)
        object.add("n", UInt64(query.count))
        object.add("origin", origin)
        object.add("population", UInt64(population))
        object.add("population_report", query.population)
        object.add("purpose", record.purpose)
        object.add("query", query.selection.text)
        object.add("report", record.recorded?.sequence)
        object.add("root", root.description)
        object.add("rows", json: CanonicalJSON.list(rows.map(Self.object)))
        object.add("rule", Self.rule)
        object.add("seed", query.seed)
        object.add("size", size)
        object.add("strata", json: CanonicalJSON.list(strata.map(Self.object)))
        object.add("time", record.recorded?.time.short)
        object.add("tool", record.tool)
        return object.bytes
    }

    private static func object(_ row: Row) -> CanonicalObject {
        var object = CanonicalObject()
        object.add("amount", row.amount.map { $0.currency.decimal(Int128($0.amount)) })
        object.add("bodyhash", row.bodyHash?.description)
        object.add("column", row.amount?.column)
        object.add("currency", row.amount?.currency.text)
        object.add("id", row.id)
        object.add("leafhash", row.leafHash.description)
        object.add("lot", row.lot.description)
        object.add("projection", row.amount?.projection)
        object.add("recordedtime", row.recorded)
        object.add("sequence", row.sequence)
        object.add("source", row.source)
        object.add("stratum", row.stratum)
        object.add("subject", row.subject)
        object.add("type", row.type)
        return object
    }

    private static func object(_ stratum: Stratum) -> CanonicalObject {
        var object = CanonicalObject()
        object.add("drawn", UInt64(stratum.share))
        if let (currency, range) = stratum.amounts {
            object.add("highest", currency.decimal(Int128(range.upperBound)))
            object.add("lowest", currency.decimal(Int128(range.lowerBound)))
        }
        object.add("name", stratum.name)
        object.add("size", UInt64(stratum.size))
        return object
    }
}
