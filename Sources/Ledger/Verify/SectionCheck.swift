internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// What checking one stretch of the log found.
struct SectionResult: Sendable {
    var findings = Findings()
    var counts = VerifyCounts()
    /// Keys named by events of the section, by sequence.
    var keys: [(sequence: UInt64, vkey: String)] = []
    /// Events that own an id.
    var effective: UInt64 = 0
}

/// Checks one stretch of the log, alone: what it needs from before it reads from the log.
///
/// Every byte of the lines and bodies is read and hashed, and compared with what the tiles, the
/// checkpoints and the index of ids say.
struct SectionCheck {
    private let range: Range<UInt64>
    private let origin: String
    private var result = SectionResult()
    /// The tree of the full blocks before the one at hand: its leaves are the blocks' roots.
    private var before: Frontier<SHA256>
    /// What is known of the line before; `nil` after a gap, where no link can be checked.
    private var previous: Previous?

    private struct Previous {
        let leaf: Hash256
        let time: Timestamp
        /// Whether a checkpoint ends with it.
        let endsCommit: Bool
    }

    init(_ snapshot: borrowing Snapshot, _ range: Range<UInt64>, origin: String) throws {
        self.range = range
        self.origin = origin
        before = (try? snapshot.blockFrontier(before: range.lowerBound)) ?? Frontier()
        if range.lowerBound == 0 {
            previous = Previous(leaf: .zero, time: .min, endsCommit: true)
        } else if let line = try snapshot.line(at: range.lowerBound - 1) {
            previous = Previous(
                leaf: SHA256.leaf(line.bytes),
                time: line.recordedTime ?? .min,
                endsCommit: try snapshot.checkpoint(size: range.lowerBound) != nil
            )
        }
    }

    /// Checks all of the range; `progress` is told how many events were done.
    mutating func run(
        _ snapshot: borrowing Snapshot,
        progress: (Int) -> Void
    ) throws -> SectionResult {
        var start = range.lowerBound
        while start < range.upperBound {
            let width = UInt64(Tile.fullWidth)
            let end = min((start / width + 1) * width, range.upperBound)
            try check(start..<end, snapshot)
            progress(Int(end - start))
            start = end
        }
        return result
    }

    private mutating func check(_ range: Range<UInt64>, _ snapshot: borrowing Snapshot) throws {
        let block = try BlockHashes(snapshot, range)
        let index = block.base / UInt64(Tile.fullWidth)
        let tile = try snapshot.tile(level: 0, index: index).read { [UInt8](copying: $0) } ?? []
        var missing: Range<UInt64>?
        for sequence in range {
            let place = Int(sequence - block.base)
            guard block.hasLine[place], let line = try snapshot.line(at: sequence) else {
                missing = (missing?.lowerBound ?? sequence)..<sequence + 1
                previous = nil
                checkAbsent(block.bodies[place], sequence)
                continue
            }
            reportGap(&missing)
            checkLine(line, sequence, block.leaves[place])
            checkTile(block.leaves[place], Hash256(tile.span, at: place * 32), sequence)
            if line.bodyHash != nil, block.bodies[place] == nil,
                try snapshot.erasure(of: sequence) != nil
            {
                // Whether it was erased rightly, `ErasureCheck` tells.
                result.counts.erased += 1
            } else {
                checkBody(line, sequence, block.bodies[place], try snapshot.body(at: sequence))
            }
            try checkID(line, sequence, snapshot)
            let note = try snapshot.checkpoint(size: sequence + 1)
            previous = Previous(
                leaf: block.leaves[place],
                time: line.recordedTime ?? previous?.time ?? .min,
                endsCommit: note != nil
            )
            checkCheckpoint(block, count: place + 1, note)
        }
        reportGap(&missing)
        if let root = block.root { before.append(root) }
    }

    private mutating func reportGap(_ missing: inout Range<UInt64>?) {
        guard let gap = missing else { return }
        add(
            .gap,
            .sequence(gap.lowerBound),
            "line",
            expected: gap.count == 1 ? "a line" : "\(gap.count) lines",
            found: gap.count == 1 ? "nothing" : "nothing up to event \(gap.upperBound - 1)"
        )
        missing = nil
    }

    private mutating func checkAbsent(_ body: Hash256?, _ sequence: UInt64) {
        guard body != nil else { return }
        add(
            .manipulation,
            .sequence(sequence),
            "body",
            expected: "no body without a line",
            found: "a record"
        )
    }

    private mutating func checkLine(_ line: Line, _ sequence: UInt64, _ leaf: Hash256) {
        result.counts.lines += 1
        result.counts.bytes += UInt64(line.bytes.count)
        do throws(LineFault) {
            try CanonicalLine(line).check()
        } catch {
            add(
                .manipulation,
                .sequence(sequence),
                "line, byte \(error.offset)",
                expected: error.expected,
                found: error.found
            )
        }
        if line.sequence != sequence {
            add(
                .manipulation,
                .sequence(sequence),
                "sequence",
                expected: "\(sequence)",
                found: line.text(.sequence) ?? "none"
            )
        }
        if let vkey = AdminEvent.namedKey(line) { result.keys.append((sequence, vkey)) }
        guard let previous else { return }
        if line.previousHash != previous.leaf {
            add(
                .manipulation,
                .sequence(sequence),
                "prevhash",
                expected: previous.leaf.description,
                found: line.text(.prevhash) ?? "none"
            )
        }
        let time = line.recordedTime
        if time.map({ $0 < previous.time }) ?? true {
            add(
                .manipulation,
                .sequence(sequence),
                "recordedtime",
                expected: "at least \(previous.time.rfc3339)",
                found: line.text(.recordedtime) ?? "none"
            )
        }
        checkCommit(endsBefore: sequence, isNewTime: time != previous.time, previous)
    }

    /// The events of a commit share their recorded time and no other commit has it, so a checkpoint
    /// must be exactly where the time changes.
    private mutating func checkCommit(
        endsBefore sequence: UInt64,
        isNewTime: Bool,
        _ previous: Previous
    ) {
        guard isNewTime != previous.endsCommit else { return }
        add(
            isNewTime ? .gap : .manipulation,
            .checkpoint(sequence),
            "checkpoint",
            expected: isNewTime ? "one, since a commit ended here" : "none within a commit",
            found: isNewTime ? "nothing" : "one"
        )
    }

    private mutating func checkTile(_ leaf: Hash256, _ stored: Hash256?, _ sequence: UInt64) {
        guard stored != leaf else { return }
        add(
            .manipulation,
            .sequence(sequence),
            "leaf hash in tile 0/\(sequence / UInt64(Tile.fullWidth))",
            expected: leaf.description,
            found: stored?.description ?? "none"
        )
    }

    private mutating func checkBody(
        _ line: Line,
        _ sequence: UInt64,
        _ found: Hash256?,
        _ record: Span<UInt8>?
    ) {
        guard let named = line.bodyHash else {
            if found != nil {
                add(
                    .manipulation,
                    .sequence(sequence),
                    "body",
                    expected: "none",
                    found: "a record that the line does not name"
                )
            }
            return
        }
        guard let found, let record else {
            add(
                .gap,
                .sequence(sequence),
                "body",
                expected: named.description,
                found: "nothing"
            )
            return
        }
        result.counts.bodies += 1
        result.counts.bytes += UInt64(record.count)
        if found != named {
            add(
                .manipulation,
                .sequence(sequence),
                "body",
                expected: named.description,
                found: found.description
            )
        } else if BodyLayout(record).map({ UInt64($0.content.count) }) != line.integer(.bodysize) {
            add(
                .manipulation,
                .sequence(sequence),
                "bodysize",
                expected: "the size of the content",
                found: line.text(.bodysize) ?? "none"
            )
        }
    }

    private mutating func checkID(
        _ line: Line,
        _ sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws {
        guard let outcome = line.outcome, outcome != .rejected, let key = line.idKey else { return }
        let first = try snapshot.sequence(ofKey: key)
        if outcome.takesEffect {
            result.effective += 1
            if first != sequence {
                add(
                    first == nil ? .gap : .manipulation,
                    .sequence(sequence),
                    "index of ids",
                    expected: "\(sequence)",
                    found: first.map { "\($0)" } ?? "nothing"
                )
            }
        } else if first.map({ $0 >= sequence }) ?? true || first != line.integer(.causationid) {
            add(
                .manipulation,
                .sequence(sequence),
                "index of ids",
                expected: "the earlier event \(line.text(.causationid) ?? "")",
                found: first.map { "\($0)" } ?? "nothing"
            )
        }
    }

    /// Compares the checkpoint for this size, if a commit ended here, with the tree of the lines.
    private mutating func checkCheckpoint(
        _ block: BlockHashes,
        count: Int,
        _ bytes: Span<UInt8>?
    ) {
        guard let bytes else { return }
        let size = block.base + UInt64(count)
        result.counts.checkpoints += 1
        result.counts.bytes += UInt64(bytes.count)
        let checkpoint: Checkpoint
        do {
            let text = try SignedNote(bytes).text
            checkpoint = try Checkpoint(text.span)
        } catch {
            add(
                .manipulation,
                .checkpoint(size),
                "note",
                expected: "a signed checkpoint",
                found: "\(error)"
            )
            return
        }
        if !checkpoint.hasOrigin(origin) {
            add(
                .manipulation,
                .checkpoint(size),
                "origin",
                expected: origin,
                found: checkpoint.origin
            )
        }
        let root = block.root(count: count, before: before)
        if checkpoint.size != size {
            add(
                .manipulation,
                .checkpoint(size),
                "size",
                expected: "\(size)",
                found: "\(checkpoint.size)"
            )
        } else if checkpoint.root != root {
            add(
                .manipulation,
                .checkpoint(size),
                "root",
                expected: root.description,
                found: checkpoint.root.description
            )
        }
    }

    private mutating func add(
        _ kind: Finding.Kind,
        _ place: Finding.Place,
        _ what: String,
        expected: String,
        found: String
    ) {
        result.findings.add(Finding(kind, place, what, expected: expected, found: found))
    }
}
