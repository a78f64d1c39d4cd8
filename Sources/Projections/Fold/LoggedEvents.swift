internal import Ledger

/// The events of a log, by their sequences: where a part finds the event that it is part of.
protocol LoggedEvents: EventIDs, ~Copyable {
    /// The line at a sequence; `nil` beyond the end.
    @_lifetime(borrow self)
    func line(at sequence: UInt64) throws -> Line?

    /// The body record of an event; `nil` if it has none or was erased.
    @_lifetime(borrow self)
    func body(at sequence: UInt64) throws -> Span<UInt8>?

    /// What was kept of an erased body: a body record whose content is JSON.
    @_lifetime(borrow self)
    func keptBody(at sequence: UInt64) throws -> Span<UInt8>?
}

extension Snapshot: LoggedEvents {}
