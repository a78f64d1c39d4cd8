import Arguments
import POSIX
import Service

/// The command `daybook serve`.
enum ServeCommand: ProgramCommand {
    static let command = Command(
        "serve",
        "takes webhooks, calls out, forwards events and serves the log",
        group: "Start",
        discussion: """
            POST /hooks/SOURCE takes a webhook and answers when it is on disk. Any method at \
            /out/SERVICE/PATH calls a configured service, within its limits and recorded; POST \
            /v1/events, /v1/calls and /v1/syncs report facts. Events are forwarded and syncs watched \
            as daybook.yaml says. GET /checkpoint and /tile/... serve the log to verifiers, GET \
            /healthz says how it stands, to who shows a token also of each service; GET /v1/events, \
            /v1/state and /v1/proof answer questions by tokens. Stops on \
            SIGTERM or SIGINT after finishing what it accepted.
            """,
        options: [
            Option("listen", "overrides listen of daybook.yaml", value: "ADDRESS:PORT"),
            Option("no-access-log", "writes no line for each request"),
        ],
        examples: [
            Example("daybook serve", "serves ./daybook-ledger as daybook.yaml says"),
            Example("daybook serve --listen 0.0.0.0:8080", "listens on all addresses"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        var signals = StopSignals()
        Process.raiseOpenFileLimit()
        let configuration = try Configuration.load(ledger: context.ledgerPath)
        let service = try Service.start(
            ledger: context.ledgerPath,
            configuration,
            listen: context.invocation.string("listen"),
            logsAccess: !context.invocation.flag("no-access-log"),
            actor: context.actor()
        )
        try StandardStream.output.write(service.welcome)
        let signal = signals.wait()
        try? StandardStream.error.write("daybook: \(signal): finishing what was accepted\n")
        let cut = service.stop(graceSeconds: 20)
        try? StandardStream.error.write(
            cut == 0
                ? "daybook: stopped, nothing was cut off\n"
                : "daybook: stopped, \(cut) requests were cut off unanswered\n"
        )
        return .done
    }
}
