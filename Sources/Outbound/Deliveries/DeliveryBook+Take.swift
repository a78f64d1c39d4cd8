internal import Bytes
package import Ledger

/// What a line has changed in a book.
package enum DeliveryChange: Hashable, Sendable {
    /// An event is to be delivered, also once more by order.
    case pending(UInt64)
    /// An attempt has failed; the event is tried again.
    case failed(UInt64, attempts: Int, by: UInt64)
    /// An event is delivered, by an attempt's event.
    case done(UInt64, attempts: Int, by: UInt64)
    /// An event is given up.
    case dead(UInt64, attempts: Int, by: UInt64)
}

extension DeliveryBook {
    /// Takes the next line of the log; tells what it has changed.
    ///
    /// `log` is asked for what stands in bodies or earlier lines; `chance` (from 0 up to 1)
    /// lengthens the wait before another attempt by up to a tenth, so that what failed together
    /// does not come back together.
    package mutating func take<Log: DeliveryLog & ~Copyable>(
        _ line: borrowing Line,
        at sequence: UInt64,
        _ log: borrowing Log,
        chance: () -> Double
    ) throws -> [DeliveryChange] {
        guard sequence >= position, let kind = line.raw(.kind) else { return [] }
        var changes: [DeliveryChange] = []
        // The terms of an event hold for those after it.
        let selection = currentTerms?.selection
        if kind.equals(ascii: "delivery") {
            if let change = try takeAttempt(line, at: sequence, log, chance) {
                changes.append(change)
            }
        } else if kind.equals(ascii: "admin") {
            if let change = try takeOrder(line, at: sequence, log) { changes.append(change) }
        }
        if let selection, selection.matches(line, ruleName: name) {
            add(sequence, entry(line, subject: line.text(.subject), since: sequence))
            changes.append(.pending(sequence))
        }
        // Not before: a line that could not be read to its end is taken again.
        position = sequence + 1
        return changes
    }

    private func entry(
        _ line: borrowing Line,
        subject: String?,
        since sequence: UInt64
    ) -> Entry {
        Entry(
            due: line.recordedTime ?? .min,
            lane: currentTerms?.isOrdered == true ? subject : nil,
            since: sequence
        )
    }

    // MARK: - Attempts

    private mutating func takeAttempt<Log: DeliveryLog & ~Copyable>(
        _ line: borrowing Line,
        at sequence: UInt64,
        _ log: borrowing Log,
        _ chance: () -> Double
    ) throws -> DeliveryChange? {
        guard line.text(.source) == name, line.outcome?.takesEffect == true,
            let event = line.integer(.causationid), var entry = entries[event]
        else { return nil }
        let attempts = entry.attempts + 1
        guard line.outcome != .succeeded else {
            earned = min(earned * 2, DeliveryLimits.concurrent)
            remove(event)
            return .done(event, attempts: attempts, by: sequence)
        }
        let retries = currentTerms?.retries ?? []
        let isHopeless =
            line.text(.reason)?.hasPrefix(DeliveryEvent.undeliverable) == true
            && line.raw(.status) == nil
        // Of what was not sent the destination knows nothing.
        if !isHopeless { earned = 1 }
        guard !isHopeless, attempts <= retries.count else {
            remove(event)
            return .dead(event, attempts: attempts, by: sequence)
        }
        let recorded = line.recordedTime ?? .min
        let wait = Double(retries[attempts - 1]) * (1 + min(max(chance(), 0), 1) / 10)
        var due = Timestamp(microseconds: recorded.microseconds + Int64(wait * 1000))
        if let asked = try asked(line, at: sequence, log, recorded) { due = max(due, asked) }
        land(event)
        entry.isFlying = false
        entry.attempts = attempts
        entry.last = sequence
        entry.due = due
        entries[event] = entry
        enqueue(event)
        return .failed(event, attempts: attempts, by: sequence)
    }

    /// Until when the destination asks to be left alone.
    private func asked<Log: DeliveryLog & ~Copyable>(
        _ line: borrowing Line,
        at sequence: UInt64,
        _ log: borrowing Log,
        _ recorded: Timestamp
    ) throws -> Timestamp? {
        let status = line.integer(.status)
        guard status == 429 || status == 503, let text = try log.retryAfter(at: sequence),
            let moment = try? MomentForm.seconds.moment(text, now: recorded)
        else { return nil }
        let latest = recorded.microseconds + Int64(DeliveryLimits.askedSeconds) * 1_000_000
        return min(moment, Timestamp(microseconds: latest))
    }

    // MARK: - Orders

    private mutating func takeOrder<Log: DeliveryLog & ~Copyable>(
        _ line: borrowing Line,
        at sequence: UInt64,
        _ log: borrowing Log
    ) throws -> DeliveryChange? {
        guard line.outcome?.takesEffect == true, let type = line.raw(.type),
            type.hasPrefix(ascii: "daybook.delivery."),
            line.raw(.source)?.equals(ascii: "daybook") == true,
            line.text(.subject) == DeliveryEvent.subject(ofRule: name)
        else { return nil }
        if type.equals(ascii: "daybook.delivery.rule") {
            if let read = try log.terms(at: sequence) { terms.append((sequence, read)) }
            return nil
        }
        switch line.text(.type).flatMap({ DeliveryEvent.Order(rawValue: $0) }) {
        case .paused: isPaused = true
        case .resumed: (isPaused, isDisabled) = (false, false)
        case .disabled: isDisabled = true
        case .retry: return try again(line, at: sequence, log)
        case nil: break
        }
        return nil
    }

    /// Sends an event again: its attempts are counted anew.
    private mutating func again<Log: DeliveryLog & ~Copyable>(
        _ line: borrowing Line,
        at sequence: UInt64,
        _ log: borrowing Log
    ) throws -> DeliveryChange? {
        guard let event = line.integer(.causationid), event < sequence,
            let head = try log.event(at: event)
        else { return nil }
        if var entry = entries[event] {
            entry.attempts = 0
            entry.due = line.recordedTime ?? .min
            entries[event] = entry
            enqueue(event)
        } else {
            add(event, entry(line, subject: head.subject, since: sequence))
        }
        return .pending(event)
    }
}
