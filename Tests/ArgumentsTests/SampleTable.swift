import Arguments

/// A table like the program's own: global options, nesting, and every kind of value.
let sample = Command(
    "daybook",
    "keeps a tamper-evident log of webhooks",
    discussion: """
        Daybook records every webhook, outbound call and sync result as one event in a signed,
        hash-chained log, from which everything else can be derived again.

        It says "don't lose it" and means it.
        """,
    options: [
        Option(
            "ledger",
            "works on the ledger in this folder",
            value: "DIR",
            kind: .directory,
            default: "$DAYBOOK_LEDGER, else ./daybook-ledger"
        ),
        .help,
        .version,
    ],
    subcommands: [
        sampleInit, sampleAppend, sampleLog, sampleShow, sampleVerify, sampleHooks, sampleSync,
        sampleErase, sampleKeys,
    ],
    examples: [
        Example("daybook init", "makes a ledger in ./daybook-ledger"),
        Example("daybook log --since 2h", "lists what came in during the last two hours"),
    ],
    notes: [
        Note(
            "Exit status",
            [
                "0": "done", "1": "checked and found wanting", "2": "usage or configuration",
                "3": "could not",
            ]
        )
    ]
)

private let format = Option(
    "format",
    "shows rows in this form",
    value: "FORM",
    kind: .choice(["table", "json", "ndjson", "csv"]),
    default: "table on a terminal, ndjson elsewhere"
)

private let sampleInit = Command(
    "init",
    "makes a ledger",
    group: "Start",
    discussion: "Makes the folder, a signing key and the default projections."
)

private let sampleAppend = Command(
    "append",
    "appends facts",
    group: "Start",
    options: [Option("secret", "redacts this field", value: "NAME", repeats: true)],
    operands: [Operand("FILE", "CloudEvents, JSON or NDJSON", .oneOrMore, kind: .file)]
)

private let sampleLog = Command(
    "log",
    "lists events",
    group: "Look",
    options: [
        Option("source", "only events of this source", short: "s", value: "NAME", repeats: true),
        Option(
            "limit",
            "lists at most N events; 0 for all",
            short: "n",
            value: "N",
            kind: .natural,
            default: "50"
        ),
        Option("speed", "replays so many times faster", value: "X", kind: .integer(1...100)),
        Option("follow", "waits for new events and lists them as they come", short: "f"),
        Option("quiet", "shows no heading", short: "q"),
        Option("correlation", "only events with this [correlation]: an id", value: "ID"),
        format,
    ],
    examples: [
        Example("daybook log --source stripe --limit 10", "lists the last ten events of Stripe")
    ]
)

private let sampleShow = Command(
    "show",
    "shows one event whole",
    group: "Look",
    options: [format],
    operands: [
        Operand("SEQ", "the event's sequence number", kind: .natural),
        Operand(
            "PART",
            "shows only this part",
            .optional,
            kind: .choice(["line", "body", "headers"])
        ),
    ]
)

private let sampleVerify = Command(
    "verify",
    "checks lines, chain, bodies and signatures",
    group: "Prove",
    operands: [Operand("BUNDLE", "checks this evidence bundle instead", .optional, kind: .file)]
)

private let sampleHooks = Command(
    "hooks",
    "works with captured requests",
    group: "Prove",
    options: [Option("sources", "reads the sources from here", value: "FILE", kind: .file)],
    subcommands: [
        Command("verify", "says whether requests would pass, and why not"),
        Command("list", "lists captured requests", options: [format]),
    ]
)

private let sampleSync = Command(
    "sync",
    "runs a job and records its result",
    group: "Start",
    operands: [Operand("NAME", "the sync's name in the configuration")],
    rest: Operand("COMMAND", "the job's command line", .oneOrMore, kind: .command),
    examples: [
        Example("daybook sync stock -- ./push-stock.sh --all", "runs the script as sync 'stock'")
    ]
)

private let sampleErase = Command(
    "erase",
    "erases the bodies of a subject",
    group: "Prove",
    options: [
        Option("reason", "why, for the record", value: "TEXT", isRequired: true)
    ],
    operands: [Operand("SUBJECT", "whose bodies", .required)]
)

private let sampleKeys = Command(
    "keys",
    "lists and rotates signing keys",
    group: "Prove",
    subcommands: [
        Command("list", "lists keys, oldest first"),
        Command("rotate", "makes a new key", operands: [Operand("NAME", "its name", .zeroOrMore)]),
    ]
)
