package import LMDB

/// A walk over events with their bodies, in the log's order: `while try events.next() { … }`.
package struct EventCursor: ~Copyable, ~Escapable {
    private var lines: Cursor
    private var bodies: Cursor
    private let end: UInt64
    /// The sequence that `bodies` stands at; `nil` beyond the last.
    private var bodySequence: UInt64?
    private var hasBegun = false
    /// The event's position.
    package private(set) var sequence: UInt64 = 0

    @_lifetime(copy lines, copy bodies)
    init(_ lines: consuming Cursor, _ bodies: consuming Cursor, end: UInt64) {
        self.lines = lines
        self.bodies = bodies
        self.end = end
    }

    /// Moves to the next event; `false` at the end of the range.
    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool {
        guard try lines.next(), let sequence = lines.key, sequence < end else { return false }
        self.sequence = sequence
        if !hasBegun {
            hasBegun = true
            bodySequence = try bodies.next() ? bodies.key : nil
        }
        while let body = bodySequence, body < sequence {
            bodySequence = try bodies.next() ? bodies.key : nil
        }
        return true
    }

    /// The event's line.
    package var line: Line {
        @_lifetime(borrow self)
        get { Line(lines.value) }
    }

    /// The event's body record; `nil` if it has none, or it was erased.
    package var body: Span<UInt8>? {
        @_lifetime(borrow self)
        get {
            if bodySequence == sequence { return bodies.value }
            return nil
        }
    }
}

extension Snapshot {
    /// A walk over the events of a range.
    @_lifetime(borrow self)
    package func events(in range: Range<UInt64>) throws(LMDBError) -> EventCursor {
        let lines = try transaction.cursor(over: store.lines, from: range.lowerBound)
        let bodies = try transaction.cursor(over: store.bodies, from: range.lowerBound)
        return EventCursor(lines, bodies, end: range.upperBound)
    }
}
