package import Bytes
package import Ledger
package import Projections

/// An event on a timeline: what its line says, and what it changed in rows.
package struct TimelineEvent: Sendable {
    package let sequence: UInt64
    /// When it was recorded.
    package let recorded: Timestamp
    /// When it occurred, by the word of who sent it.
    package let occurred: Timestamp?
    package let kind: Kind
    package let source: String
    package let type: String
    package let id: String
    package let subject: String?
    package let outcome: Outcome
    package let service: String?
    package let method: String?
    package let path: String?
    package let status: UInt64?
    package let attempt: UInt64?
    /// How long it took.
    package let milliseconds: UInt64?
    package let reason: String?
    package let actor: String?
    package let correlation: String?
    /// The event that caused it.
    package let cause: UInt64?
    /// What it changed in rows; empty where nobody asked.
    package var effects: [ProjectionEffect] = []

    /// Takes what a line says.
    package init(_ sequence: UInt64, _ line: borrowing Line) {
        self.sequence = sequence
        recorded = line.recordedTime ?? .min
        occurred = line.text(.time).flatMap { Timestamp(rfc3339: $0) }
        kind = line.text(.kind).flatMap { Kind(rawValue: $0) } ?? .fact
        source = line.text(.source) ?? ""
        type = line.text(.type) ?? ""
        id = line.text(.id) ?? ""
        subject = line.text(.subject)
        outcome = line.outcome ?? .rejected
        service = line.text(.service)
        method = line.text(.method)
        path = line.text(.path)
        status = line.integer(.status)
        attempt = line.integer(.attempt)
        milliseconds = line.integer(.durationms)
        reason = line.text(.reason)
        actor = line.text(.authid)
        correlation = line.text(.correlationid)
        cause = line.integer(.causationid)
    }

    /// How much later than it occurred it was recorded, in microseconds; `nil` if nobody says.
    ///
    /// Negative where the sender's clock was ahead.
    package var delay: Int64? { occurred.map { recorded.microseconds - $0.microseconds } }

    /// Whether it says that something went wrong: refused, failed, or another body under a known id.
    package var isFailure: Bool {
        switch outcome {
        case .failed, .rejected, .conflict: true
        case .accepted, .succeeded, .duplicate: false
        }
    }

    /// Whether it is something by which people notice that a thing is wrong.
    package var isSign: Bool { Self.isSign(type) }

    static func isSign(_ type: String) -> Bool {
        signs.contains(type) || type.hasPrefix("daybook.alert")
    }

    private static let signs: Set<String> = [
        "daybook.breaker.opened", "daybook.delivery.disabled", "daybook.rejections.dropped",
        "daybook.witness.refused", "sync.late", "sync.missed",
    ]

    /// What a failure has in common with others of its kind.
    var signature: FailureSignature {
        FailureSignature(
            source: service ?? source,
            kind: kind,
            type: type,
            answer: status.map { String($0) } ?? outcome.rawValue,
            word: outcome == .rejected ? reasonWord : nil
        )
    }

    /// The first word of the reason, which for refusals is a fixed one.
    var reasonWord: String? {
        guard let reason, let end = reason.firstIndex(of: ":") else { return nil }
        let word = reason[..<end]
        let isWord = word.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 == 0x2D }
        return isWord && !word.isEmpty ? String(word) : nil
    }
}

/// What failures of one kind have in common.
struct FailureSignature: Hashable, Comparable {
    let source: String
    let kind: Kind
    let type: String
    /// The status, or else the outcome.
    let answer: String
    let word: String?

    static func < (a: FailureSignature, b: FailureSignature) -> Bool {
        a.order.lexicographicallyPrecedes(b.order)
    }

    private var order: [String] { [source, kind.rawValue, type, answer, word ?? ""] }
}
