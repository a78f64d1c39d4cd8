internal import Bytes
package import Ledger
internal import Outbound
internal import POSIX

/// Runs a job and records what came of it (`daybook sync`).
///
/// Signals that ask to stop are the job's while one of these exists.
package final class SyncRunner {
    /// What came of a run.
    package struct Outcome: Sendable {
        /// The event's sequence.
        package let sequence: UInt64
        /// Why the run failed; `nil` if it did not.
        package let failure: String?
        /// From start to end.
        package let milliseconds: UInt64
        package let records: UInt64?
        package let errors: UInt64?
    }

    private let ledger: AppendingLedger
    private var signals: StopSignals

    /// Opens the ledger for appending, so that no job runs whose result could not be recorded.
    package init(ledger path: String, actor: Actor? = nil) throws {
        // Before any thread begins: each of them could otherwise be ended by a signal.
        signals = StopSignals()
        ledger = try AppendingLedger(path: path, actor: actor)
    }

    /// Ends the writer after what waits is written.
    package func close() { ledger.close() }

    /// Runs a program under the name of a sync; its outputs go on to this program's own.
    ///
    /// It may run for `milliseconds`, or as long as it likes if that is `nil`; the end of its outputs
    /// is recorded if `keepsOutput`.
    package func run(
        _ name: String,
        _ words: [String],
        milliseconds: UInt64?,
        keepsOutput: Bool
    ) throws -> Outcome {
        let started = Clock.monotonicNanoseconds
        let program = words.first?.split(separator: "/").last.map { String($0) } ?? ""
        var run = SyncRun(
            name: name,
            program: program,
            at: Timestamp(microseconds: Clock.microseconds)
        )
        let ending: SyncRun.Ending
        do {
            let ended = try ChildProcess.run(
                words,
                milliseconds: milliseconds,
                signals: &signals
            ) { stream, bytes in
                run.take(stream, bytes)
                // Whoever listens may go away; the job is recorded all the same.
                try? (stream == .output ? StandardStream.output : .error).write(bytes)
            }
            ending = .ended(ended)
        } catch {
            ending = .notStarted("\(error)")
        }
        let elapsed = (Clock.monotonicNanoseconds - started) / 1_000_000
        let draft = run.draft(ending, milliseconds: elapsed, keepsOutput: keepsOutput)
        let receipt = try ledger.writer.append([draft])[0]
        return Outcome(
            sequence: receipt.sequence,
            failure: run.failure(ending),
            milliseconds: elapsed,
            records: run.counts.records,
            errors: run.counts.errors
        )
    }
}
