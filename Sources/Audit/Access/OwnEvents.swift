internal import Bytes
internal import Ledger

/// A walk over the log's own events: what was done to the book, not what the book tells of.
enum OwnEvents {
    /// Calls `body` with each event of source `daybook` and kind `admin` that took effect, in
    /// order, up to the end of a stretch.
    static func forEach(
        in snapshot: borrowing Snapshot,
        before end: UInt64,
        _ body: (_ sequence: UInt64, _ type: String, _ line: borrowing Line) throws -> Void
    ) throws {
        try snapshot.forEachLine(from: 0) { sequence, line in
            guard sequence < end else { return false }
            // Most lines end here, by a look at a few bytes.
            guard let raw = line.raw(.type), raw.hasPrefix(ascii: "daybook."),
                line.raw(.source)?.equals(ascii: "daybook") == true,
                line.raw(.kind)?.equals(ascii: "admin") == true,
                line.outcome?.takesEffect == true, let type = line.text(.type)
            else { return true }
            try body(sequence, type, line)
            return true
        }
    }
}

extension Line {
    /// Who did it, as `AUTHTYPE:AUTHID`; `nil` where the line names nobody.
    var who: String? {
        guard let name = text(.authid) else { return nil }
        return Actor(authType: text(.authtype) ?? "", name: name).text
    }
}
