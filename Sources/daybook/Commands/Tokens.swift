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
            again. A name is used once: the log names by it who did what. At the command line a \
            token is shown by DAYBOOK_TOKEN or --token-file, over HTTP as Authorization: Bearer.

            A scope narrows what it reaches: values of one attribute are alternatives, several \
            attributes must all fit. Rows are reached by projection=NAME alone, for they are made of \
            events of every source; commands that cannot keep to a scope refuse such a token.
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
                "scope",
                "what it reaches: source, subject, type, kind, projection",
                value: "NAME=GLOB",
                repeats: true,
                default: "everything"
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
            ),
            Example(
                "daybook tokens create kpmg --role auditor --expires 30d",
                "lets an auditor read everything"
            ),
            Example(
                "daybook tokens create till --role ingest --scope source=till",
                "lets tills append what tills say"
            ),
        ],
        notes: [
            Note(
                "Roles",
                [
                    "ingest": "appends events, reports calls and syncs",
                    "gateway": "calls out, reports calls",
                    "reader": "state, explain, diff; verify and prove",
                    "auditor": "as a reader; log, show, reports, changes, access-log, sod, close",
                    "operator": "as a reader; log without bodies; deliveries, projections, anchor",
                    "admin": "all of it",
                ]
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
        let parts = context.invocation.all("scope")
        let scope: TokenScope?
        do {
            scope = parts.isEmpty ? nil : try TokenScope(parts)
        } catch {
            throw UsageProblem("--scope: \(error)")
        }
        if scope != nil, !role.canBeScoped {
            throw UsageProblem(
                "--scope: what the role \(role.rawValue) does is done to the whole book"
            )
        }
        let register = TokenRegister(ledger: context.ledgerPath, actor: try context.actor())
        let (token, sequence) = try register.create(
            name: name,
            role: role,
            scope: scope,
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
                Column("scope", title: "SCOPE"),
                Column("created", title: "CREATED"), Column("expires", title: "EXPIRES"),
                Column("state", title: "STATE"),
            ],
            records.map { record in
                [
                    .text(record.name), .text(record.role.rawValue),
                    record.scope.map { .text($0.text) } ?? .absent, .text(record.created.short),
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
        let sequence = try TokenRegister(
            ledger: context.ledgerPath,
            actor: try context.actor()
        ).revoke(
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
