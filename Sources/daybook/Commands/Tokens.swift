import Arguments
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook tokens create`.
enum TokensCreateCommand: ProgramCommand {
    static let path = ["tokens", "create"]
    static let command = Command(
        "create",
        "makes a token and prints it, once",
        discussion: """
            The token alone goes to standard output. Only its SHA-256 is kept, so it cannot be shown \
            again. A gateway's token calls out and reports calls, a writer's appends events \
            and reports calls and syncs, a reader's asks questions, an admin's does all of it. A \
            name is used once: the log names by it who did what.
            """,
        options: [
            Option(
                "role",
                "what it is good for",
                value: "ROLE",
                kind: .choice(TokenRole.allCases.map(\.rawValue)),
                isRequired: true
            ),
            Option(
                "expires",
                "how long it is good, such as 90d",
                value: "DURATION",
                default: "until it is revoked"
            ),
        ],
        operands: [Operand("NAME", "the token's name in the log")],
        examples: [
            Example(
                "daybook tokens create web-shop --role gateway --expires 90d",
                "lets the shop call out for 90 days"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = try context.tokenName()
        let now = Timestamp(microseconds: Clock.microseconds)
        guard let role = context.invocation.string("role").flatMap({ TokenRole(rawValue: $0) })
        else { throw UsageProblem("--role is missing, expected one of \(TokenRole.list)") }
        let expires: Timestamp?
        do {
            expires = try context.invocation.string("expires").map {
                try TokenRegister.expiry($0, from: now)
            }
        } catch {
            throw UsageProblem("--expires: \(error)")
        }
        let register = TokenRegister(ledger: context.ledgerPath)
        let (token, sequence) = try register.create(
            name: name,
            role: role,
            expires: expires,
            at: now
        )
        try StandardStream.output.write("\(token.revealed)\n")
        try? StandardStream.error.write(
            "daybook: token \(name), role \(role.rawValue), "
                + "\(expires.map { "good until \($0.short)" } ?? "good until it is revoked"); "
                + "recorded as event \(sequence); it is not shown again\n"
        )
        return .done
    }
}

/// The command `daybook tokens list`.
enum TokensListCommand: ProgramCommand {
    static let path = ["tokens", "list"]
    static let command = Command(
        "list",
        "lists the tokens, oldest first, without what is secret of them",
        options: [Rows.formatOption],
        examples: [Example("daybook tokens list", "shows who may do what, and until when")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let now = Timestamp(microseconds: Clock.microseconds)
        let records = try TokenRegister(ledger: context.ledgerPath).list()
        try Rows.print(
            [
                Column("name", title: "NAME"), Column("role", title: "ROLE"),
                Column("created", title: "CREATED"), Column("expires", title: "EXPIRES"),
                Column("state", title: "STATE"),
            ],
            records.map { record in
                [
                    .text(record.name), .text(record.role.rawValue), .text(record.created.short),
                    record.expires.map { .text($0.short) } ?? .absent,
                    .text(record.state(at: now).rawValue),
                ]
            },
            context
        )
        return .done
    }
}

/// The command `daybook tokens revoke`.
enum TokensRevokeCommand: ProgramCommand {
    static let path = ["tokens", "revoke"]
    static let command = Command(
        "revoke",
        "makes a token useless, for running servers within a second",
        options: [Rows.formatOption],
        operands: [Operand("NAME", "the token's name")],
        examples: [Example("daybook tokens revoke web-shop", "lets the shop do nothing any more")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = try context.tokenName()
        let sequence = try TokenRegister(ledger: context.ledgerPath).revoke(
            name: name,
            at: Timestamp(microseconds: Clock.microseconds)
        )
        try Rows.printRecord(
            [
                ("name", .text(name)), ("state", .text("revoked")),
                ("sequence", .unsigned(sequence)),
            ],
            context
        )
        return .done
    }
}

extension Context {
    /// The operand `NAME`, which must be one that a token may have.
    fileprivate func tokenName() throws -> String {
        let name = invocation.string("NAME") ?? ""
        guard SourceName.isValid(name) else {
            // What stands there may be a token by mistake, so it is not shown.
            throw UsageProblem("a token's name is \(SourceName.rule)")
        }
        return name
    }
}
