package import Bytes
internal import Ledger

/// A moment that is asked about.
package enum Past: Sendable, Hashable {
    /// What the log held up to and with this event: what we knew then.
    case asAt(sequence: UInt64)
    /// What the log held at this time.
    case asAtTime(Timestamp)
    /// What had occurred by this time, by all we know now.
    case asOf(Timestamp)
}

/// A past moment as a fold goes by it.
struct Cut {
    /// The first event that is not looked at.
    let end: UInt64
    /// The last moment that counts, in microseconds since 1970.
    let asOf: Int64?
    /// The moment that windows and `now` go by.
    let moment: Int64

    init(_ past: Past, _ snapshot: borrowing Snapshot) throws {
        let size = try snapshot.size
        switch past {
        case .asAt(let sequence):
            guard sequence < size else {
                throw LedgerError.beyondEnd(sequence: sequence, size: size)
            }
            end = sequence + 1
            asOf = nil
            guard let line = try snapshot.line(at: sequence) else {
                throw LedgerError.beyondEnd(sequence: sequence, size: size)
            }
            moment = Self.moment(of: line)
        case .asAtTime(let time):
            // Recorded at that very microsecond is known at it.
            let next = Timestamp(microseconds: time.microseconds + 1)
            end = try snapshot.firstSequence(recordedAtOrAfter: next)
            asOf = nil
            moment = time.microseconds
        case .asOf(let time):
            end = size
            asOf = time.microseconds
            moment = time.microseconds
        }
    }

    /// When an event occurred, or else was recorded.
    private static func moment(of line: borrowing Line) -> Int64 {
        if let text = line.text(.time), let time = Timestamp(rfc3339: text) {
            return time.microseconds
        }
        return line.recordedTime?.microseconds ?? 0
    }
}
