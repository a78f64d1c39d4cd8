package import Bytes
internal import Digest
package import Ledger
package import POSIX

/// One run of a job that moves data between systems, and what came of it.
package struct SyncRun: Sendable {
    /// Bytes of each output that are kept: its end, where jobs say what went wrong.
    package static let keptBytes = 64 << 10

    private let name: String
    private let program: String
    private let started: Timestamp
    private var output = Tail(limit: keptBytes)
    private var error = Tail(limit: keptBytes)

    /// Begins a run of the sync `name` by a program.
    package init(name: String, program: String, at started: Timestamp) {
        self.name = name
        self.program = program
        self.started = started
    }

    /// Takes a piece of what the program writes.
    package mutating func take(_ stream: ChildProcess.Stream, _ bytes: Span<UInt8>) {
        switch stream {
        case .output: output.append(bytes)
        case .error: error.append(bytes)
        }
    }

    /// How the run ended.
    package enum Ending: Sendable {
        case ended(ChildProcess.Ending)
        /// The program could not be started, and why.
        case notStarted(String)
    }

    /// What the program said in the last line of its output.
    package var counts: SyncCounts { SyncCounts(lastLineOf: output.bytes.span) }

    /// Why the run counts as failed; `nil` if it does not.
    package func failure(_ ending: Ending) -> String? {
        switch ending {
        case .notStarted(let reason): "not started: \(reason)"
        case .ended(.timedOut): "it ran too long and was stopped"
        case .ended(.killed(let signal)): "it was ended by signal \(signal)"
        case .ended(.exited(0)): counts.mismatch
        case .ended(.exited(let status)): "exit status \(status)"
        }
    }

    /// The event of the run, `sync.completed` or `sync.failed`.
    ///
    /// The body has the end of both outputs unless `keepsOutput` is false: its meta says how long
    /// each is, and how much there was.
    package func draft(
        _ ending: Ending,
        milliseconds: UInt64,
        keepsOutput: Bool
    ) -> Draft {
        let failure = failure(ending)
        var draft = Draft(
            source: name,
            id: AdminEvent.newID(),
            type: failure == nil ? "sync.completed" : "sync.failed",
            kind: .sync,
            outcome: failure == nil ? .succeeded : .failed
        )
        let counts = counts
        draft[.sync] = name
        draft[.subject] = "sync:\(name)"
        draft[.time] = started.short
        draft[.reason] = failure
        draft.set(.durationms, to: milliseconds)
        if let records = counts.records { draft.set(.records, to: records) }
        if let errors = counts.errors { draft.set(.errors, to: errors) }
        draft.body = body(ending, counts, keepsOutput)
        return draft
    }

    private func body(_ ending: Ending, _ counts: SyncCounts, _ keepsOutput: Bool) -> Body {
        let kept = keepsOutput ? (Array(output.end), Array(error.end)) : ([], [])
        var meta = CanonicalObject()
        meta.add("destination_count", counts.destinationCount)
        if case .ended(.exited(let status)) = ending { meta.add("exit", UInt64(status)) }
        meta.add("lengths", [UInt64(kept.0.count), UInt64(kept.1.count)])
        meta.add("program", program)
        meta.add("source_count", counts.sourceCount)
        meta.add("written", [output.written, error.written])
        var whole = CanonicalObject()
        whole.add("sync", meta)
        var salts = SaltSource()
        let salt = salts.next()
        let bytes = whole.bytes
        let content = kept.0 + kept.1
        return Body(salt: salt.span, meta: bytes.span, content: content.span)
    }
}

/// The end of what a program writes.
private struct Tail: Sendable {
    let limit: Int
    private(set) var bytes: [UInt8] = []
    /// All that was written.
    private(set) var written: UInt64 = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ piece: Span<UInt8>) {
        written += UInt64(piece.count)
        bytes.append(span: piece)
        // Cut seldom, so that a long output is not copied again with each piece.
        if bytes.count > 2 * limit { bytes.removeFirst(bytes.count - limit) }
    }

    /// What is kept once all is written.
    var end: ArraySlice<UInt8> { bytes.suffix(limit) }
}
