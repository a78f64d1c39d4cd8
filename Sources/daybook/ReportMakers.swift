import Archive
import Arguments
import Audit
import Ledger
import POSIX
import Projections
import Service

/// Makes the report that a record tells of, as a new file at a path.
typealias ReportMaker = @Sendable (ReportRecord, Views, String) throws -> Void

/// How reports are made, by kind; `rerun` makes them again.
enum ReportMakers {
    static let byKind: [String: ReportMaker] = [
        BundleExport.kind: export,
        IncidentReport.kind: { record, views, path in
            try Files.create(path, with: IncidentReport.text(record, views), mode: 0o644)
        },
        Population.kind: { record, views, path in
            try Files.create(path, with: Population.report(of: record, views: views), mode: 0o644)
        },
        Sample.kind: { record, views, path in
            try Files.create(path, with: Sample.report(of: record, views: views), mode: 0o644)
        },
    ]

    /// Records an export of events as a plain file, before anything of it is given out.
    static func begin(
        _ export: EventExport,
        size: UInt64?,
        _ views: Views,
        _ context: Context
    ) throws -> ReportRecord {
        let (size, count) = try views.ledger.read { snapshot in
            let size = try min(size ?? .max, snapshot.size)
            return (size, try export.count(in: snapshot, size: size))
        }
        return try ReportRecord(
            kind: BundleExport.kind,
            query: export.text,
            size: size,
            rows: count,
            definitions: [],
            tool: Program.tool,
            actor: context.actor(),
            purpose: context.purpose()
        ).record(in: views.ledger)
    }

    /// Records that a report is made again, where anything can be recorded.
    static func recordAgain(
        _ record: ReportRecord,
        _ views: Views,
        _ context: Context
    ) throws {
        guard views.ledger.writer != nil else { return }
        _ = try ReportRecord(
            kind: "rerun",
            query: "report=\(record.recorded?.sequence ?? 0)",
            size: record.size,
            rows: record.rows,
            definitions: BundleExport.definitions(views),
            tool: Program.tool,
            actor: context.actor(),
            purpose: context.purpose()
        ).record(in: views.ledger)
    }

    /// An evidence bundle, or events as a plain file.
    @Sendable
    static func export(_ record: ReportRecord, _ views: Views, _ path: String) throws {
        if let events = try EventExport(text: record.query) {
            let file = try FileDescriptor(creating: path)
            try views.ledger.read { snapshot in
                try events.write(in: snapshot, size: record.size) { try file.write($0.span) }
            }
            return try file.sync()
        }
        let request = try BundleRequest(text: record.query)
        let plan = try views.ledger.read {
            try BundlePlan(request, size: record.size, in: $0)
        }
        let progress = ProgressPrinter("export", unit: "events")
        let extras = try BundleExtras(
            anchors: AnchorList.read(views.ledger, end: record.size),
            policy: Configuration.anchors(ledger: views.ledger.path)?.policyText
        )
        try BundleWriter(plan, record: record, views: views, extras: extras)
            .write(to: TarZstdWriter(creating: path), progress: progress.show)
        progress.clear()
    }
}
