extension Ledger {
    /// Lines that are read in one view of the log, so that none is held for long.
    private static let batch: UInt64 = 1 << 16

    /// Calls `body` with each line from `first` on to the log's end, in order, until it says `false`.
    ///
    /// What is appended meanwhile is read, too. Gives the sequence after the last line taken.
    @discardableResult
    package func forEachLine(
        from first: UInt64,
        _ body: (_ sequence: UInt64, _ line: Line) throws -> Bool
    ) throws -> UInt64 {
        var next = first
        while true {
            let start = next
            var isEnded = false
            try read { snapshot in
                try snapshot.forEachLine(from: start) { sequence, line in
                    isEnded = try !body(sequence, line)
                    next = sequence + 1
                    return !isEnded && next < start + Self.batch
                }
            }
            if isEnded || next == start { return next }
        }
    }
}
