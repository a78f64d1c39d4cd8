import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook anchor`.
enum AnchorCommand: ProgramCommand {
    static let command = Command(
        "anchor",
        "has others vouch for the newest checkpoint, now",
        group: "Prove",
        discussion: """
            The witnesses of the policy cosign it (C2SP tlog-witness), the time stamp authority stamps \
            it (RFC 3161), as anchors in daybook.yaml says; what they give is recorded in the log. \
            Whoever steals the keys cannot write anew what was anchored before. A running server does \
            it by itself. Nothing is appended if a witness knows a longer or another log: its \
            checkpoint is kept as evidence. Exit status 1 when too few witnesses cosigned or the time \
            was not stamped.
            """,
        options: [Rows.formatOption],
        subcommands: [AnchorListCommand.command],
        runsAlone: true,
        examples: [
            Example("daybook anchor", "anchors what is in the log now"),
            Example("daybook anchor list", "lists who vouched for how many events, and when"),
        ],
        notes: [
            Note(
                "In daybook.yaml",
                [
                    "anchors:": "",
                    "  every: 1h": "how often a server does it",
                    "  policy: file:policy.txt":
                        "C2SP tlog-policy: witness NAME VKEY URL, group, quorum",
                    "  timestamp: { url: URL, ca: file:ca.pem }": "an authority and its root",
                ]
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        guard let settings = try Configuration.anchors(ledger: context.ledgerPath) else {
            throw UsageProblem(
                "nobody is to anchor this ledger; name a policy or a time stamp authority under "
                    + "anchors in \(Configuration.file(context.ledgerPath))"
            )
        }
        let ledger = try openForAppending(context)
        defer { ledger.close() }
        let anchors = try Anchors(ledger, settings)
        try anchors.requireKnownHeads { context.warn($0) }
        let round = try anchors.anchor(
            by: try context.actor(),
            at: UInt64(max(0, Clock.microseconds / 1_000_000))
        )
        try print(round, context)
        if !round.hasQuorum {
            context.warn("too few witnesses cosigned, expected \(round.quorumText)")
        }
        return round.isComplete ? .done : .foundWanting
    }

    private static func print(_ round: AnchorRound, _ context: Context) throws {
        try Rows.print(
            [
                Column("kind", title: "KIND"), Column("name", title: "NAME", shrinking: .keep),
                Column("result", title: "RESULT", shrinking: .keep),
                Column("size", title: "EVENTS", alignment: .right),
                Column("since", title: "SINCE"), Column("detail", title: "DETAIL"),
            ],
            round.parties.map { party in
                let start: [Cell] = [.text(party.kind.rawValue), .text(party.name)]
                let size = Cell.unsigned(round.size)
                switch party.result {
                case .anchored(let time):
                    return start + [.text("anchored"), size, .text(time.short), .absent]
                case .failed(let reason):
                    return start + [.text("failed"), size, .absent, .text(reason)]
                case .fork(let file):
                    return start + [.text("fork"), size, .absent, .text("evidence in \(file)")]
                }
            },
            context
        )
    }
}

/// The command `daybook anchor list`.
enum AnchorListCommand: ProgramCommand {
    static let path = ["anchor", "list"]
    static let command = Command(
        "list",
        "lists the anchors that the log tells of, oldest first",
        discussion: """
            Names and times are as the anchors themselves have them; "daybook verify --anchors-only" \
            checks them.
            """,
        options: [Rows.formatOption],
        examples: [Example("daybook anchor list", "lists who vouched for how many events")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let anchors = try AnchorList.read(ledger)
        try Rows.print(
            [
                Column("sequence", title: "SEQUENCE", alignment: .right),
                Column("recorded", title: "RECORDED"), Column("kind", title: "KIND"),
                Column("size", title: "EVENTS", alignment: .right),
                Column("by", title: "BY", shrinking: .end),
            ],
            anchors.map { anchor in
                [
                    .unsigned(anchor.sequence), .text(anchor.recorded.short),
                    .text(anchor.kind.rawValue), .unsigned(anchor.size),
                    .text(anchor.names(origin: ledger.origin).joined(separator: " ")),
                ]
            },
            context
        )
        return .done
    }
}
