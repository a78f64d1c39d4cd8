import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Tables

/// A verification's report as text or rows.
enum VerifyOutput {
    static func print(
        _ report: VerifyReport,
        _ anchors: AnchorReport?,
        markStored: Bool,
        _ context: Context
    ) throws {
        let format = try Rows.format(context)
        if format == .table {
            try StandardStream.output.write(text(report, anchors, markStored))
        } else {
            let anchored = anchors.map { AnchorOutput.rows($0) } ?? []
            try Rows.print(columns, rows(report) + anchored + [summaryRow(report)], context)
        }
    }

    static let columns = [
        Column("kind", title: "KIND"), Column("place", title: "PLACE"),
        Column("what", title: "WHAT"), Column("expected", title: "EXPECTED"),
        Column("found", title: "FOUND"),
    ]

    private static func rows(_ report: VerifyReport) -> [[Cell]] {
        report.findings.map { row($0) }
            + report.erasures.map { erasure in
                [
                    .text("erased"), .text("event \(erasure.event)"),
                    .text("\(erasure.bodies) bodies by \(erasure.who)"), .text(erasure.reason),
                    .text(erasure.recorded),
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

    /// A finding in three lines.
    static func text(_ finding: Finding) -> String {
        "\(finding.kind.rawValue)  \(finding.place): \(finding.what)\n"
            + "  expected  \(finding.expected)\n  found     \(finding.found)\n"
    }

    /// A finding as a row.
    static func row(_ finding: Finding) -> [Cell] {
        [
            .text(finding.kind.rawValue), .text("\(finding.place)"), .text(finding.what),
            .text(finding.expected), .text(finding.found),
        ]
    }

    private static func text(
        _ report: VerifyReport,
        _ anchors: AnchorReport?,
        _ markStored: Bool
    ) -> String {
        var text = report.findings.map { Self.text($0) }.joined()
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
        for erasure in report.erasures {
            text += "  erased    \(Readable.grouped(UInt64(erasure.bodies))) bodies under event "
            text += "\(erasure.event) by \(TerminalText.harmless(erasure.who)): "
            text += "\(TerminalText.harmless(erasure.reason))\n"
        }
        for key in report.keys { text += "  key       \(key.vkey) from checkpoint \(key.from)\n" }
        if let anchors { text += AnchorOutput.lines(anchors) }
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
