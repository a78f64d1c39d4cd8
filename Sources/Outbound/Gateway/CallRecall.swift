package import Bytes
package import Ledger

/// What the log says of the calls of earlier processes: which of them have no outcome, and when
/// those of the last window were sent.
package struct CallRecall: Sendable {
    private struct Open: Sendable {
        let sequence: UInt64
        let service: String
        let texts: [(attribute: Attribute, text: String)]
        let attempt: UInt64?
    }

    private let horizons: [String: Timestamp]
    private var open: [UInt64: Open] = [:]
    private var calls: [String: [Timestamp]] = [:]

    /// Begins; by service, what was sent before its horizon counts for no limit any more.
    package init(since horizons: [String: Timestamp]) {
        self.horizons = horizons
    }

    /// The first event that may still matter, if nothing came after `sequence`.
    package func lowWater(_ sequence: UInt64) -> UInt64 { open.keys.min() ?? sequence }

    /// Takes the next line of the log.
    package mutating func take(_ line: borrowing Line, _ sequence: UInt64) {
        guard let kind = line.raw(.kind) else { return }
        if kind.equals(ascii: "call") {
            if let cause = line.integer(.causationid) { open[cause] = nil }
            count(line)
        } else if kind.equals(ascii: "admin"),
            line.text(.type) == CallRecord.intentType,
            let service = line.text(.service)
        {
            var texts: [(attribute: Attribute, text: String)] = []
            for attribute in Self.copied {
                if let text = line.text(attribute) { texts.append((attribute, text)) }
            }
            open[sequence] = Open(
                sequence: sequence,
                service: service,
                texts: texts,
                attempt: line.integer(.attempt)
            )
        }
    }

    /// By service, when calls ended, after which they had certainly arrived; those without an
    /// outcome count, too.
    func arrivals(at now: Timestamp) -> [String: [Timestamp]] {
        var arrivals = calls
        for open in open.values {
            let time = open.texts.first { $0.attribute == .time }?.text
            guard let horizon = horizons[open.service],
                let sent = time.flatMap({ Timestamp(rfc3339: $0) }), sent >= horizon
            else { continue }
            // Nobody knows when it ended.
            arrivals[open.service, default: []].append(now)
        }
        return arrivals.mapValues { $0.sorted() }
    }

    /// What an outcome takes over of its intent.
    private static let copied: [Attribute] = [
        .service, .subject, .method, .path, .time, .correlationid, .traceparent, .authtype, .authid,
    ]

    private mutating func count(_ line: borrowing Line) {
        guard let service = line.text(.service), line.text(.type) == CallRecord.callType,
            // What programs report by themselves counts as little after a start as before.
            line.raw(.causationid) != nil, let horizon = horizons[service],
            let ended = Self.end(of: line), ended.adding(Limiter.arrivalGrace) >= horizon
        else { return }
        calls[service, default: []].append(ended)
    }

    /// When a call was over; `nil` if it never left.
    private static func end(of line: borrowing Line) -> Timestamp? {
        if line.raw(.status) == nil, let reason = line.text(.reason) {
            let unsent = [CallProblem.Word.unreachable, .forbiddenAddress, .stopping]
            if unsent.contains(where: { reason.hasPrefix("\($0.rawValue): ") }) { return nil }
        }
        // Of one whose outcome is unknown nobody knows when it ended.
        guard let milliseconds = line.integer(.durationms),
            let sent = line.text(.time).flatMap({ Timestamp(rfc3339: $0) })
        else { return line.recordedTime }
        return sent.adding(.milliseconds(Int64(min(milliseconds, 86_400_000)) + 1))
    }

    /// The outcomes of the intents that have none: nobody knows what came of them.
    func closings() -> [Draft] {
        open.values.sorted { $0.sequence < $1.sequence }.map { open in
            var draft = Draft(
                source: open.service,
                id: AdminEvent.newID(),
                type: CallRecord.callType,
                kind: .call,
                outcome: .failed
            )
            for (attribute, text) in open.texts { draft[attribute] = text }
            if let attempt = open.attempt { draft.set(.attempt, to: attempt) }
            draft[.causationid] = Decimal.padded(open.sequence, digits: Decimal.sequenceDigits)
            draft[.reason] = "outcome unknown: daybook ended before the answer was recorded"
            return draft
        }
    }
}
