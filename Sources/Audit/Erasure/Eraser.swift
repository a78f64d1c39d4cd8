package import Ledger
package import Projections

/// Erases what a plan names: bodies, what projections made of them, and the bytes of both.
package struct Eraser: Sendable {
    /// What was done.
    package struct Report: Sendable {
        /// The events that tell of it; more than one where there were very many bodies.
        package var events: [UInt64] = []
        /// Bodies that are gone.
        package var bodies = 0
        /// Of those, bodies of which something that is not personal is kept for projections.
        package var kept = 0
        /// What was overwritten in the files of the log and of the views.
        package var overwriting = Overwriting()
        /// Projections that were folded anew.
        package var projections: [String] = []
        /// Versions that were dropped, and those that could not be folded anew: `NAME version N`.
        package var dropped: [String] = []
        package var left: [String] = []
    }

    private let views: Views
    private let progress: @Sendable (UInt64, UInt64) -> Void

    /// Over a ledger that was opened for appending.
    package init(
        _ views: Views,
        progress: @escaping @Sendable (UInt64, UInt64) -> Void = { _, _ in }
    ) {
        self.views = views
        self.progress = progress
    }

    /// Erases, unless a hold forbids it.
    ///
    /// With `keepsNothing` projections lose all that the bodies told them, not only what is
    /// personal.
    package func erase(
        subject: String,
        period: Period?,
        includesShared: Bool,
        keepsNothing: Bool,
        reason: String,
        by actor: Actor
    ) throws -> Report {
        var report = Report()
        let ledger = views.ledger
        let projections = try ledger.guarded {
            let holds = try Holds(ledger)
            let plan = try ErasurePlan(
                subject: subject,
                period: period,
                includesShared: includesShared,
                holds: holds,
                in: ledger
            )
            try plan.requireNoHold(holds)
            let sequences = plan.entries.map(\.sequence)
            let kept = try views.keptBodies(of: sequences)
            let bodies = sequences.map {
                ErasedBody(sequence: $0, kept: keepsNothing ? nil : kept.bodies[$0])
            }
            var start = 0
            while start < bodies.count {
                let end = min(start + Ledger.mostErased, bodies.count)
                let receipt = try ledger.erase(
                    Array(bodies[start..<end]),
                    subject: subject,
                    reason: reason,
                    actor: actor
                )
                report.events.append(receipt.sequence)
                start = end
            }
            if !bodies.isEmpty { report.overwriting += try ledger.overwriteRemoved() }
            report.bodies = bodies.count
            report.kept = bodies.count { $0.kept != nil }
            return kept.projections
        }
        try finish(projections, &report)
        return report
    }

    /// Does what an erasure that was interrupted left undone: all projections are folded anew, and
    /// what no record holds is overwritten.
    package func finish() throws -> Report {
        var report = Report()
        report.overwriting = try views.ledger.overwriteRemoved()
        try finish(Set(views.names()), &report)
        return report
    }

    private func finish(_ projections: Set<String>, _ report: inout Report) throws {
        let (dropped, left, overwriting) = try views.foldAnew(projections, progress: progress)
        report.projections = projections.sorted()
        report.dropped = dropped.map { "\($0.name) version \($0.version)" }
        report.left = left.map { "\($0.name) version \($0.version)" }
        report.overwriting += overwriting
    }
}
