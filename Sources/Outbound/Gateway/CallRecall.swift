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

    private let horizon: Timestamp
    private var open: [UInt64: Open] = [:]
    private var calls: [String: [Timestamp]] = [:]

    /// Begins; calls that were sent before `horizon` count for no limit any more.
    package init(since horizon: Timestamp) {
        self.horizon = horizon
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
            line.raw(.type)?.equals(ascii: "daybook.call.intent") == true,
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
            guard let sent = time.flatMap({ Timestamp(rfc3339: $0) }), sent >= horizon else {
                continue
            }
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
        guard let service = line.text(.service), line.raw(.type)?.equals(ascii: "api.call") == true,
            let sent = line.text(.time).flatMap({ Timestamp(rfc3339: $0) }), sent >= horizon
        else { return }
        let milliseconds = Int64(min(line.integer(.durationms) ?? 0, 86_400_000))
        let ended = Timestamp(microseconds: sent.microseconds + (milliseconds + 1) * 1000)
        calls[service, default: []].append(ended)
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
