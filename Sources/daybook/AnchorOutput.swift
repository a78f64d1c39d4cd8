import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// What vouches for a log from outside, as text or rows.
enum AnchorOutput {
    /// Says what `verify --anchors-only` found.
    static func print(_ report: AnchorReport, _ context: Context) throws {
        guard try Rows.format(context) == .table else {
            let findings = report.findings.map { VerifyOutput.row($0) }
            return try Rows.print(VerifyOutput.columns, findings + rows(report), context)
        }
        var text = report.findings.map { VerifyOutput.text($0) }.joined()
        text += report.isSound ? "sound" : "NOT SOUND"
        let noun = report.count == 1 ? "anchor" : "anchors"
        text += "  \(Readable.grouped(UInt64(report.count))) \(noun) of a log of "
        text += "\(Readable.grouped(report.logSize)) events\n"
        text += lines(report)
        for limit in report.unproven { text += "  unproven  \(limit)\n" }
        try StandardStream.output.write(text)
    }

    /// A line for each who vouches, and one for what nobody vouches for.
    static func lines(_ report: AnchorReport) -> String {
        var text = ""
        for holding in report.holdings {
            text += "  anchored  \(events(holding)) by \(holding.kind.noun) \(holding.name) "
            text += "since \(holding.time.short)\n"
        }
        if report.size > 0, report.size < report.logSize {
            text += "  after     \(Readable.grouped(report.logSize - report.size)) events came "
            text += "after the last anchor\n"
        }
        return text
    }

    /// The same as rows of `verify`.
    static func rows(_ report: AnchorReport) -> [[Cell]] {
        report.holdings.map { holding in
            [
                .text("anchored"), .text(events(holding)),
                .text("\(holding.kind.noun) \(holding.name)"),
                .text("since \(holding.time.short)"),
                .text("event \(holding.sequence)"),
            ]
        }
    }

    private static func events(_ holding: AnchorReport.Holding) -> String {
        "events 0 to \(holding.size - min(1, holding.size))"
    }
}

extension AnchorReport {
    /// What nobody outside vouches for, a sentence each.
    var unproven: [String] {
        var limits = limits
        if size == 0 {
            limits.append(VerifyReport.unanchored)
        } else if size < logSize {
            limits.append(
                "that whoever holds the keys did not write events \(size) to \(logSize - 1) anew: "
                    + "they came after the last anchor"
            )
        }
        return limits
    }
}

extension VerifyReport {
    /// Takes in what the check of the anchors found.
    mutating func add(_ anchors: AnchorReport) {
        for finding in anchors.findings { add(finding) }
        limits.removeAll { $0 == Self.unanchored }
        limits += anchors.unproven
    }
}

extension Context {
    /// Checks the anchors of the ledger by whom the options, or else the configuration, name.
    func anchorReport() throws -> AnchorReport {
        let configured = try Configuration.anchors(ledger: ledgerPath)
        let policy =
            try invocation.string("policy").map { try AnchorSettings.policy(file: $0) }
            ?? configured?.policy
        let roots =
            try invocation.string("ca").map { try AnchorSettings.roots(file: $0) }
            ?? configured?.authority?.roots ?? []
        let ledger = try Ledger(path: ledgerPath, options: .init(appends: false))
        var report = try AnchorCheck.run(ledger, policy: policy, roots: roots)
        if invocation.flag("ask-witnesses") {
            guard let policy else {
                throw UsageProblem(
                    "no witness is known to be asked; name a policy by --policy or in daybook.yaml"
                )
            }
            let survey = try WitnessSurvey.ask(
                policy,
                about: ledger.origin,
                send: AnchorTransport.http
            )
            try report.compare(ledger, with: survey)
        }
        return report
    }

    /// What the configured witnesses know of the log; one whose word is not had is named.
    func witnessedHeads() throws -> [OutsideHead] {
        guard let policy = try Configuration.anchors(ledger: ledgerPath)?.policy else { return [] }
        let ledger = try Ledger(path: ledgerPath, options: .init(appends: false))
        let survey = try WitnessSurvey.ask(
            policy,
            about: ledger.origin,
            send: AnchorTransport.http
        )
        for problem in survey.problems { warn(problem) }
        return survey.outsideHeads
    }

    /// Tells people what the answer itself does not say.
    func warn(_ text: String) { try? StandardStream.error.write("daybook: \(text)\n") }
}
