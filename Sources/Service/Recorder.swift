internal import HTTPServer
internal import Ledger
internal import POSIX
internal import Synchronization
internal import Webhooks

/// Brings verdicts into the log, and answers when they are on disk.
struct Recorder: ~Copyable, Sendable {
    private let writer: Writer
    private let budget = Mutex(RejectionBudget())
    private let dropped = Atomic<UInt64>(0)

    init(_ writer: Writer) {
        self.writer = writer
    }

    /// Requests that were refused and, beyond the budget, not recorded.
    var droppedInAll: UInt64 { dropped.load(ordering: .relaxed) }

    /// Records a verdict and answers once it is on disk.
    func disposition(_ verdict: Verdict, _ source: Source) -> Disposition {
        guard let answer = verdict.answer else {
            return .answer(.unavailable("nothing could be decided"))
        }
        guard isWithinBudget(verdict, source) else { return .answer(HTTPAnswer(answer)) }
        let writer = writer
        return .later { responder in
            submit(verdict.drafts, HTTPAnswer(answer), writer, responder)
        }
    }

    /// The same for a request that is answered later anyway.
    func record(_ verdict: Verdict, _ source: Source, _ responder: Responder) {
        guard let answer = verdict.answer, isWithinBudget(verdict, source) else {
            responder.answer(
                verdict.answer.map { HTTPAnswer($0) } ?? .unavailable("nothing could be decided")
            )
            return
        }
        submit(verdict.drafts, HTTPAnswer(answer), writer, responder)
    }

    private func isWithinBudget(_ verdict: Verdict, _ source: Source) -> Bool {
        guard verdict.isRateBounded else { return true }
        let bytes = verdict.drafts.reduce(0) { $0 + ($1.body?.record.count ?? 0) }
        return admit(source.name, bytes)
    }

    private func admit(_ source: String, _ bytes: Int) -> Bool {
        let isAdmitted = budget.withLock {
            $0.admit(source: source, bodyBytes: bytes, now: Clock.monotonicNanoseconds)
        }
        if !isAdmitted { dropped.add(1, ordering: .relaxed) }
        return isAdmitted
    }

    /// Records that somebody posted to a source that is not configured, within the budget.
    func recordUnknownSource(_ name: Substring) {
        guard admit(AdminEvent.source, 0) else { return }
        var draft = Draft(
            source: AdminEvent.source,
            id: AdminEvent.newID(),
            type: "daybook.source.unknown",
            kind: .webhook,
            outcome: .rejected
        )
        let isName = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
        draft[.reason] =
            "unknown-source: " + (isName ? "nothing is configured as \(name)" : "not a name")
        try? writer.submit([draft]) { _ in }
    }

    /// Records how many refused requests were not recorded since the last call, by source.
    func flushDropped() {
        for (source, count) in budget.withLock({ $0.takeDropped() }) {
            var draft = AdminEvent.draft(type: "daybook.rejections.dropped")
            draft[.subject] = "source:\(source)"
            draft[.reason] = "\(count) refused requests came too fast to be recorded one by one"
            try? writer.submit([draft]) { _ in }
        }
    }
}

private func submit(
    _ drafts: [Draft],
    _ answer: HTTPAnswer,
    _ writer: Writer,
    _ responder: Responder
) {
    do {
        try writer.submit(drafts) { result in
            switch result {
            case .success: responder.answer(answer)
            case .failure(let error): responder.answer(.unavailable("not recorded: \(error)"))
            }
        }
    } catch .refused(let reason) {
        responder.answer(.text(400, "cannot be recorded: \(reason)"))
    } catch {
        responder.answer(.unavailable("not recorded: \(error)"))
    }
}
