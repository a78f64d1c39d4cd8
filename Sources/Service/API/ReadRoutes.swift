internal import Audit
internal import Bytes
package import HTTPServer
package import Ledger
package import POSIX
package import Projections
internal import Synchronization

/// `GET /v1/events`, `/v1/state` and `/v1/proof`: what the book says, by tokens; each answer is
/// given only once the log says that it was asked for.
package final class ReadRoutes: Sendable {
    private let writer: Writer
    private let admittance: Admittance
    private let answers: ReadAnswers
    private let recordsReads: Bool
    private let queue: QuestionQueue
    private let refused = Atomic<UInt64>(0)

    /// Takes what is read; whoever makes these must stop them before the ledger is closed.
    package init(
        ledger: Ledger,
        writer: Writer,
        views: Views,
        tokens: Tokens,
        recordsReads: Bool
    ) throws(SystemError) {
        self.writer = writer
        admittance = Admittance(tokens: tokens)
        answers = ReadAnswers(ledger: ledger, views: views)
        self.recordsReads = recordsReads
        queue = try QuestionQueue()
    }

    /// Answers what was asked, and takes no more questions.
    package func stop() { queue.stop() }

    /// Requests that showed no good token, or one that was not good for them.
    package var refusedCallers: UInt64 { refused.load(ordering: .relaxed) }

    /// Whether a request is one to read.
    package static func takes(_ request: HTTPRequest) -> Bool { ReadQuestion.isOne(request) }

    /// Decides by the head whether a request may go on.
    package func admit(_ request: HTTPRequest) -> Admission {
        do throws(APIProblem) {
            _ = try question(request)
            return .body(limit: 0)
        } catch {
            if error.status == 401 || error.status == 403 { refused.add(1, ordering: .relaxed) }
            return .refuse(error.answer)
        }
    }

    /// Answers a request, once the read is on record.
    package func handle(_ request: HTTPRequest) -> Disposition {
        do throws(APIProblem) {
            let (question, caller) = try question(request)
            let purpose = try Self.purpose(request)
            return .later { [self] responder in
                let isTaken = queue.submit { [self] in
                    answer(question, caller, purpose, responder)
                }
                guard !isTaken else { return }
                let problem = APIProblem.unavailable("busy", "too many questions wait; come back")
                responder.answer(problem.answer)
            }
        } catch {
            return .answer(error.answer)
        }
    }

    /// Who asks is known before anything is said of what is asked.
    private func question(
        _ request: HTTPRequest
    ) throws(APIProblem) -> (ReadQuestion, Caller) {
        // Every role that may ask anything may do this; nothing of others' questions is looked at.
        _ = try admittance.caller(of: request, to: .prove)
        let now = Timestamp(microseconds: Clock.microseconds)
        let question = try ReadQuestion(path: request.path, query: request.query, at: now)
        return (question, try admittance.caller(of: request, to: question.act))
    }

    private static func purpose(_ request: HTTPRequest) throws(APIProblem) -> String? {
        guard let text = request.header("daybook-purpose"), !text.isEmpty else { return nil }
        guard text.utf8.count <= ReadRecord.purposeBytes else {
            throw .malformed("Daybook-Purpose is longer than \(ReadRecord.purposeBytes) bytes")
        }
        return text
    }

    private func answer(
        _ question: ReadQuestion,
        _ caller: Caller,
        _ purpose: String?,
        _ responder: Responder
    ) {
        let reply: ReadAnswers.Reply
        do throws(APIProblem) {
            reply = try answers.reply(to: question, of: caller)
        } catch {
            responder.answer(error.answer)
            return
        }
        guard recordsReads else {
            responder.answer(reply.answer)
            return
        }
        let record = ReadRecord(
            method: question.method,
            query: QueryWords.text(question.words),
            rows: reply.rows,
            purpose: purpose,
            actor: Actor(
                authType: Caller.authType,
                name: caller.name,
                role: caller.role.rawValue
            )
        )
        do throws(AppendError) {
            try writer.submit([record.draft]) { result in
                switch result {
                case .success: responder.answer(reply.answer)
                case .failure(let error): responder.answer(Self.unrecorded(error).answer)
                }
            }
        } catch {
            responder.answer(Self.unrecorded(error).answer)
        }
    }

    private static func unrecorded(_ error: AppendError) -> APIProblem {
        .unavailable("not-recorded", "that this was asked cannot be recorded: \(error)")
    }
}
