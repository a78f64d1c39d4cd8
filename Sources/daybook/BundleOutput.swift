import Arguments
import Audit
import Ledger
import POSIX
import Tables

/// The verification of an evidence bundle, and its report as text, rows or one JSON object.
enum BundleOutput {
    static func verify(_ path: String, _ context: Context) throws -> ExitStatus {
        let ranged = ["from", "to", "incremental", "threads"].filter {
            context.invocation.flag($0)
        }
        guard ranged.isEmpty else {
            throw UsageProblem("--\(ranged[0]) is about a ledger, and BUNDLE is none; leave it out")
        }
        let progress = ProgressPrinter("verify", unit: "files")
        let report = try BundleVerifier.verify(
            path,
            key: context.invocation.string("key"),
            authorities: try context.invocation.string("ca").map {
                try AnchorSettings.roots(file: $0)
            } ?? [],
            progress: progress.show
        )
        progress.clear()
        try print(report, context)
        if context.invocation.flag("same-ledger"), report.verdict != .unreadable {
            try requireSameLedger(report, context)
        }
        return switch report.verdict {
        case .sound: .done
        case .notSound: .foundWanting
        case .unreadable: .couldNot
        }
    }

    /// Refuses a bundle that is from another ledger, by origin and by key.
    private static func requireSameLedger(_ report: BundleReport, _ context: Context) throws {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let keys = try ledger.keys().map(\.vkey)
        guard report.origin == ledger.origin, keys.contains(report.vkey) else {
            throw AuditProblem.refused(
                "the bundle is from another ledger: it is of \(report.origin) by the key "
                    + "\(report.vkey), but \(context.ledgerPath) is \(ledger.origin) by "
                    + "\(keys.last ?? "no key")"
            )
        }
    }

    private static func print(_ report: BundleReport, _ context: Context) throws {
        switch try Rows.format(context) {
        case .table: try StandardStream.output.write(text(report))
        case .json, .ndjson: try StandardStream.output.write((report.json + [10]).span)
        case .csv: try Rows.print(columns, rows(report), context)
        }
    }

    private static let columns = ["check", "kind", "place", "what"].map { Column($0) }

    private static func rows(_ report: BundleReport) -> [[Cell]] {
        BundleReport.Check.allCases.map {
            [.text($0.rawValue), .text("state"), .text("bundle"), .text(report.state(of: $0))]
        }
            + report.findings.map {
                [
                    .text($0.check.rawValue), .text($0.kind.rawValue), .text($0.place),
                    .text($0.what),
                ]
            }
    }

    private static func text(_ report: BundleReport) -> String {
        var text = "\(report.verdict.rawValue.uppercased())  "
        text += TerminalText.harmless(report.origin.isEmpty ? "unknown log" : report.origin)
        text += ", \(Readable.grouped(report.events)) events selected\n\n"
        for check in BundleReport.Check.allCases {
            let name = check.rawValue
            let padding = String(repeating: " ", count: 12 - name.count)
            text += "  \(name)\(padding)\(report.state(of: check))\n"
        }
        for finding in report.findings {
            text += "\n\(finding.kind.rawValue)  \(finding.check.rawValue), "
            text += "\(TerminalText.harmless(finding.place))\n"
            text += "    \(TerminalText.harmless(finding.what))\n"
        }
        text += list("Proven", report.proven)
        text += list("Not proven", report.notProven)
        text += list(
            "Erased, with the proof kept",
            report.erased.map { "event \($0.sequence): \($0.reason)" }
        )
        return text
    }

    private static func list(_ title: String, _ sentences: [String]) -> String {
        guard !sentences.isEmpty else { return "" }
        return "\n\(title)\n"
            + sentences.map { "  - \(TerminalText.harmless($0))\n" }.joined()
    }
}
