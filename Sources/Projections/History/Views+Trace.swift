package import Bytes
internal import Ledger

/// An event in the tree of causes and effects around another.
package struct TraceNode: Sendable {
    package let sequence: UInt64
    package let source: String
    package let type: String
    package let id: String
    package let subject: String?
    package let outcome: String
    package let recorded: Timestamp?
    /// Whether it is the event that was asked about.
    package let isAsked: Bool
    /// What it did to rows.
    package let effects: [ProjectionEffect]
    /// The events that it caused, in the log's order.
    package let children: [TraceNode]
}

extension Views {
    /// The causes of an event up to the first, and all that followed from that.
    ///
    /// An event names its cause as `causationid`; events that share the first one's
    /// `correlationid` without naming a cause count as caused by it.
    package func trace(
        _ sequence: UInt64,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> TraceNode {
        var finder = try EffectFinder(self)
        return try ledger.read { snapshot in
            let root = try firstCause(of: sequence, snapshot)
            let children = try caused(by: root, snapshot, progress)
            return try node(root, asked: sequence, children, &finder, snapshot)
        }
    }

    private func firstCause(of sequence: UInt64, _ snapshot: borrowing Snapshot) throws -> UInt64 {
        var current = sequence
        while true {
            guard let line = try snapshot.line(at: current) else {
                throw LedgerError.beyondEnd(sequence: current, size: try snapshot.size)
            }
            // A cause lies before its effect, so this ends.
            guard let cause = line.integer(.causationid), cause < current else {
                guard let thread = line.text(.correlationid) else { return current }
                return try first(of: thread, before: current, snapshot)
            }
            current = cause
        }
    }

    /// The first event of a thread.
    private func first(
        of thread: String,
        before sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> UInt64 {
        var first = sequence
        try snapshot.forEachLine(from: 0) { candidate, line in
            guard candidate < sequence else { return false }
            guard line.text(.correlationid) == thread else { return true }
            first = candidate
            return false
        }
        return first
    }

    /// The effects of the first cause and theirs, by cause.
    private func caused(
        by root: UInt64,
        _ snapshot: borrowing Snapshot,
        _ progress: (UInt64, UInt64) -> Void
    ) throws -> [UInt64: [UInt64]] {
        let size = try snapshot.size
        var thread: String?
        if let first = try snapshot.line(at: root) { thread = first.text(.correlationid) }
        var members: Set<UInt64> = [root]
        var children: [UInt64: [UInt64]] = [:]
        try snapshot.forEachLine(from: root + 1) { sequence, line in
            if sequence & 0xFFFF == 0 { progress(sequence - root, size - root) }
            var cause: UInt64?
            if let named = line.integer(.causationid) {
                if members.contains(named) { cause = named }
            } else if let thread, line.text(.correlationid) == thread {
                cause = root
            }
            if let cause {
                members.insert(sequence)
                children[cause, default: []].append(sequence)
            }
            return true
        }
        return children
    }

    private func node(
        _ sequence: UInt64,
        asked: UInt64,
        _ children: [UInt64: [UInt64]],
        _ finder: inout EffectFinder,
        _ snapshot: borrowing Snapshot
    ) throws -> TraceNode {
        var below: [TraceNode] = []
        for child in children[sequence] ?? [] {
            below.append(try node(child, asked: asked, children, &finder, snapshot))
        }
        let effects = try finder.effects(of: sequence, snapshot)
        guard let line = try snapshot.line(at: sequence) else {
            throw LedgerError.beyondEnd(sequence: sequence, size: try snapshot.size)
        }
        return TraceNode(
            sequence: sequence,
            source: line.text(.source) ?? "",
            type: line.text(.type) ?? "",
            id: line.text(.id) ?? "",
            subject: line.text(.subject),
            outcome: line.text(.outcome) ?? "",
            recorded: line.recordedTime,
            isAsked: sequence == asked,
            effects: effects,
            children: below
        )
    }
}
