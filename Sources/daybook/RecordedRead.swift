import Arguments
import Audit
import Ledger
import POSIX
import Service
import Synchronization

/// Runs a command that shows what is in the log, and gives its answer out once the log says so.
enum RecordedRead {
    /// Options that say how an answer is given, and not what is asked.
    private static let silent: Set = [
        "ledger", "format", CommandCaller.tokenFile.name, Context.purposeOption.name,
    ]

    static func run(
        _ command: any ProgramCommand.Type,
        _ context: Context
    ) throws -> ExitStatus {
        // A purpose that cannot be recorded is refused before anything is read.
        let purpose = try context.purpose()
        if command.streams(context.invocation) {
            record(command, context, purpose, rows: nil)
            return try command.run(context)
        }
        StandardStream.holdOutput()
        let result = Result { try command.run(context) }
        if tells(result) {
            record(command, context, purpose, rows: Rows.shown.load(ordering: .relaxed))
        }
        do {
            try StandardStream.releaseOutput()
        } catch {
            // Why there is no whole answer matters more than that it cannot be written.
            _ = try result.get()
            throw error
        }
        return try result.get()
    }

    /// Whether anything of the book is shown: also that there is no such row.
    private static func tells(_ result: Result<ExitStatus, any Error>) -> Bool {
        guard StandardStream.heldBytes == 0, case .failure(let error) = result else { return true }
        return Program.status(of: error) == .foundWanting
    }

    /// Appends that it was read; where that cannot be, as in an auditor's own copy, says so and
    /// goes on.
    private static func record(
        _ command: any ProgramCommand.Type,
        _ context: Context,
        _ purpose: String?,
        rows: UInt64?
    ) {
        do {
            let ledger = try openForAppending(context)
            defer { ledger.close() }
            guard let writer = ledger.writer else { throw AppendError.stopped }
            let actor = try context.actor()
            let record = ReadRecord(
                method: command.path.joined(separator: " "),
                query: query(context.invocation),
                rows: rows,
                purpose: purpose,
                actor: actor,
                user: context.caller == nil ? nil : CommandCaller.user
            )
            _ = try writer.append([record.draft])
        } catch {
            try? StandardStream.error.write("daybook: this read is not recorded: \(error)\n")
        }
    }

    private static func query(_ invocation: Invocation) -> String {
        QueryWords.text(
            invocation.given.filter { !silent.contains($0.name) }.flatMap { name, values in
                values.map { (name, $0) }
            }
        )
    }
}
