package import Bytes

/// A head of this log that is known outside its folder, as the head file is: to a witness.
package struct OutsideHead: Hashable, Sendable {
    /// Who knows it: `witness w1`.
    package let knower: String
    /// Events in the log as it was seen there.
    package let size: UInt64
    /// The root of these.
    package let root: Hash256

    /// Takes what somebody knows.
    package init(knower: String, size: UInt64, root: Hash256) {
        self.knower = knower
        self.size = size
        self.root = root
    }

    /// As an event of a restore names it, and as it is found there again.
    var text: String { "\(size) events, root \(root)" }
}

extension Ledger {
    /// How a log stands to a head that is known outside.
    package enum HeadFit: Equatable, Sendable {
        /// The log goes on from that head.
        case fits
        /// The log has only so many events: an old copy was restored or its tail was cut.
        case shorter(size: UInt64)
        /// The log's first events are others.
        case differs
        /// An event tells that the log was continued without what that head covers.
        case givenUp(event: UInt64)
    }

    /// Compares the log with a head that is known outside.
    package func fit(of head: OutsideHead) throws -> HeadFit {
        let fit: HeadFit = try read { snapshot in
            let size = try snapshot.size
            if head.size > size { return .shorter(size: size) }
            return try snapshot.root(size: head.size) == head.root ? .fits : .differs
        }
        guard fit != .fits, let event = try restore(naming: head) else { return fit }
        return .givenUp(event: event)
    }

    /// Refuses to go on with a log that is shorter than, or another than, a head known outside; as
    /// the head file does.
    package func require(_ head: OutsideHead) throws {
        switch try fit(of: head) {
        case .fits, .givenUp: return
        case .shorter(let size):
            throw LedgerError.rolledBack(
                "the log has \(size) events, but \(head.knower) knows of \(head.size): an old copy "
                    + "was restored or its tail was cut; nothing is appended. To go on with what "
                    + "there is: daybook restore"
            )
        case .differs:
            throw LedgerError.rolledBack(
                "the log's first \(head.size) events are not those that \(head.knower) knows; "
                    + "nothing is appended. To go on with them all the same: daybook restore"
            )
        }
    }

    /// The event of a restore that names a head as lost; only a head that does not fit is looked for.
    private func restore(naming head: OutsideHead) throws -> UInt64? {
        var found: UInt64?
        try forEachLine(from: 0) { sequence, line in
            if line.raw(.type)?.equals(ascii: "daybook.ledger.restored") == true,
                line.raw(.source)?.equals(ascii: "daybook") == true,
                line.text(.reason)?.contains(head.text) == true
            {
                found = sequence
            }
            return found == nil
        }
        return found
    }
}
