internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

// What the lines prove together: that they stand in the log, and that none was left out.
extension BundleVerifier {
    func checkLines() throws -> Bool {
        guard need(.lines, "lines.ndjson", "proof.json", "checkpoint"), let checkpoint else {
            return true
        }
        let wanted = proof.included.count
        let count = UInt64(lines.count)
        if count != wanted {
            let what = "it has \(count) lines, not the \(wanted) that proof.json names"
            report.add(.lines, count < wanted ? .gap : .manipulation, "file lines.ndjson", what)
        } else if !lines.isEnded {
            let what = "its last line has no end"
            report.add(.lines, .manipulation, "file lines.ndjson", what)
        }
        if proof.size != checkpoint.size {
            let what = "it is for \(proof.size) events, the checkpoint for \(checkpoint.size)"
            report.add(.lines, .manipulation, "file proof.json", what)
        } else if count == wanted {
            checkRoot(checkpoint)
        }
        return true
    }

    private func checkRoot(_ checkpoint: Checkpoint) {
        do throws(ProofError) {
            let root = try RangeProof.root(
                included: proof.included,
                leaves: lines.leaves,
                size: proof.size,
                hashes: proof.hashes,
                using: SHA256.self
            )
            if root == checkpoint.root { return }
            report.add(
                .lines,
                .manipulation,
                "file lines.ndjson",
                "the lines do not give the root hash that the checkpoint signs: a line or a hash "
                    + "was changed"
            )
        } catch {
            report.add(.lines, .manipulation, "file proof.json", "\(error)")
        }
    }

    func checkComplete() throws -> Bool {
        guard need(.complete, "export.json", "selected.json", "lines.ndjson", "proof.json") else {
            return true
        }
        guard let first = export["first"]?.number, let end = export["end"]?.number,
            let size = export["size"]?.number, first <= end, end <= size
        else {
            add(.manipulation, "file export.json", "first, end and size are no stretch of the log")
            return true
        }
        if export["selected"]?.number != selected.count {
            let said = export["selected"]?.short ?? "nothing"
            let what =
                "it says that \(said) events are selected, but selected.json has "
                + "\(selected.count)"
            add(.manipulation, "file export.json", what)
        }
        let query = readQuery()
        for range in selected.ranges {
            if range.lowerBound < first || range.upperBound > end {
                let what = "an event is selected that is not in the stretch"
                add(.manipulation, "event \(range.lowerBound)", what)
            }
            for missing in lines.present.gaps(in: range) {
                let what = "it is selected, but its line is not in the bundle"
                add(.gap, "event \(missing.lowerBound)", what)
            }
        }
        guard export["complete"] == .truth(true) else { return false }
        for missing in lines.present.gaps(in: first..<end) {
            let what =
                missing.count > 1
                ? "events \(missing.lowerBound) to \(missing.upperBound - 1) belong to the stretch "
                    + "but are not in the bundle"
                : "it belongs to the stretch but is not in the bundle"
            add(.gap, "event \(missing.lowerBound)", what)
        }
        if let query {
            checkStart(query, first..<end, size)
            checkEnd(query, first..<end, size)
        }
        return true
    }

    private func add(_ kind: BundleReport.Finding.Kind, _ place: String, _ what: String) {
        report.add(.complete, kind, place, what)
    }

    /// The query, whose times must be those that are said beside it.
    private func readQuery() -> EventSelection? {
        let query: EventSelection
        do throws(AuditProblem) {
            guard let text = export["query"]?.text else { throw .usage("the query is no text") }
            query = try EventSelection(text: text)
        } catch {
            add(.manipulation, "file export.json", shown("\(error)"))
            return nil
        }
        for (name, time) in [("since", query.query.since), ("until", query.query.until)] {
            let said = export[name]?.text
            if said.flatMap({ Timestamp(rfc3339: $0) }) != time || (said == nil) != (time == nil) {
                add(.manipulation, "file export.json", "its \(name) is not that of its query")
            }
        }
        return query
    }

    /// The stretch begins where the query says, and not later.
    private func checkStart(_ query: EventSelection, _ stretch: Range<UInt64>, _ size: UInt64) {
        let first = stretch.lowerBound
        let floor = min(query.from ?? 0, size)
        let since = query.query.since
        if first < floor {
            add(.manipulation, "event \(first)", "the stretch begins before the query's from")
        } else if first > floor {
            if let since {
                checkNeighbour(first - 1, "before", "begins") { $0 < since }
            } else {
                add(.gap, "event \(floor)", "the stretch begins later than its query")
            }
        }
        if let since, !stretch.isEmpty, let time = lines.recorded(first), time < since {
            let what = "it was recorded before the stretch of time"
            add(.manipulation, "event \(first)", what)
        }
    }

    /// The stretch ends where the query says, and not earlier.
    private func checkEnd(_ query: EventSelection, _ stretch: Range<UInt64>, _ size: UInt64) {
        let end = stretch.upperBound
        let roof = min(query.end ?? size, size)
        let until = query.query.until
        if end > roof, !stretch.isEmpty {
            add(.manipulation, "event \(end - 1)", "the stretch ends after the query's end")
        } else if end < roof {
            if let until {
                checkNeighbour(end, "after", "ends") { $0 >= until }
            } else {
                add(.gap, "event \(end)", "the stretch ends earlier than its query")
            }
        }
        if let until, !stretch.isEmpty, let time = lines.recorded(end - 1), time >= until {
            let what = "it was recorded after the stretch of time"
            add(.manipulation, "event \(end - 1)", what)
        }
    }

    private func checkNeighbour(
        _ sequence: UInt64,
        _ side: String,
        _ verb: String,
        isOutside: (Timestamp) -> Bool
    ) {
        guard let time = lines.recorded(sequence) else {
            let what = "the line \(side) the stretch is missing, which proves where it \(verb)"
            return add(.gap, "event \(sequence)", what)
        }
        if !isOutside(time) {
            let what = "it was recorded in the stretch of time, but is not in it"
            add(.gap, "event \(sequence)", what)
        }
    }
}

extension SequenceRanges {
    /// The parts of `range` that these do not hold.
    func gaps(in range: Range<UInt64>) -> [Range<UInt64>] {
        var gaps: [Range<UInt64>] = []
        var next = range.lowerBound
        var place = firstRange(endingAfter: next)
        while next < range.upperBound {
            guard place < ranges.count, ranges[place].lowerBound < range.upperBound else {
                gaps.append(next..<range.upperBound)
                break
            }
            if ranges[place].lowerBound > next { gaps.append(next..<ranges[place].lowerBound) }
            next = ranges[place].upperBound
            place += 1
        }
        return gaps
    }
}
