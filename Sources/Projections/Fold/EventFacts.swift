/// What one event says, worked out before any of it is applied: all of it is, or nothing.
///
/// It is used again for the next event, so that an event costs no allocation.
struct EventFacts {
    /// What a row is told of.
    struct Row {
        var name: Range<Int>
        /// The moment that the event, or its element, speaks for.
        var at: Int64
        var facts: Range<Int>
        var links: Range<Int>
    }

    /// One value for one column.
    struct Fact {
        enum Kind { case value, delta, count }
        var column: Int
        var kind: Kind
        /// Texts lie in `bytes`; for a window's count the bucket's width in `first`.
        var value: Value
        /// The sub-key in `bytes`; empty for columns without.
        var by: Range<Int>
    }

    /// Names, texts and sub-keys.
    var bytes: [UInt8] = []
    var rows: [Row] = []
    var facts: [Fact] = []
    /// Other names of rows.
    var links: [Range<Int>] = []
    /// Words that a map or an enum lacks.
    var unmapped: UInt64 = 0

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        facts.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        unmapped = 0
    }
}
