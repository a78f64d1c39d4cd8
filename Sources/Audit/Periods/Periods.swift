package import Bytes
package import Ledger
package import Projections

/// Closes the books on periods and opens them again: each an event that the log signs.
package struct Periods {
    /// What a closing did.
    package struct Closing: Sendable {
        package let closed: ClosedPeriod
        /// Earlier periods of the same length that are still open, the oldest first.
        package let openBefore: [Period]
    }

    /// How far the clock may lag behind the newest event: two machines' clocks differ by less.
    package static let clockTolerance: Int64 = 1_000_000

    private let views: Views
    private let tool: String

    /// Closes and reopens periods of a ledger that is open for appending.
    ///
    /// `tool` names the program and its version, for the record.
    package init(_ views: Views, tool: String) {
        self.views = views
        self.tool = tool
    }

    // MARK: - Closing

    /// Closes a period: states its figures in a signed event.
    ///
    /// Early, before the period is over, only with a reason; what comes after that is late.
    /// - Throws: `AuditProblem.refused` where the period has not begun, is not over, ended before
    ///   the log began or is closed, and where the clock went back.
    package func close(
        _ period: Period,
        early reason: String? = nil,
        by actor: Actor,
        now: Timestamp
    ) throws -> Closing {
        let (size, history, began) = try views.ledger.read { snapshot in
            let size = try snapshot.size
            let (first, last) = try Self.times(snapshot, size)
            try Self.requireClock(now, newest: last)
            let history = try PeriodHistory(in: snapshot, size: size)
            return (size, history, first)
        }
        try Self.requireOver(period, early: reason, now: now, began: began)
        switch history.state(of: period) {
        case .open, .reopened: break
        case .closed(let act): throw Self.isClosed(act)
        }
        let statement = try PeriodStatement(period, size: size, views: views)
        let act = try append(
            .closed,
            period,
            round: history.rounds(of: period),
            reason: now < period.end ? reason : nil,
            content: statement.json(early: now < period.end, tool: tool),
            by: actor
        )
        return Closing(
            closed: try ClosedPeriod(act, in: views.ledger),
            openBefore: Self.open(before: period, since: began, history)
        )
    }

    private static func times(
        _ snapshot: borrowing Snapshot,
        _ size: UInt64
    ) throws -> (first: Timestamp, last: Timestamp) {
        guard size > 0, let first = try snapshot.line(at: 0)?.recordedTime,
            let last = try snapshot.line(at: size - 1)?.recordedTime
        else { throw AuditProblem.refused("the log has no events, so no period can be closed") }
        return (first, last)
    }

    private static func requireClock(_ now: Timestamp, newest: Timestamp) throws(AuditProblem) {
        guard newest.microseconds - now.microseconds > clockTolerance else { return }
        throw .refused(
            "the clock went back: it says \(now.short), but the newest event was recorded at "
                + "\(newest.short); what is over cannot be told, so set the clock right first"
        )
    }

    private static func requireOver(
        _ period: Period,
        early reason: String?,
        now: Timestamp,
        began: Timestamp
    ) throws(AuditProblem) {
        guard period.start <= now else {
            throw .refused(
                "the period \(period.name) is unknown: it begins at \(period.start.short), now it "
                    + "is \(now.short)"
            )
        }
        guard began < period.end else {
            throw .refused(
                "the period \(period.name) is unknown to this log: it ended at "
                    + "\(period.end.short), the log began at \(began.short)"
            )
        }
        guard now < period.end else { return }
        guard let reason, !reason.isEmpty else {
            throw .refused(
                "the period \(period.name) is still open: it ends at \(period.end.short), now it "
                    + "is \(now.short); to close it all the same: --early --reason TEXT"
            )
        }
    }

    private static func isClosed(_ act: PeriodAct) -> AuditProblem {
        .refused(
            "the period \(act.period.name) is closed already: event \(act.sequence), by "
                + "\(act.actor.text) at \(act.time.short); \"daybook close --show "
                + "\(act.period.name)\" shows its figures"
        )
    }

    /// Periods of the same length that the log knows of, and nobody closed.
    private static func open(
        before period: Period,
        since began: Timestamp,
        _ history: PeriodHistory
    ) -> [Period] {
        var open: [Period] = []
        var earlier = period.before
        while let one = earlier, began < one.end {
            if !history.isClosed(one) { open.append(one) }
            earlier = one.before
        }
        return open.reversed()
    }

    // MARK: - Reopening

    /// Opens a closed period again, by another person than who closed it.
    ///
    /// The figures as closed stay in the log; closing it again states new ones.
    /// - Throws: `AuditProblem.refused` where the period is open, the actor has not the role for
    ///   it or is the one who closed it, or there is no reason.
    @discardableResult
    package func reopen(
        _ period: Period,
        reason: String,
        by actor: Actor
    ) throws -> PeriodAct {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AuditProblem.usage("a period is reopened for a reason; give --reason TEXT")
        }
        let history = try views.ledger.read { try PeriodHistory(in: $0, size: $0.size) }
        let closing = try history.closing(of: period)
        guard ["auditor", "admin"].contains(actor.role) else {
            throw AuditProblem.refused(
                "\(actor.text) may not reopen \(period.name): that takes a token with role "
                    + "auditor or admin in DAYBOOK_TOKEN, and \(actor.text) has "
                    + (actor.role.map { "role \($0)" } ?? "none")
            )
        }
        guard actor.authType != closing.actor.authType || actor.name != closing.actor.name else {
            throw AuditProblem.refused(
                "\(actor.text) closed \(period.name) in event \(closing.sequence), so another "
                    + "person must reopen it"
            )
        }
        var object = CanonicalObject()
        object.add("closed", closing.sequence)
        object.add("period", period.name)
        object.add("tool", tool)
        return try append(
            .reopened,
            period,
            round: history.rounds(of: period),
            reason: reason,
            content: object.bytes,
            by: actor
        )
    }

    // MARK: - The event

    /// Appends the event, unless another process has done the same meanwhile: the id says which
    /// closing of which period it is, so that the log takes one only.
    private func append(
        _ what: PeriodAct.What,
        _ period: Period,
        round: Int,
        reason: String?,
        content: [UInt8],
        by actor: Actor
    ) throws -> PeriodAct {
        guard let writer = views.ledger.writer else { throw AppendError.stopped }
        var draft = Draft(
            source: AdminEvent.source,
            id: "period/\(period.name)/\(round)/\(what.rawValue)",
            type: what.type,
            kind: .admin
        )
        draft[.datacontenttype] = "application/json"
        let meta = Array("{}".utf8)
        draft.body = Body(meta: meta.span, content: content.span)
        draft[.subject] = period.subject
        draft[.reason] = reason
        draft.isToldByID = true
        draft.sign(by: actor)
        let receipt = try writer.append([draft])[0]
        guard receipt.outcome.takesEffect else {
            throw AuditProblem.refused(
                "the period \(period.name) was \(what.rawValue) by another meanwhile, in event "
                    + "\(receipt.original ?? receipt.sequence)"
            )
        }
        let history = try views.ledger.read {
            try PeriodHistory(in: $0, size: receipt.sequence + 1)
        }
        guard let act = history.acts.last, act.sequence == receipt.sequence else {
            throw LedgerError.damaged("event \(receipt.sequence) is not what was appended")
        }
        return act
    }
}
