internal import Bytes
package import Ledger

/// Which events a bundle is about, before anything of it is made.
package struct BundlePlan: Sendable {
    /// What was asked for.
    package let request: BundleRequest
    /// How many events of the log count.
    package let size: UInt64
    /// The sequences of the stretch that the selection names.
    package let stretch: Range<UInt64>
    /// The selected among them.
    package let selected: SequenceRanges

    /// Looks at the lines of the stretch.
    ///
    /// - Throws: `AuditProblem.refused` for a size without a checkpoint and for more than a bundle
    ///   can hold.
    package init(
        _ request: BundleRequest,
        size: UInt64,
        in snapshot: borrowing Snapshot
    ) throws {
        let now = try snapshot.size
        guard size > 0, size <= now else {
            throw AuditProblem.usage("the log has \(now) events; there is no size \(size) of it")
        }
        guard try snapshot.checkpoint(size: size) != nil else {
            throw AuditProblem.refused(
                "no checkpoint was signed at size \(size), so nothing can be proven by it; "
                    + "\"daybook log\" shows where commits ended, the newest is \(now)"
            )
        }
        self.request = request
        self.size = size
        stretch = try request.selection.range(in: snapshot, size: size)
        var selected = SequenceRanges()
        try request.selection.forEach(in: snapshot, size: size) { sequence, _ in
            selected.append(sequence)
            return true
        }
        self.selected = selected
        let lines = request.isComplete ? UInt64(stretch.count) : selected.count
        guard lines <= BundleFormat.lines else {
            throw AuditProblem.refused(
                "the bundle would hold \(lines) lines, at most \(BundleFormat.lines) are allowed; "
                    + "choose a shorter period, or leave other lines out by --selected-only"
            )
        }
    }

    /// The sequences whose lines are shown: those asked for, the neighbours that prove where the
    /// stretch begins and ends, and the events that tell of erasures.
    func included(erasures: [Erasure]) -> SequenceRanges {
        var ranges = request.isComplete ? [stretch] : selected.ranges
        if stretch.lowerBound > 0 { ranges.append(stretch.lowerBound - 1..<stretch.lowerBound) }
        if stretch.upperBound < size { ranges.append(stretch.upperBound..<stretch.upperBound + 1) }
        for by in Set(erasures.map(\.by)) { ranges.append(by..<by + 1) }
        return SequenceRanges(ranges)
    }
}
