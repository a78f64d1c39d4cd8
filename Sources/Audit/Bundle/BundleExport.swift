package import Ledger
package import Projections

/// An export from the request to the file: looked at, recorded, then made.
package enum BundleExport {
    /// The kind of its report in the log.
    package static let kind = "export"

    /// Plans a bundle and records it in the log, before anything of it is given out.
    ///
    /// Without a `size` it is of the log as it is now.
    package static func begin(
        _ request: BundleRequest,
        size: UInt64? = nil,
        views: Views,
        by actor: Actor,
        purpose: String?,
        tool: String
    ) throws -> (plan: BundlePlan, record: ReportRecord) {
        let plan = try views.ledger.read { snapshot in
            try BundlePlan(request, size: try size ?? snapshot.size, in: snapshot)
        }
        let record = try ReportRecord(
            kind: kind,
            query: request.text,
            size: plan.size,
            rows: plan.selected.count,
            definitions: definitions(views),
            tool: tool,
            actor: actor,
            purpose: purpose
        ).record(in: views.ledger)
        return (plan, record)
    }

    /// The definitions that answer now, for a record.
    package static func definitions(_ views: Views) throws -> [ReportRecord.DefinitionVersion] {
        try views.definitionHashes().map {
            ReportRecord.DefinitionVersion(name: $0.name, version: $0.version, hash: $0.hash)
        }
    }

    /// Says which definitions do not answer any more as they did when a report was made.
    package static func changes(since record: ReportRecord, _ views: Views) throws -> [String] {
        let now = try definitions(views)
        let before = record.definitions.filter { !now.contains($0) }.map {
            "projection \($0.name) then answered by version \($0.version) (\($0.hash.prefix(12)))"
        }
        let after = now.filter { !record.definitions.contains($0) }.map {
            "projection \($0.name) now answers by version \($0.version) (\($0.hash.prefix(12)))"
        }
        return before + after
    }
}
