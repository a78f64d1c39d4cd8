import Arguments
import Audit
import Ledger
import POSIX
import Projections
import Service

/// The program: its table of commands, and the way from a command line to an exit status.
enum Program {
    /// The release's version.
    static let version = "0.1.0"
    /// Program and version, as reports name it.
    static var tool: String { "daybook \(version)" }
    /// The day of that release, for the manual page.
    static let date = "2026-11-21"

    /// Every command that does something, in the order of the help.
    static let commands: [any ProgramCommand.Type] = [
        InitCommand.self, ServeCommand.self, RestoreCommand.self,
        AppendCommand.self, ImportCommand.self, BatchCommand.self, CorrectCommand.self,
        SyncCommand.self,
        LogCommand.self, ShowCommand.self, SyncsCommand.self,
        StateCommand.self, ExplainCommand.self, DiffCommand.self, TraceCommand.self,
        ReplayCommand.self, ArrivalsCommand.self, BlastCommand.self,
        ReconcileOrdersCommand.self, ReconcileProviderCommand.self,
        ProjectionsListCommand.self, ProjectionsStatusCommand.self, ProjectionsCheckCommand.self,
        ProjectionsRebuildCommand.self, ProjectionsDiffCommand.self,
        ProjectionsPromoteCommand.self, ProjectionsRollbackCommand.self,
        ProjectionsDropCommand.self, ProjectionsQuarantineCommand.self,
        ProjectionsRetryCommand.self, ProjectionsDigestCommand.self,
        ProjectionsSchemaCommand.self,
        PopulationCommand.self, SampleCommand.self, CloseCommand.self, ReopenCommand.self,
        LateCommand.self, GapsCommand.self, RetentionCommand.self,
        AnchorCommand.self, AnchorListCommand.self, WitnessCommand.self,
        VerifyCommand.self, ProveCommand.self, ExportCommand.self, RerunCommand.self,
        KeysListCommand.self, KeysRotateCommand.self,
        HooksVerifyCommand.self,
        ProvidersCommand.self, ProvidersShowCommand.self, ProvidersTestCommand.self,
        ProvidersFormatCommand.self,
        DeliveriesListCommand.self, DeliveriesRetryCommand.self, DeliveriesPauseCommand.self,
        DeliveriesResumeCommand.self,
        TokensCreateCommand.self, TokensListCommand.self, TokensRevokeCommand.self,
        EraseCommand.self, HoldPlaceCommand.self, HoldReleaseCommand.self, HoldListCommand.self,
        AccessLogCommand.self, ChangesCommand.self, SodCommand.self,
        TimelineCommand.self, RateLimitsCommand.self, IncidentCommand.self,
        DoctorCommand.self, CompletionCommand.self, ManCommand.self,
    ]

    /// The one table that parsing, help, completion and the manual follow.
    static let table = Command(
        "daybook",
        "a tamper-evident book of original entry for webhooks and integrations",
        discussion: """
            Every webhook is checked, appended to a hash-chained, signed log and acknowledged only \
            when it is on disk. Anyone can list it, prove it and verify the whole log.
            """,
        options: [
            Option(
                "ledger",
                "the ledger's folder",
                value: "DIR",
                kind: .directory,
                default: "$DAYBOOK_LEDGER or ./daybook-ledger"
            ),
            CommandCaller.tokenFile, Context.purposeOption,
            .help, .version,
        ],
        subcommands: topLevel,
        examples: [
            Example("daybook init", "makes a ledger in ./daybook-ledger"),
            Example("daybook serve", "takes webhooks at http://127.0.0.1:8080/hooks/SOURCE"),
            Example("daybook log --since 1h", "lists what came in during the last hour"),
            Example("daybook verify", "reads every byte again and says what is wrong, if anything"),
        ],
        notes: [
            Note(
                "Exit status",
                [
                    "0": "done",
                    "1": "checked and found wanting",
                    "2": "wrong usage or configuration",
                    "3": "could not: input or output, locked, refused",
                ]
            )
        ]
    )

    private static let topLevel: [Command] = [
        InitCommand.command, ServeCommand.command, RestoreCommand.command,
        AppendCommand.command, ImportCommand.command, BatchCommand.command, CorrectCommand.command,
        SyncCommand.command,
        LogCommand.command, ShowCommand.command, SyncsCommand.command,
        StateCommand.command, ExplainCommand.command, DiffCommand.command, TraceCommand.command,
        ReplayCommand.command, ArrivalsCommand.command, BlastCommand.command,
        Command(
            "reconcile",
            "compares what the log says with itself and with others",
            group: "Prove",
            subcommands: [ReconcileOrdersCommand.command, ReconcileProviderCommand.command],
            examples: [
                Example("daybook reconcile orders", "orders against payments and invoices"),
                Example(
                    "daybook reconcile provider stripe --list events.json",
                    "the provider's own list against the log"
                ),
            ]
        ),
        Command(
            "projections",
            "what the log is folded into: definitions and their versions",
            group: "Derive",
            discussion: """
                A projection is a definition in projections/NAME/projection.yaml of the ledger's \
                folder. To change one, raise its version, rebuild it beside the version that \
                answers, look at what differs, and promote it.
                """,
            subcommands: [
                ProjectionsListCommand.command, ProjectionsStatusCommand.command,
                ProjectionsCheckCommand.command, ProjectionsRebuildCommand.command,
                ProjectionsDiffCommand.command, ProjectionsPromoteCommand.command,
                ProjectionsRollbackCommand.command, ProjectionsDropCommand.command,
                ProjectionsQuarantineCommand.command, ProjectionsRetryCommand.command,
                ProjectionsDigestCommand.command, ProjectionsSchemaCommand.command,
            ],
            examples: [
                Example("daybook projections status", "accounts for every event of the log"),
                Example(
                    "daybook projections rebuild order-status",
                    "builds a changed definition beside the one that answers"
                ),
            ]
        ),
        VerifyCommand.command, ProveCommand.command,
        PopulationCommand.command, SampleCommand.command, CloseCommand.command,
        ReopenCommand.command, LateCommand.command, GapsCommand.command, RetentionCommand.command,
        AnchorCommand.command, WitnessCommand.command,
        ExportCommand.command, RerunCommand.command,
        Command(
            "keys",
            "the keys that sign the log",
            group: "Prove",
            subcommands: [KeysListCommand.command, KeysRotateCommand.command]
        ),
        Command(
            "deliveries",
            "what is forwarded to endpoints of your own",
            group: "Look",
            discussion: """
                The rules stand under deliveries in daybook.yaml. What is pending follows from the \
                log alone; a running server sends it, and orders given here reach it through the log.
                """,
            subcommands: [
                DeliveriesListCommand.command, DeliveriesRetryCommand.command,
                DeliveriesPauseCommand.command, DeliveriesResumeCommand.command,
            ],
            examples: [
                Example("daybook deliveries list --state dead", "what could not be delivered"),
                Example("daybook deliveries retry paid-to-shop --dead", "sends it again"),
            ]
        ),
        Command(
            "tokens",
            "the tokens by which programs are let in",
            group: "Start",
            subcommands: [
                TokensCreateCommand.command, TokensListCommand.command, TokensRevokeCommand.command,
            ]
        ),
        Command(
            "hooks",
            "webhook signatures, outside the log",
            group: "Start",
            subcommands: [HooksVerifyCommand.command]
        ),
        EraseCommand.command,
        Command(
            "hold",
            "what must not be erased",
            group: "Govern",
            subcommands: [
                HoldPlaceCommand.command, HoldReleaseCommand.command, HoldListCommand.command,
            ]
        ),
        AccessLogCommand.command, ChangesCommand.command, SodCommand.command,
        ProvidersCommand.command,
        TimelineCommand.command, RateLimitsCommand.command, IncidentCommand.command,
        DoctorCommand.command, CompletionCommand.command, ManCommand.command,
    ]

    /// Runs a command line (without the program's name); the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            // "daybook help log" is what many try first.
            let isHelp = arguments.first == "help"
            let words = isHelp ? arguments.dropFirst() + ["--help"] : arguments
            let invocation = try table.parse(words)
            switch invocation.request {
            case .version:
                try StandardStream.output.write("daybook \(version)\n")
                return 0
            case .help:
                let width = StandardStream.output.columns ?? 80
                let help = table.help(
                    for: invocation.path,
                    width: min(width, 100),
                    colour: StandardStream.output.isTerminal
                )
                try StandardStream.output.write(help)
                return 0
            case .run:
                guard let command = commands.first(where: { $0.path == invocation.path }) else {
                    return 2
                }
                return try perform(command, invocation).rawValue
            }
        } catch {
            return report(error)
        }
    }

    /// Runs a command for whoever may; a read goes on record before it is answered.
    private static func perform(
        _ command: any ProgramCommand.Type,
        _ invocation: Invocation
    ) throws -> ExitStatus {
        var context = Context(invocation)
        if let act = command.act(invocation) {
            context.caller = try CommandCaller.resolve(context)
            try context.require(act)
            if context.caller?.scope != nil, !command.keepsScope {
                throw context.outOfScope("what this command reads or changes, which is all")
            }
        }
        guard command.readsLog, recordsReads(context) else { return try command.run(context) }
        return try RecordedRead.run(command, context)
    }

    /// Whether reads are recorded; a configuration that cannot be read does not say that they
    /// are not.
    private static func recordsReads(_ context: Context) -> Bool {
        (try? Configuration.recordsReads(ledger: context.ledgerPath)) ?? true
    }

    /// Says what went wrong on standard error.
    private static func report(_ error: any Error) -> Int32 {
        if let error = error as? SystemError, error.isBrokenPipe { return 0 }
        try? StandardStream.error.write("daybook: \(error)\n")
        return status(of: error).rawValue
    }

    /// How a command ends that an error stops.
    static func status(of error: any Error) -> ExitStatus {
        switch error {
        case is UsageError, is UsageProblem, is ConfigurationProblem: .usage
        case let error as ViewError: error.exitStatus
        case AuditProblem.usage: .usage
        default: .couldNot
        }
    }
}

/// How a command ended (DESIGN 7).
enum ExitStatus: Int32 {
    case done = 0
    case foundWanting = 1
    case usage = 2
    case couldNot = 3
}

/// One command of the program: where it stands in the table, and what it does.
protocol ProgramCommand: SendableMetatype {
    static var command: Command { get }
    /// The names that call it, from below the program's own.
    static var path: [String] { get }
    /// Whether it shows what is in the log, which the log then tells.
    static var readsLog: Bool { get }
    /// What a token must be good for; `nil` for a command that touches no ledger.
    static var act: Act? { get }
    /// The same for one way of calling the command.
    static func act(_ invocation: Invocation) -> Act?
    /// Whether it shows and changes nothing beyond the scope of the token that it is run by; other
    /// commands refuse tokens that have one.
    static var keepsScope: Bool { get }
    /// Whether the answer goes on for as long as events come, so that it cannot be held back.
    static func streams(_ invocation: Invocation) -> Bool
    static func run(_ context: Context) throws -> ExitStatus
}

extension ProgramCommand {
    static var path: [String] { [command.name] }
    static var readsLog: Bool { false }
    static var act: Act? { CommandActs.act(of: path) }
    static func act(_ invocation: Invocation) -> Act? { act }
    static var keepsScope: Bool { false }
    static func streams(_ invocation: Invocation) -> Bool { false }
}

/// What a command works with.
struct Context {
    let invocation: Invocation
    /// Whose token the command is run by; `nil` for a user of the machine.
    var caller: Caller?

    init(_ invocation: Invocation) {
        self.invocation = invocation
    }

    /// The ledger's folder.
    var ledgerPath: String {
        invocation.string("ledger") ?? Process.environment("DAYBOOK_LEDGER") ?? "daybook-ledger"
    }
}
