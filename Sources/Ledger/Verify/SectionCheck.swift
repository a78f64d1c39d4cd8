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
    private var frontier: Frontier<SHA256>
    /// Leaf hash and time of the line before; `nil` after a gap, where no link can be checked.
    private var previous: (leaf: Hash256, time: Timestamp)?
    private var tile: (index: UInt64, hashes: [UInt8])?

    init(_ snapshot: borrowing Snapshot, _ range: Range<UInt64>, origin: String) throws {
        self.range = range
        self.origin = origin
        if range.lowerBound == 0 {
            previous = (.zero, .min)
            frontier = Frontier()
        } else {
            if let line = try snapshot.line(at: range.lowerBound - 1) {
                previous = (SHA256.leaf(line.bytes), line.recordedTime ?? .min)
            }
            frontier = (try? snapshot.frontier(size: range.lowerBound)) ?? Frontier()
        }
    }

    /// Checks all of the range; `progress` is told how many events were done.
    mutating func run(
        _ snapshot: borrowing Snapshot,
        progress: (Int) -> Void
    ) throws -> SectionResult {
        var lines = try snapshot.transaction.cursor(
            over: snapshot.store.lines,
            from: range.lowerBound
        )
        var expected = range.lowerBound
        var reported = range.lowerBound
        while try lines.next() {
            guard let sequence = lines.key, sequence < range.upperBound else { break }
            if sequence > expected { reportGap(expected..<sequence, snapshot) }
            try check(Line(lines.value), sequence, snapshot)
            expected = sequence + 1
            if expected - reported >= 1024 {
                progress(Int(expected - reported))
                reported = expected
            }
        }
        if expected < range.upperBound { reportGap(expected..<range.upperBound, snapshot) }
        progress(Int(range.upperBound - reported))
        try checkBodiesWithoutLine(snapshot)
        return result
    }

    private mutating func reportGap(_ missing: Range<UInt64>, _ snapshot: borrowing Snapshot) {
        add(
            .gap,
            .sequence(missing.lowerBound),
            "line",
            expected: missing.count == 1 ? "a line" : "\(missing.count) lines",
            found: "nothing up to event \(missing.upperBound)"
        )
        previous = nil
        frontier = (try? snapshot.frontier(size: missing.upperBound)) ?? Frontier()
    }

    private mutating func check(
        _ line: Line,
        _ sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws {
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
        let leaf = SHA256.leaf(line.bytes)
        checkPlace(line, sequence)
        try checkTile(leaf, sequence, snapshot)
        try checkBody(line, sequence, snapshot)
        try checkID(line, sequence, snapshot)
        if let vkey = AdminEvent.namedKey(line) { result.keys.append((sequence, vkey)) }
        previous = (leaf, line.recordedTime ?? previous?.time ?? .min)
        frontier.append(leaf)
        try checkCheckpoint(size: sequence + 1, snapshot)
    }

    private mutating func checkPlace(_ line: Line, _ sequence: UInt64) {
        if line.sequence != sequence {
            add(
                .manipulation,
                .sequence(sequence),
                "sequence",
                expected: "\(sequence)",
                found: line.text(.sequence) ?? "none"
            )
        }
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
        if let time = line.recordedTime {
            if time < previous.time {
                add(
                    .manipulation,
                    .sequence(sequence),
                    "recordedtime",
                    expected: "at least \(previous.time.rfc3339)",
                    found: time.rfc3339
                )
            }
        } else {
            add(
                .manipulation,
                .sequence(sequence),
                "recordedtime",
                expected: "a time",
                found: line.text(.recordedtime) ?? "none"
            )
        }
    }

    private mutating func checkTile(
        _ leaf: Hash256,
        _ sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws {
        let index = sequence / UInt64(Tile.fullWidth)
        if tile?.index != index {
            let stored = try snapshot.tile(level: 0, index: index)
            tile = (index, stored.read { [UInt8](copying: $0) } ?? [])
        }
        let offset = Int(sequence % UInt64(Tile.fullWidth)) * 32
        let stored = tile.flatMap { Hash256($0.hashes.span, at: offset) }
        if stored != leaf {
            add(
                .manipulation,
                .sequence(sequence),
                "leaf hash in tile 0/\(index)",
                expected: leaf.description,
                found: stored?.description ?? "none"
            )
        }
    }

    private mutating func checkBody(
        _ line: Line,
        _ sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws {
        let record = try snapshot.body(at: sequence)
        guard let hash = line.bodyHash else {
            if record != nil {
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
        guard let record else {
            add(
                .gap,
                .sequence(sequence),
                "body",
                expected: hash.description,
                found: "nothing"
            )
            return
        }
        result.counts.bodies += 1
        result.counts.bytes += UInt64(record.count)
        let found = SHA256.hash(record)
        if found != hash {
            add(
                .manipulation,
                .sequence(sequence),
                "body",
                expected: hash.description,
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
    private mutating func checkCheckpoint(size: UInt64, _ snapshot: borrowing Snapshot) throws {
        guard let bytes = try snapshot.checkpoint(size: size) else { return }
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
        if checkpoint.origin != origin {
            add(
                .manipulation,
                .checkpoint(size),
                "origin",
                expected: origin,
                found: checkpoint.origin
            )
        }
        if checkpoint.size != size {
            add(
                .manipulation,
                .checkpoint(size),
                "size",
                expected: "\(size)",
                found: "\(checkpoint.size)"
            )
        } else if checkpoint.root != frontier.root {
            add(
                .manipulation,
                .checkpoint(size),
                "root",
                expected: frontier.root.description,
                found: checkpoint.root.description
            )
        }
    }

    private mutating func checkBodiesWithoutLine(_ snapshot: borrowing Snapshot) throws {
        // A body under a sequence that has a line was compared with that line above.
        var bodies = try snapshot.transaction.cursor(
            over: snapshot.store.bodies,
            from: range.lowerBound
        )
        while try bodies.next() {
            guard let sequence = bodies.key, sequence < range.upperBound else { break }
            if try snapshot.transaction.value(for: sequence, in: snapshot.store.lines) == nil {
                add(
                    .manipulation,
                    .sequence(sequence),
                    "body",
                    expected: "no body without a line",
                    found: "a record"
                )
            }
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
