import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Service

/// Who runs a command: the token in `DAYBOOK_TOKEN` or `--token-file`, else the user of the machine.
enum CommandCaller {
    /// Bytes of a file with a token: one line.
    private static let fileBytes = 1024

    /// Whose token is shown; `nil` if none is.
    ///
    /// - Throws: `AuditProblem.refused` for one that is not good; never what was shown.
    static func resolve(_ context: Context) throws -> Caller? {
        guard let (text, place) = try shown(context) else { return nil }
        guard Files.exists("\(context.ledgerPath)/log/data.mdb") else {
            throw LedgerError.missing(path: context.ledgerPath)
        }
        let tokens = Tokens(ledger: context.ledgerPath)
        let now = Timestamp(microseconds: Clock.microseconds)
        if let caller = tokens.caller(presenting: text.utf8Span.span, at: now) { return caller }
        if let problem = tokens.problem(at: now) {
            throw AuditProblem.refused("the tokens cannot be read: \(problem)")
        }
        throw AuditProblem.refused(
            "the token in \(place) is not a good one: unknown, expired or revoked"
        )
    }

    private static func shown(_ context: Context) throws -> (text: String, place: String)? {
        if let file = context.invocation.string(tokenFile.name) {
            let bytes = try Files.read(file, limit: fileBytes)
            let text = String(decoding: bytes, as: UTF8.self)
            return (String(text.prefix { !$0.isWhitespace }), "the token file")
        }
        guard let text = Process.environment("DAYBOOK_TOKEN"), !text.isEmpty else { return nil }
        return (text, "DAYBOOK_TOKEN")
    }

    /// The option by which a token is shown without standing in the environment.
    static let tokenFile = Option(
        "token-file",
        "a file with the token that says who runs the command",
        value: "FILE",
        kind: .file,
        default: "the token in $DAYBOOK_TOKEN, else the user"
    )

    /// The user of the machine, with who became it by sudo in brackets.
    ///
    /// What stands in brackets is what sudo told, and could be set by the user itself.
    static var user: String {
        guard let other = Process.environment("SUDO_USER"),
            (1...64).contains(other.utf8.count),
            other.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), other != Process.userName
        else { return Process.userName }
        return "\(Process.userName) (\(other))"
    }
}

extension Context {
    /// Who runs the command.
    func actor() throws -> Actor {
        guard let caller else { return .user(CommandCaller.user) }
        return Actor(authType: Caller.authType, name: caller.name, role: caller.role.rawValue)
    }

    /// Refuses a token that is not good for an act; a user of the machine may whatever files allow.
    func require(_ act: Act) throws {
        guard let caller, !caller.role.may(act) else { return }
        throw AuditProblem.refused(
            "the token \(caller.name) has the role \(caller.role.rawValue), which is not good "
                + "\(act.rawValue); expected \(act.roles)"
        )
    }

    /// Which events may be seen; `nil` for all.
    ///
    /// - Throws: `AuditProblem.refused` if the token's scope names none.
    func eventScope() throws -> EventScope? {
        guard let scope = caller?.scope else { return nil }
        guard let events = scope.events else { throw outOfScope("events") }
        return events
    }

    /// Refuses a projection that is outside the token's scope.
    func requireProjection(_ name: String) throws {
        guard caller?.scope?.permits(projection: name) ?? true else {
            throw outOfScope("rows of \(name)")
        }
    }

    /// Why something outside the token's scope is refused.
    func outOfScope(_ what: String) -> AuditProblem {
        .refused(
            "the token \(caller?.name ?? "") reaches \(caller?.scope?.text ?? ""), and not \(what)"
        )
    }

    /// What the command is run for: `--purpose`, or `DAYBOOK_PURPOSE`.
    func purpose() throws -> String? {
        let given = invocation.string(Self.purposeOption.name)
        guard let text = given ?? Process.environment("DAYBOOK_PURPOSE"), !text.isEmpty else {
            return nil
        }
        guard text.utf8.count <= ReadRecord.purposeBytes else {
            throw UsageProblem("the purpose is longer than \(ReadRecord.purposeBytes) bytes")
        }
        return text
    }

    /// The option by which a reader says why.
    static let purposeOption = Option(
        "purpose",
        "what it is asked for, which the log tells",
        value: "TEXT",
        default: "$DAYBOOK_PURPOSE"
    )
}
