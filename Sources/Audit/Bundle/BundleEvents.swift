internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

/// The events of a bundle: their lines, proofs and bodies.
struct BundleEvents {
    /// Selected events whose bodies were erased.
    let erasures: [Erasure]
    private let plan: BundlePlan
    private let included: SequenceRanges

    /// Finds out which bodies were erased.
    ///
    /// - Throws: `AuditProblem.refused` for a body that is missing without an event that tells why.
    init(_ plan: BundlePlan, _ snapshot: borrowing Snapshot) throws {
        self.plan = plan
        var erasures: [Erasure] = []
        for range in plan.selected.ranges {
            var events = try snapshot.events(in: range)
            while try events.next() {
                guard let hash = events.line.bodyHash, events.body == nil else { continue }
                let sequence = events.sequence
                guard let erasure = try Erasure(of: sequence, hash, in: snapshot) else {
                    guard plan.request.bodies == .digests else {
                        throw AuditProblem.refused(
                            "the body of event \(sequence) is missing and no event tells of its "
                                + "erasure; see \"daybook verify\", or export with --no-bodies"
                        )
                    }
                    continue
                }
                guard erasure.by < plan.size else {
                    throw AuditProblem.refused(
                        "the body of event \(sequence) was erased by event \(erasure.by), after "
                            + "the log had \(plan.size) events; export the log as it is now"
                    )
                }
                erasures.append(erasure)
            }
        }
        self.erasures = erasures
        included = plan.included(erasures: erasures)
    }

    /// Adds the lines and counts the selected ones.
    func addLines(
        to contents: BundleContents,
        _ totals: inout ControlTotals,
        _ snapshot: borrowing Snapshot
    ) throws {
        try contents.add("lines.ndjson") { append in
            var text: [UInt8] = []
            for range in included.ranges {
                try snapshot.forEachLine(from: range.lowerBound) { sequence, line in
                    guard sequence < range.upperBound else { return false }
                    if plan.selected.contains(sequence) { totals.add(sequence, line) }
                    text.append(span: line.bytes)
                    text.append(0x0a)
                    if text.count > 1 << 16 {
                        try append(text)
                        text.removeAll(keepingCapacity: true)
                    }
                    return true
                }
            }
            try append(text)
        }
    }

    /// Adds what proves the lines, all together and, where they are few, each on its own.
    func addProofs(
        to contents: BundleContents,
        _ checkpoint: [UInt8],
        _ snapshot: borrowing Snapshot
    ) throws {
        let hashes = try RangeProof.hashes(for: included, size: plan.size) {
            try snapshot.root(from: $0, count: $1)
        }
        var proof = CanonicalObject()
        proof.add("hashes", json: CanonicalJSON.list(hashes))
        proof.add("included", json: included.json)
        proof.add("size", plan.size)
        try contents.add("proof.json", proof.bytes)
        try contents.add("selected.json", plan.selected.json)
        guard plan.request.hasProofs || plan.selected.count <= BundleFormat.fewEvents else {
            return
        }
        for range in plan.selected.ranges {
            for sequence in range {
                guard let proof = try snapshot.inclusionProof(of: sequence, size: plan.size) else {
                    throw LedgerError.beyondEnd(sequence: sequence, size: plan.size)
                }
                let text = TLogProof(index: sequence, path: proof.path, checkpoint: checkpoint)
                try contents.add(
                    BundleFormat.path("proofs", sequence, ".tlog-proof"),
                    text.bytes
                )
            }
        }
    }

    /// Adds the bodies of the selected events in the form that was asked for.
    func addBodies(to contents: BundleContents, _ snapshot: borrowing Snapshot) throws {
        guard plan.request.bodies != .digests else { return }
        var ranges = plan.selected.ranges
        // What an act of erasure names stands in its body.
        if plan.request.bodies == .whole { ranges += erasures.map { $0.by..<$0.by + 1 } }
        for range in SequenceRanges(ranges).ranges {
            var events = try snapshot.events(in: range)
            while try events.next() {
                guard let hash = events.line.bodyHash, let record = events.body else { continue }
                if plan.request.bodies == .whole {
                    try contents.addBody(events.sequence, size: record.count, hash: hash)
                    continue
                }
                guard let layout = BodyLayout(record) else { continue }
                let content = record.extracting(layout.content)
                try contents.add(
                    BundleFormat.path("redacted", events.sequence, ".json"),
                    Redaction.json(content, mediaType: events.line.text(.datacontenttype))
                )
            }
        }
    }
}
