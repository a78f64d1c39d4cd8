internal import Bytes
internal import Ledger

/// An attempt that has been sent, as its event needs it.
struct DeliveryFlight: Sendable {
    let attempt: DeliveryAttempt
    let rule: DeliveryRule
    let sent: Timestamp
    /// Of the event that is delivered.
    let subject: String?
    let correlation: String?
    /// Of the message; both are absent if none could be made.
    var headers: [(name: String, value: String)] = []
    var bodyBytes = 0

    /// The event of the attempt.
    func draft(_ result: DeliveryResult) -> Draft {
        var draft = plainDraft(result)
        draft[.subject] = subject
        draft[.correlationid] = correlation
        if let status = result.status { draft.body = body(result, status) }
        return draft
    }

    /// The same without what others have written.
    func plainDraft(_ result: DeliveryResult) -> Draft {
        var draft = Draft(
            source: rule.name,
            id: AdminEvent.newID(),
            type: DeliveryEvent.attemptType,
            kind: .delivery,
            outcome: result.isSuccess ? .succeeded : .failed
        )
        draft[.service] = rule.name
        draft[.method] = "POST"
        draft[.path] = path
        draft[.time] = sent.short
        draft[.causationid] = Decimal.padded(
            attempt.sequence,
            digits: Decimal.sequenceDigits
        )
        draft.set(.attempt, to: UInt64(attempt.number))
        draft.set(.durationms, to: result.milliseconds)
        if let status = result.status { draft.set(.status, to: UInt64(max(0, status))) }
        if let problem = result.problem {
            draft[.reason] = String(problem.prefix(DeliveryLimits.reasonCharacters))
        }
        return draft
    }

    /// The URL's path, without its query.
    private var path: String {
        let rest = rule.terms.to.split(
            separator: "/",
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard rest.count == 3, let slash = rest[2].firstIndex(of: "/") else { return "/" }
        return String(rest[2][slash...])
    }

    /// What was answered, in the form of a call's body; of the request only what tells it.
    private func body(_ result: DeliveryResult, _ status: Int) -> Body {
        var meta = CanonicalObject()
        let content = Array(result.body.prefix(DeliveryLimits.answerBytes))
        if bodyBytes > 0 {
            var cut = CanonicalObject()
            cut.add("request", UInt64(bodyBytes))
            meta.add("cut", cut)
        }
        meta.add("lengths", [0, UInt64(content.count)])
        var response: [(name: String, value: String)] = []
        for header in result.headers {
            let name = header.name.asciiLowercased
            guard Self.keptOfAnswer.contains(name),
                header.value.utf8.count <= DeliveryLimits.answerHeaderBytes
            else { continue }
            response.append((name, header.value))
        }
        var sent = CanonicalObject()
        sent.add("headers", headers.filter { Self.keptOfRequest.contains($0.name) })
        sent.add("method", "POST")
        sent.add("target", path)
        meta.add("request", sent)
        var answered = CanonicalObject()
        answered.add("headers", response)
        answered.add("status", UInt64(max(0, status)))
        meta.add("response", answered)
        return DeliveryEvent.body(meta.bytes, content)
    }

    /// The event says the rest, and a signature is of no use to anyone later.
    private static let keptOfRequest = ["webhook-id", "webhook-timestamp"]
    /// What helps to find out what went wrong, and cannot be a secret.
    private static let keptOfAnswer = [
        "content-type", "date", "retry-after", "server", "x-request-id",
    ]
}
