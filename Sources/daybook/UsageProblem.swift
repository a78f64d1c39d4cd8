import Arguments
import Bytes
import Ledger
import POSIX
import Service

/// A command line that its own table cannot refuse, but the command must.
struct UsageProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Context {
    /// The moment that an option names.
    func moment(_ option: String) throws -> Timestamp? {
        guard let text = invocation.string(option) else { return nil }
        let now = Timestamp(microseconds: Clock.microseconds)
        guard let moment = Moment.parse(text, now: now) else {
            throw UsageProblem("--\(option) \"\(text)\" is no moment; expected \(Moment.expected)")
        }
        return moment
    }
}

/// Opens the ledger with a writer, for who runs the command; see `Ledger.openForAppending`.
func openForAppending(_ context: Context) throws -> Ledger {
    try Ledger.openForAppending(context.ledgerPath, actor: context.actor())
}
