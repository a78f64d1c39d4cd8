import Arguments
import Ledger
import POSIX
import Projections

/// The command `bench rebuild`: a projection's view made from nothing.
enum Rebuild {
    static let command = Command(
        "rebuild",
        "rebuilds a projection and measures it, from opening the ledger to the view's last commit",
        options: [
            Option(
                "projection",
                "which one",
                value: "NAME",
                default: "order-status"
            ),
            Option(
                "threads",
                "threads to use",
                value: "N",
                kind: .integer(1...256),
                default: "1"
            ),
        ],
        operands: [Operand("LEDGER", "the ledger's folder", kind: .directory)]
    )

    static func run(_ invocation: Invocation) throws {
        let start = Clock.monotonicNanoseconds
        let ledger = try Ledger(
            path: invocation.string("LEDGER") ?? "",
            options: .init(appends: false)
        )
        let views = try Views(ledger)
        var options = RebuildOptions()
        options.threads = invocation.integer("threads") ?? 1
        options.anew = true
        options.digests = false
        let name = invocation.string("projection") ?? "order-status"
        let report = try views.rebuild(name, options)
        let seconds = seconds(since: start)
        try printMeasures([
            ("events", "\(report.folded)"),
            ("seconds", rounded(seconds)),
            ("cpu_seconds", rounded(processorSeconds())),
            ("per_second", "\(Int(Double(report.folded) / seconds))"),
        ])
    }
}
