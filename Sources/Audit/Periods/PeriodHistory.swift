package import Bytes
package import Ledger

/// A period was closed or reopened, as the log says it.
package struct PeriodAct: Sendable {
    /// The two things that can be done to a period.
    package enum What: String, Sendable {
        case closed, reopened

        /// The type of the event that says it.
        package var type: String { "daybook.period.\(rawValue)" }
    }

    package let what: What
    package let period: Period
    /// The event that says it.
    package let sequence: UInt64
    package let time: Timestamp
    package let actor: Actor
    /// Why it was closed early, or reopened.
    package let reason: String?
}

/// How a period stands.
package enum PeriodState: Sendable {
    /// It was never closed.
    case open
    case closed(PeriodAct)
    /// It was closed once and is open again.
    case reopened(closed: PeriodAct, by: PeriodAct)

    /// The word for it in lists.
    package var word: String {
        switch self {
        case .open: "open"
        case .closed: "closed"
        case .reopened: "reopened"
        }
    }
}

/// Every closing and reopening that the log tells of.
package struct PeriodHistory: Sendable {
    /// In the log's order.
    package private(set) var acts: [PeriodAct] = []

    /// Reads the lines of a log, of which the first `size` events count.
    package init(in snapshot: borrowing Snapshot, size: UInt64) throws {
        try snapshot.forEachLine(from: 0) { sequence, line in
            guard sequence < size else { return false }
            if let act = Self.act(sequence, line) { acts.append(act) }
            return true
        }
    }

    /// What a line says of a period; `nil` if it is about something else, or takes no effect.
    private static func act(_ sequence: UInt64, _ line: borrowing Line) -> PeriodAct? {
        guard let type = line.raw(.type), type.hasPrefix(ascii: "daybook.period."),
            line.raw(.source)?.equals(ascii: "daybook") == true,
            line.raw(.kind)?.equals(ascii: "admin") == true,
            line.outcome?.takesEffect == true,
            let what = [PeriodAct.What.closed, .reopened].first(where: {
                $0.type == line.text(.type)
            }),
            let subject = line.text(.subject), subject.hasPrefix(Period.subjectPrefix),
            let period = try? Period(String(subject.dropFirst(Period.subjectPrefix.count))),
            let time = line.recordedTime
        else { return nil }
        return PeriodAct(
            what: what,
            period: period,
            sequence: sequence,
            time: time,
            actor: Actor(authType: line.text(.authtype) ?? "", name: line.text(.authid) ?? ""),
            reason: line.text(.reason)
        )
    }

    /// The periods that were ever closed, by their beginning and then the longer first.
    package var periods: [Period] {
        Set(acts.map(\.period)).sorted { ($0.start, $1.end) < ($1.start, $0.end) }
    }

    /// How a period stands after all that was done to it.
    package func state(of period: Period) -> PeriodState {
        var state = PeriodState.open
        for act in acts where act.period == period {
            switch (act.what, state) {
            case (.closed, _): state = .closed(act)
            case (.reopened, .closed(let closed)): state = .reopened(closed: closed, by: act)
            case (.reopened, _): continue
            }
        }
        return state
    }

    /// How often a period was closed: what tells one closing of it from the next.
    package func rounds(of period: Period) -> Int {
        acts.count { $0.period == period && $0.what == .closed }
    }

    /// The last time that the period was closed, whether that holds or not; `nil` if it never was.
    package func lastClosing(of period: Period) -> PeriodAct? {
        acts.last { $0.period == period && $0.what == .closed }
    }

    /// The period's closing that holds.
    ///
    /// - Throws: `AuditProblem.refused` where it is open, or open again.
    package func closing(of period: Period) throws(AuditProblem) -> PeriodAct {
        switch state(of: period) {
        case .closed(let act): return act
        case .open:
            throw .refused(
                "the period \(period.name) was never closed; \"daybook close \(period.name)\" does"
            )
        case .reopened(_, let act):
            throw .refused(
                "the period \(period.name) is open: event \(act.sequence) reopened it; "
                    + "\"daybook close \(period.name)\" closes it again"
            )
        }
    }

    /// Whether a period is closed, by itself or with a longer one that it lies in.
    package func isClosed(_ period: Period) -> Bool {
        periods.contains { longer in
            guard longer.covers(period), case .closed = state(of: longer) else { return false }
            return true
        }
    }
}
