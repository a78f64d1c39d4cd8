internal import LMDB
internal import POSIX

/// The ledger's single writer: a thread that takes whatever waits, commits it in one transaction
/// and then answers every caller.
///
/// Callers hash bodies and check signatures before they submit. The queue is bounded: a full one
/// is an error at once, never a wait.
package final class Writer: Sendable {
    /// What a caller is told: one receipt for each draft of its group, or why there is none.
    package typealias Completion = @Sendable (Result<[Receipt], AppendError>) -> Void

    /// How the writer stands, for health reports.
    package struct Status: Sendable {
        /// Groups that wait.
        package var queued = 0
        /// Events committed by this writer.
        package var committed: UInt64 = 0
        /// Transactions committed by this writer.
        package var commits: UInt64 = 0
        /// Why the last transaction failed; `nil` when it did not.
        package var failure: AppendError?
    }

    private struct Submission {
        let drafts: [PreparedDraft]
        let byteCount: Int
        let completion: Completion
    }

    private struct Queue {
        var waiting: [Submission] = []
        var byteCount = 0
        var isStopping = false
        var thread: BackgroundThread?
        /// After a failure that leaves the disk's state unknown nothing more is written.
        var poison: AppendError?
        var status = Status()
    }

    private let queue = Monitor(Queue())
    private let headFile: HeadFile
    private let folder: String
    private let actor: Actor?

    init(
        _ committer: Committer,
        headFile: HeadFile,
        folder: String,
        actor: Actor?
    ) throws(LedgerError) {
        self.headFile = headFile
        self.folder = folder
        self.actor = actor
        do throws(SystemError) {
            // The thread ends when `stop` is called, which whoever owns the writer must do.
            let thread = try BackgroundThread("writer") { [self] in run(committer) }
            queue.withLock { $0.thread = thread }
        } catch {
            throw .system(error)
        }
    }

    /// Hands a group of drafts to the writer; all of them go into the log in one commit.
    ///
    /// `completion` runs on the writer's thread after the commit is on disk: it must be quick.
    /// - Throws: `AppendError` when the group cannot be taken; `completion` is not called then.
    package func submit(
        _ drafts: [Draft],
        completion: @escaping Completion
    ) throws(AppendError) {
        guard !drafts.isEmpty else {
            completion(.success([]))
            return
        }
        var prepared: [PreparedDraft] = []
        prepared.reserveCapacity(drafts.count)
        var byteCount = 0
        for draft in drafts {
            let one = try PreparedDraft(signed(draft))
            byteCount += one.byteCount
            prepared.append(one)
        }
        let submission = Submission(drafts: prepared, byteCount: byteCount, completion: completion)
        try queue.withLock { queue throws(AppendError) in
            if let poison = queue.poison { throw poison }
            if queue.isStopping { throw .stopped }
            guard queue.waiting.count < Limits.queueGroups,
                queue.byteCount + byteCount <= Limits.queueBytes
            else { throw .queueFull }
            queue.waiting.append(submission)
            queue.byteCount += byteCount
        }
        queue.broadcast()
    }

    /// The draft with who appends it, unless it says who did.
    private func signed(_ draft: Draft) -> Draft {
        guard let actor, draft[.authtype] == nil else { return draft }
        var draft = draft
        draft.sign(by: actor)
        return draft
    }

    /// Appends a group of drafts and waits until it is on disk.
    package func append(_ drafts: [Draft]) throws(AppendError) -> [Receipt] {
        let answer = Monitor<Result<[Receipt], AppendError>?>(nil)
        try submit(drafts) { result in
            answer.withLock { $0 = result }
            answer.broadcast()
        }
        let result = answer.wait(until: { $0 != nil }) { $0 }
        guard let result else { throw .stopped }
        return try result.get()
    }

    /// How the writer stands.
    package var status: Status {
        queue.withLock { queue in
            var status = queue.status
            status.queued = queue.waiting.count
            return status
        }
    }

    /// Writes what waits, stores the head file and ends the thread.
    ///
    /// Later submissions are refused.
    package func stop() {
        queue.withLock { $0.isStopping = true }
        queue.broadcast()
        queue.withLock { $0.thread }?.join()
    }

    // MARK: - The writer's thread

    private func run(_ committer: Committer) {
        var committer = committer
        var lastNote: (size: UInt64, note: [UInt8])?
        var headStored: UInt64 = 0
        while true {
            let submissions = take(waitingForHead: lastNote != nil)
            if let submissions, !submissions.isEmpty {
                if let result = commit(submissions, &committer) {
                    lastNote = (result.head.size, result.note)
                }
            }
            let now = Clock.monotonicNanoseconds
            let isDue = now - headStored >= Limits.headFileSeconds * 1_000_000_000
            if let head = lastNote, isDue || submissions == nil {
                headFile.raise(to: head.note, size: head.size)
                headStored = now
                lastNote = nil
            }
            if submissions == nil { break }
        }
    }

    /// The next submissions; empty when only time has passed; `nil` when it is time to end.
    private func take(waitingForHead: Bool) -> [Submission]? {
        queue.wait(
            until: { !$0.waiting.isEmpty || $0.isStopping },
            milliseconds: waitingForHead ? Int(Limits.headFileSeconds) * 1000 : nil
        ) { queue in
            if queue.waiting.isEmpty { return queue.isStopping ? nil : [] }
            var events = 0
            var bytes = 0
            var count = 0
            for submission in queue.waiting {
                if count > 0 {
                    guard events + submission.drafts.count <= Limits.commitEvents,
                        bytes + submission.byteCount <= Limits.commitBytes
                    else { break }
                }
                events += submission.drafts.count
                bytes += submission.byteCount
                count += 1
                // What follows a change of key is signed by the next one.
                if submission.drafts.last?.draft.nextKey != nil { break }
            }
            let taken = Array(queue.waiting[..<count])
            queue.waiting.removeFirst(count)
            queue.byteCount -= bytes
            return taken
        }
    }

    private func commit(
        _ submissions: [Submission],
        _ committer: inout Committer
    ) -> CommitResult? {
        if let poison = queue.withLock({ $0.poison }) {
            for submission in submissions { submission.completion(.failure(poison)) }
            return nil
        }
        let batch = Batch(groups: submissions.map(\.drafts))
        do {
            let result = try committer.commit(batch)
            queue.withLock {
                $0.status.commits += 1
                $0.status.committed += UInt64(result.receipts.reduce(0) { $0 + $1.count })
                $0.status.failure = nil
            }
            for (submission, receipts) in zip(submissions, result.receipts) {
                submission.completion(.success(receipts))
            }
            return result
        } catch {
            let failure = describe(error)
            queue.withLock {
                $0.status.failure = failure
                if failure != .diskFull { $0.poison = failure }
            }
            for submission in submissions { submission.completion(.failure(failure)) }
            return nil
        }
    }

    /// A full disk passes: LMDB has written nothing that counts.
    ///
    /// Any other failure leaves open
    /// what the disk holds, so the writer refuses all until the ledger is opened anew.
    private func describe(_ error: any Error) -> AppendError {
        if let error = error as? LMDBError {
            if error.isNoSpace { return .diskFull }
            let free = Files.freeSpace(folder) ?? .max
            if error.isIO, free < Limits.diskReserve { return .diskFull }
        }
        return .failed("the log cannot be written: \(error); restart once it can")
    }
}
