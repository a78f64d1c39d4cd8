/// What became of the events that a fold has seen; each counts once.
package struct Tally: Hashable, Sendable {
    /// Told a row something.
    package var applied: UInt64 = 0
    /// Fit a rule's `from`, but not its `when`.
    package var ignored: UInt64 = 0
    /// Redeliveries, whether the same as before or a conflict.
    package var duplicate: UInt64 = 0
    /// Refused at the front door, but for those that a rule for rejected events took.
    package var rejected: UInt64 = 0
    /// Fit a rule but could not be folded.
    package var quarantined: UInt64 = 0
    /// Fit no rule.
    package var unknown: UInt64 = 0
    /// Words that a column's map or enum lacks: the column stayed as it was.
    package var unmapped: UInt64 = 0

    /// All events: what the position must be.
    package var events: UInt64 {
        applied + ignored + duplicate + rejected + quarantined + unknown
    }

    static func += (a: inout Tally, b: Tally) {
        a.applied += b.applied
        a.ignored += b.ignored
        a.duplicate += b.duplicate
        a.rejected += b.rejected
        a.quarantined += b.quarantined
        a.unknown += b.unknown
        a.unmapped += b.unmapped
    }

    package init() {}
}
