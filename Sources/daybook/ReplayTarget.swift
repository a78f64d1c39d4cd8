import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Service
import Tables

/// What `daybook replay` is to do with the events: show them, copy them or send them.
struct ReplayTarget {
    /// The first event after the stretch; `nil` for the log's end.
    private(set) var end: UInt64?
    private let folder: String?
    private var url: String?

    /// Reads `--to`, which names the stretch's end or an endpoint, and `--into`.
    init(_ context: Context) throws {
        let invocation = context.invocation
        folder = invocation.string("into")
        for text in invocation.all("to") {
            if let sequence = Decimal.parse(text.utf8Span.span), sequence < .max, end == nil {
                end = sequence + 1
            } else if text.hasPrefix("https://") || text.hasPrefix("http://"), url == nil {
                url = text
            } else {
                throw UsageProblem(
                    "--to \"\(text)\" is no sequence and no URL, or a second one; expected a whole "
                        + "number, https://…, or one of each"
                )
            }
        }
        guard folder == nil || url == nil else {
            throw UsageProblem("--into copies the events and --to URL sends them; leave one out")
        }
        let showing = ["speed", "projection", "limit"]
        if acts, let option = showing.first(where: invocation.flag) {
            throw UsageProblem("--\(option) goes with showing events only")
        }
        let sending = ["secret", "rate", "allow-private", "yes"]
        if url == nil, let option = sending.first(where: invocation.flag) {
            throw UsageProblem("--\(option) goes with --to URL")
        }
    }

    /// Whether it does more than showing.
    var acts: Bool { folder != nil || url != nil }

    /// Copies or sends.
    func run(_ context: Context) throws -> ExitStatus {
        let selection = try selection(context)
        if let folder {
            return try changingViews(context) { views in
                try copy(selection, to: folder, views, context)
            }
        }
        return try send(selection, to: url ?? "", context)
    }

    private func selection(_ context: Context) throws -> EventSelection {
        var selection = EventSelection()
        selection.query = try LogFilters.query(context)
        selection.from = context.invocation.integer("from").map { UInt64($0) }
        selection.end = end
        return selection
    }

    private func copy(
        _ selection: EventSelection,
        to folder: String,
        _ views: Views,
        _ context: Context
    ) throws -> ExitStatus {
        let progress = ProgressPrinter("copy", unit: "events")
        let summary = try ReplayLedger.make(
            at: folder,
            of: selection,
            from: views,
            by: context.actor(),
            progress: progress.show
        )
        progress.clear()
        try Rows.printRecord(
            [
                ("ledger", .text(folder)), ("origin", .text(summary.origin)),
                ("vkey", .text(summary.vkey)), ("copied", .unsigned(summary.copied)),
                ("requests_added", .unsigned(summary.requests)),
                ("own_left_out", .unsigned(summary.ownLeftOut)),
                ("repeats_left_out", .unsigned(summary.repeatsLeftOut)),
                ("bodies_gone", .unsigned(summary.bodiesGone)),
                ("recorded", .unsigned(summary.recorded)),
            ],
            context
        )
        return .done
    }

    // MARK: - Sending

    private func send(
        _ selection: EventSelection,
        to url: String,
        _ context: Context
    ) throws -> ExitStatus {
        let invocation = context.invocation
        guard let rate = Int(invocation.string("rate") ?? "10") else {
            throw UsageProblem("--rate is no whole number")
        }
        let terms = ReplaySender.Terms(
            url: url,
            secret: invocation.string("secret"),
            allowsPrivate: invocation.flag("allow-private"),
            rate: rate
        )
        guard invocation.flag("yes") else {
            let views = try openViews(context)
            let choice = try ReplaySender.choose(selection, in: views.ledger)
            try list(choice, terms, context)
            return .done
        }
        let ledger = try openForAppending(context)
        defer { ledger.close() }
        let choice = try ReplaySender.choose(selection, in: ledger)
        let sender = try ReplaySender(ledger, terms)
        let draft = ReplayEvent.draft(
            selection,
            size: choice.size,
            events: UInt64(choice.messages.count),
            target: terms.target,
            actor: try context.actor(),
            purpose: nil
        )
        _ = try ledger.writer?.append([draft])
        let format = try Rows.format(context)
        var writer = Rows.writer(
            ["sequence", "source", "type", "status", "ms", "problem"].map {
                Column($0, title: $0.uppercased())
            },
            format
        )
        var failed = 0
        defer { _ = try? writer.finish(footer: leftOut(choice), noRows: "no such webhooks") }
        try sender.send(choice.messages) { outcome in
            if !outcome.isTaken { failed += 1 }
            try writer.add([
                .unsigned(outcome.message.sequence), .text(outcome.message.source),
                .text(outcome.message.type),
                outcome.status.map { .integer(Int64($0)) } ?? .absent,
                .unsigned(outcome.milliseconds), outcome.problem.map { .text($0) } ?? .absent,
            ])
        }
        return failed == 0 ? .done : .foundWanting
    }

    private func list(
        _ choice: ReplaySender.Choice,
        _ terms: ReplaySender.Terms,
        _ context: Context
    ) throws {
        var writer = Rows.writer(
            ["sequence", "source", "type", "bytes"].map { Column($0, title: $0.uppercased()) },
            try Rows.format(context)
        )
        for message in choice.messages {
            try writer.add([
                .unsigned(message.sequence), .text(message.source), .text(message.type),
                .unsigned(UInt64(message.bytes)),
            ])
        }
        try writer.finish(footer: nil, noRows: "no such webhooks")
        let count = choice.messages.count
        let seconds = count / max(1, terms.rate)
        let notes = [
            leftOut(choice),
            "\(count) webhooks would go to \(terms.target) within \(seconds + 1) seconds; "
                + "nothing is sent yet, --yes does it",
        ]
        for note in notes.compactMap({ $0 }) {
            try? StandardStream.error.write("daybook: \(TerminalText.harmless(note))\n")
        }
    }

    private func leftOut(_ choice: ReplaySender.Choice) -> String? {
        guard !choice.leftOut.isEmpty else { return nil }
        let reasons = choice.leftOut.sorted { $0.key < $1.key }
        return "left out: " + reasons.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    }
}
