import Arguments
import Bytes
import Ledger
import POSIX
import Projections

/// Opens the views of the ledger: the one place where commands get at them.
///
/// Where `views/` cannot be written they are opened for reading, with a notice, and show what was
/// folded when they last could be.
func openViews(_ context: Context) throws -> Views {
    let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
    do {
        return try Views(ledger)
    } catch {
        try requireDefinitions(ledger: ledger.path)
        let folder = "\(ledger.path)/views"
        let needed = [folder, "\(folder)/data.mdb", "\(folder)/lock.mdb"]
        guard Files.exists(needed[1]), !needed.allSatisfy(Files.isWritable) else { throw error }
        let views = try Views(ledger, readOnly: true)
        try? StandardStream.error.write(
            "daybook: \(folder) cannot be written; showing what was folded before\n"
        )
        return views
    }
}

/// Opens the views for a change that the log must tell of, and closes the log after it.
///
/// Where nothing can be appended `orElse` may open them all the same, as for an auditor's own copy
/// of a log: what it would have recorded, the next program records that can.
func changingViews<R>(
    _ context: Context,
    orElse: ((Context) throws -> Views)? = nil,
    _ body: (Views) throws -> R
) throws -> R {
    let ledger: Ledger
    do {
        ledger = try openForAppending(context)
    } catch let error as LedgerError {
        // An old copy is no copy of an auditor's own.
        if case .rolledBack = error { throw error }
        guard let orElse else { throw error }
        return try body(orElse(context))
    }
    defer { ledger.close() }
    try requireDefinitions(ledger: ledger.path)
    return try body(Views(ledger))
}

/// Refuses definitions that cannot be read as what they are: a problem of configuration.
private func requireDefinitions(ledger: String) throws {
    do {
        _ = try DefinitionFiles(ledger: ledger)
    } catch let error as SystemError {
        throw error
    } catch {
        throw UsageProblem("\(error)")
    }
}

/// Options and operands that commands about projections share.
enum ProjectionOptions {
    static let projection = Operand("PROJECTION", "the projection's name")
    static let name = Operand("NAME", "the projection's name")
    static let key = Operand("KEY", "a row's key, or another of its names")
    /// Not called `version`, for that word asks for the program's own.
    static let version = Option(
        versionName,
        "this version instead of the one that answers",
        value: "N",
        kind: versionKind
    )
    static let versionName = "view-version"
    static let versionKind = ValueKind.integer(1...Int(Int32.max))
    static let noCatchUp = Option(
        "no-catch-up",
        "shows what is folded, without folding what the log has meanwhile"
    )
    static let limit = Option(
        "limit",
        "at most so many, 0 for all",
        short: "n",
        value: "N",
        kind: .natural,
        default: "50 on a terminal, else all"
    )
}

extension Context {
    /// Which view is asked about.
    func viewRequest(_ operand: String) -> ViewRequest {
        ViewRequest(
            invocation.string(operand) ?? "",
            version: invocation.integer(ProjectionOptions.versionName),
            catchesUp: !invocation.flag("no-catch-up")
        )
    }

    /// How many rows are shown at most; `nil` for all.
    var limit: Int? {
        let limit = invocation.integer("limit") ?? (StandardStream.output.isTerminal ? 50 : 0)
        return limit == 0 ? nil : limit
    }

    /// The state of the log that an option names: a sequence, or a time of recording.
    func recorded(_ option: String) throws -> Past? {
        guard let text = invocation.string(option) else { return nil }
        if let sequence = Decimal.parse(text.utf8Span.span) { return .asAt(sequence: sequence) }
        let now = Timestamp(microseconds: Clock.microseconds)
        guard let time = Moment.parse(text, now: now) else {
            throw UsageProblem(
                "--\(option) \"\(text)\" is neither a sequence nor a moment; expected a whole "
                    + "number, \(Moment.expected)"
            )
        }
        return .asAtTime(time)
    }
}

extension ViewError {
    /// How a command ends that it stops.
    var exitStatus: ExitStatus {
        switch self {
        case .noRow: .foundWanting
        case .unknown, .changed, .noVersion, .isActive, .noPrevious: .usage
        default: .couldNot
        }
    }
}
