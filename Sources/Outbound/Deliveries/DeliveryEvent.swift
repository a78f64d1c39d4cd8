internal import Bytes
internal import Digest
package import Ledger

/// The events that deliveries record.
package enum DeliveryEvent {
    /// The type of an attempt.
    package static let attemptType = "webhook.delivery"
    /// The type of a rule's terms.
    package static let ruleType = "daybook.delivery.rule"
    /// With what the reason of an attempt begins that no other can better.
    package static let undeliverable = "undeliverable: "

    /// What a person, or a destination that is gone, orders for a rule.
    package enum Order: String, Sendable, CaseIterable {
        case paused = "daybook.delivery.paused"
        case resumed = "daybook.delivery.resumed"
        case disabled = "daybook.delivery.disabled"
        case retry = "daybook.delivery.retry"
    }

    /// The subject of a rule's own events.
    package static func subject(ofRule name: String) -> String { "delivery:\(name)" }

    /// The id of the first event of a rule, by which it is found.
    package static func firstID(ofRule name: String) -> String { "delivery-rule:\(name)" }

    /// The name of the rule that a line is the first event of; `nil` for any other line.
    package static func firstRule(_ line: borrowing Line) -> String? {
        guard line.raw(.type)?.equals(ascii: "daybook.delivery.rule") == true,
            line.raw(.source)?.equals(ascii: "daybook") == true,
            line.outcome?.takesEffect == true, let subject = line.text(.subject)
        else { return nil }
        let name = String(subject.dropFirst(Self.subject(ofRule: "").count))
        return line.text(.id) == firstID(ofRule: name) ? name : nil
    }

    /// The event that says what a rule is; `isFirst` if the log has none of it.
    package static func rule(_ terms: DeliveryTerms, isFirst: Bool) -> Draft {
        var draft = Draft(
            source: AdminEvent.source,
            id: isFirst ? firstID(ofRule: terms.name) : AdminEvent.newID(),
            type: ruleType,
            kind: .admin
        )
        draft[.subject] = subject(ofRule: terms.name)
        draft[.datacontenttype] = "application/json"
        let content = terms.canonicalJSON
        draft.body = body(Array("{}".utf8), content)
        return draft
    }

    /// An order for a rule; `event` is the one to send again.
    package static func order(
        _ order: Order,
        rule name: String,
        event sequence: UInt64? = nil,
        reason: String? = nil
    ) -> Draft {
        var draft = AdminEvent.draft(type: order.rawValue)
        draft[.subject] = subject(ofRule: name)
        draft[.causationid] = sequence.map { Decimal.padded($0, digits: Decimal.sequenceDigits) }
        draft[.reason] = reason
        return draft
    }

    static func body(_ meta: [UInt8], _ content: [UInt8]) -> Body {
        var salts = SaltSource()
        let salt = salts.next()
        return Body(salt: salt.span, meta: meta.span, content: content.span)
    }
}
