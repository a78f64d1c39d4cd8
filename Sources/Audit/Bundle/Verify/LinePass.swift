internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

/// One walk over the lines of a bundle, for all checks that look at each of them.
final class LinePass {
    /// Of the selected lines that can be read.
    private(set) var totals = ControlTotals()
    /// The bodies that the selected lines name.
    private(set) var bodies: [UInt64: Hash256] = [:]

    private let verifier: BundleVerifier
    private let query: EventSelection?
    private let stretch: Range<UInt64>
    private let isComplete: Bool
    private let wanted: Set<UInt64>
    private let knowsSelected: Bool
    private let listedKeys: Set<UInt64>
    private var before: (sequence: UInt64, leaf: Hash256)?
    private var newest: (time: Timestamp, sequence: UInt64)?

    /// `nil` if there are no lines that could be placed.
    init?(_ verifier: BundleVerifier) throws {
        guard verifier.canUse("lines.ndjson", "proof.json") else { return nil }
        self.verifier = verifier
        let export = verifier.export
        let first = export["first"]?.number ?? 0
        let end = max(first, export["end"]?.number ?? 0)
        stretch = first..<end
        isComplete = export["complete"] == .truth(true)
        knowsSelected = verifier.canUse("selected.json", "export.json")
        query = try? EventSelection(text: export["query"]?.text ?? "-")
        listedKeys = Set(verifier.keys.map(\.sequence))
        var wanted = Set(verifier.erased.compactMap { $0["by"]?.number })
        wanted.formUnion(verifier.erased.compactMap { $0["sequence"]?.number })
        for sequence in [first, end] where sequence > 0 { wanted.insert(sequence - 1) }
        wanted.insert(first)
        wanted.insert(end)
        self.wanted = wanted
    }

    func run(_ progress: (UInt64, UInt64) -> Void) throws {
        let total = verifier.proof.included.count
        var place = Places(verifier.proof.included)
        let (count, isEnded) = try verifier.files.forEachLine(
            of: "lines.ndjson",
            limit: BundleFormat.lineBytes
        ) { number, bytes in
            guard let sequence = place.next() else { return }
            visit(sequence, bytes)
            if number & 0xfff == 0 { progress(UInt64(number), total) }
        }
        verifier.lines.count = count
        verifier.lines.isEnded = isEnded
    }

    private func visit(_ sequence: UInt64, _ bytes: Span<UInt8>) {
        let leaf = SHA256.leaf(bytes)
        verifier.lines.append(sequence, leaf)
        if wanted.contains(sequence) { verifier.lines.kept[sequence] = [UInt8](copying: bytes) }
        let line = Line(bytes)
        if let fault = line.canonicalFault {
            add(.lines, .manipulation, sequence, "its line cannot be read: \(fault)")
        } else {
            if line.sequence != sequence {
                let said = line.text(.sequence) ?? "none"
                add(
                    .lines,
                    .manipulation,
                    sequence,
                    "its line says another sequence: \(shown(said))"
                )
            }
            checkChain(sequence, line)
            checkKey(sequence, line)
            if knowsSelected { checkSelected(sequence, line) }
            if verifier.selected.contains(sequence) {
                totals.add(sequence, line)
                if let hash = line.bodyHash { bodies[sequence] = hash }
            }
        }
        before = (sequence, leaf)
    }

    private func checkChain(_ sequence: UInt64, _ line: borrowing Line) {
        let wanted: Hash256? =
            sequence == 0
            ? .zero : before.flatMap { $0.sequence + 1 == sequence ? $0.leaf : nil }
        if let wanted, line.previousHash != wanted {
            add(
                .chain,
                .manipulation,
                sequence,
                "it does not follow the event before it: its prevhash is of something else"
            )
        }
        guard let time = line.recordedTime else {
            return add(.chain, .manipulation, sequence, "it has no time of recording")
        }
        if let newest, time < newest.time {
            let what =
                "it was recorded at \(time), before event \(newest.sequence) that precedes it"
            add(.chain, .manipulation, sequence, what)
        } else {
            newest = (time, sequence)
        }
    }

    private func checkKey(_ sequence: UInt64, _ line: borrowing Line) {
        guard verifier.canUse("keys.json"), AdminEvent.namedKey(copy line) != nil,
            !listedKeys.contains(sequence)
        else { return }
        add(.keys, .gap, sequence, "it names a key of the ledger that keys.json does not list")
    }

    private func checkSelected(_ sequence: UInt64, _ line: borrowing Line) {
        guard let query, stretch.contains(sequence) else { return }
        let fits = query.query.matches(line)
        let isSelected = verifier.selected.contains(sequence)
        if fits, !isSelected, isComplete {
            add(.complete, .gap, sequence, "it fits the query, but is not selected")
        } else if !fits, isSelected {
            let what = "it is selected, but does not fit the query"
            add(.complete, .manipulation, sequence, what)
        }
    }

    private func add(
        _ check: BundleReport.Check,
        _ kind: BundleReport.Finding.Kind,
        _ sequence: UInt64,
        _ what: String
    ) {
        verifier.report.add(check, kind, "event \(sequence)", what)
    }
}

/// The sequences of ranges one after another.
private struct Places {
    private let ranges: [Range<UInt64>]
    private var place = 0
    private var offset: UInt64 = 0

    init(_ sequences: SequenceRanges) { ranges = sequences.ranges }

    mutating func next() -> UInt64? {
        guard place < ranges.count else { return nil }
        let sequence = ranges[place].lowerBound + offset
        offset += 1
        if sequence + 1 == ranges[place].upperBound {
            place += 1
            offset = 0
        }
        return sequence
    }
}
