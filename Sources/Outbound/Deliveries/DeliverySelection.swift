package import Ledger

/// Which events a rule holds for: every condition that is given must hold.
package struct DeliverySelection: Hashable, Sendable {
    /// The kinds; never empty.
    package var kinds: Set<Kind>
    /// Of which one must fit the source; none for any, as with those that follow.
    package var source: [DeliveryPattern]
    /// Of which one must fit the provider.
    package var provider: [DeliveryPattern]
    /// Of which one must fit the type.
    package var type: [DeliveryPattern]
    /// Of which one must fit the subject.
    package var subject: [DeliveryPattern]

    /// What comes from outside, where a rule does not say otherwise.
    package static let usualKinds: Set<Kind> = [.webhook, .fact]

    /// Takes the conditions.
    package init(
        kinds: Set<Kind> = usualKinds,
        source: [DeliveryPattern] = [],
        provider: [DeliveryPattern] = [],
        type: [DeliveryPattern] = [],
        subject: [DeliveryPattern] = []
    ) {
        self.kinds = kinds
        self.source = source
        self.provider = provider
        self.type = type
        self.subject = subject
    }

    /// Whether an event is to be delivered: it takes effect and fits.
    ///
    /// What a rule delivered is never its own to deliver: that would not end.
    package func matches(_ line: borrowing Line, ruleName: String) -> Bool {
        guard let kind = line.text(.kind).flatMap({ Kind(rawValue: $0) }), kinds.contains(kind),
            line.outcome?.takesEffect == true,
            kind != .delivery || line.text(.source) != ruleName
        else { return false }
        return Self.fits(line, .source, source) && Self.fits(line, .provider, provider)
            && Self.fits(line, .type, type) && Self.fits(line, .subject, subject)
    }

    private static func fits(
        _ line: borrowing Line,
        _ attribute: Attribute,
        _ patterns: [DeliveryPattern]
    ) -> Bool {
        if patterns.isEmpty { return true }
        for pattern in patterns where pattern.matches(line, attribute) { return true }
        return false
    }
}
