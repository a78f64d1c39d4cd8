import Arguments
import Bytes
import Ledger
import POSIX
import Tables

/// A verification's report as text or rows.
enum VerifyOutput {
    static func print(_ report: VerifyReport, markStored: Bool, _ context: Context) throws {
        let format = try Rows.format(context)
        if format == .table {
            try StandardStream.output.write(text(report, markStored))
        } else {
            try Rows.print(columns, rows(report) + [summaryRow(report)], context)
        }
    }

    private static let columns = [
        Column("kind", title: "KIND"), Column("place", title: "PLACE"),
        Column("what", title: "WHAT"), Column("expected", title: "EXPECTED"),
        Column("found", title: "FOUND"),
    ]

    private static func rows(_ report: VerifyReport) -> [[Cell]] {
        report.findings.map {
            [
                .text($0.kind.rawValue), .text("\($0.place)"), .text($0.what), .text($0.expected),
                .text($0.found),
            ]
        }
    }

    /// The last row of the machine-readable formats says what was checked.
    private static func summaryRow(_ report: VerifyReport) -> [Cell] {
        [
            .text("summary"),
            .text("events \(report.range.lowerBound)..<\(report.range.upperBound)"),
            .text(verdict(report)), .text("root \(report.root?.description ?? "unknown")"),
            .text(checked(report)),
        ]
    }

    private static func text(_ report: VerifyReport, _ markStored: Bool) -> String {
        var text = ""
        for finding in report.findings {
            text += "\(finding.kind.rawValue)  \(finding.place): \(finding.what)\n"
            text += "  expected  \(finding.expected)\n  found     \(finding.found)\n"
        }
        let total = report.findingCounts.values.reduce(0, +)
        if total > report.findings.count {
            text +=
                "... and \(Readable.grouped(UInt64(total - report.findings.count))) more findings\n"
        }
        text += "\(verdict(report))  \(report.origin), \(Readable.grouped(report.size)) events\n"
        if let root = report.root { text += "  root      \(root)\n" }
        text += "  checked   \(checked(report))\n"
        let rate = Double(report.counts.lines) / max(1e-9, Double(report.nanoseconds) / 1e9)
        text +=
            "  took      \(Readable.duration(report.nanoseconds)), \(Readable.grouped(UInt64(rate))) events/s, "
        text += "\(Readable.bytes(report.counts.bytes)) read\n"
        for key in report.keys { text += "  key       \(key.vkey) from checkpoint \(key.from)\n" }
        for limit in report.limits { text += "  unproven  \(limit)\n" }
        if markStored {
            text += "  mark      verified up to \(Readable.grouped(report.size)); "
            text += "go on from here with --incremental\n"
        }
        return text
    }

    private static func verdict(_ report: VerifyReport) -> String {
        if report.isSound { return "sound" }
        let manipulations = report.findingCounts[.manipulation] ?? 0
        let gaps = report.findingCounts[.gap] ?? 0
        return "NOT SOUND: \(manipulations) manipulations, \(gaps) gaps"
    }

    private static func checked(_ report: VerifyReport) -> String {
        let counts = report.counts
        return
            "\(Readable.grouped(counts.lines)) lines, \(Readable.grouped(counts.bodies)) bodies, "
            + "\(Readable.grouped(counts.tiles)) tiles, \(Readable.grouped(counts.checkpoints)) checkpoints, "
            + "\(Readable.grouped(counts.signatures)) signatures, \(Readable.grouped(counts.ids)) ids"
    }
}
