package import Archive
internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle
internal import POSIX
package import Projections

/// Makes an evidence bundle: the same bytes from the same record, log, definitions and key.
package struct BundleWriter {
    private let plan: BundlePlan
    private let record: ReportRecord
    private let views: Views
    private let extras: BundleExtras

    /// Takes a plan, and the record that tells of it in the log.
    package init(
        _ plan: BundlePlan,
        record: ReportRecord,
        views: Views,
        extras: BundleExtras = BundleExtras()
    ) {
        self.plan = plan
        self.record = record
        self.views = views
        self.extras = extras
    }

    /// Writes the bundle; `progress` is told how many of the selected events are done.
    ///
    /// - Throws: `AuditProblem.refused` if a body is missing that nobody erased, or if the key has
    ///   changed since the log had the size that counts.
    package consuming func write(
        to archive: consuming TarZstdWriter,
        progress: (_ done: UInt64, _ total: UInt64) -> Void = { _, _ in }
    ) throws {
        let contents = try BundleContents()
        let time = record.recorded?.time.microseconds ?? 0
        let modified = UInt64(max(0, time / 1_000_000))
        try views.ledger.read { snapshot in
            let manifestAndNote = try fill(contents, snapshot)
            let own = try BundleContents()
            try own.add("manifest.json", manifestAndNote.manifest)
            try own.add("manifest.note", manifestAndNote.note)
            // README.txt first, that whoever unpacks it sees it first.
            let files = contents.files
            let total = plan.selected.count
            try contents.write(files[0], to: &archive, modified: modified, from: snapshot)
            for file in own.files {
                try own.write(file, to: &archive, modified: modified, from: snapshot)
            }
            var done: UInt64 = 0
            for file in files.dropFirst() {
                try contents.write(file, to: &archive, modified: modified, from: snapshot)
                if case .body = file.origin { done += 1 }
                progress(done, total)
            }
        }
        try archive.finish()
    }

    private func fill(
        _ contents: BundleContents,
        _ snapshot: borrowing Snapshot
    ) throws -> (manifest: [UInt8], note: [UInt8]) {
        guard let stored = try snapshot.checkpoint(size: plan.size) else {
            throw AuditProblem.refused("no checkpoint was signed at size \(plan.size)")
        }
        let checkpoint = [UInt8](copying: stored)
        let events = try BundleEvents(plan, snapshot)
        let document = BundleDocument(plan, record, views.ledger.origin)
        try contents.add("README.txt", Array(document.readme.utf8))
        try contents.add("export.json", document.export)
        try contents.add("checkpoint", checkpoint)
        let keys = try BundleKeys(size: plan.size, in: snapshot)
        try contents.add("keys.json", keys.json)

        var totals = ControlTotals()
        try events.addLines(to: contents, &totals, snapshot)
        try events.addProofs(to: contents, checkpoint, snapshot)
        try events.addBodies(to: contents, snapshot)
        try contents.add("erased.json", CanonicalJSON.list(events.erasures.map(\.object)))
        let amounts = try addAmounts(&totals)
        try contents.add("totals.json", totals.json)
        try contents.add("amounts.ndjson") { append in try amounts.forEachChunk(append) }
        if plan.request.bodies == .whole {
            for definition in try views.definitionTexts() {
                try contents.add("definitions/\(definition.name).yaml", definition.text)
            }
        }
        try addAnchors(to: contents, snapshot)
        for (path, bytes) in Self.verifiers { try contents.add(path, bytes) }

        let manifest = try contents.manifest()
        let note = try views.ledger.sign(document.noteText(manifest: manifest))
        try keys.requireLast(signed: note, size: plan.size)
        return (manifest, note)
    }

    private func addAmounts(_ totals: inout ControlTotals) throws -> Chunks {
        let chunks = try Chunks()
        var text: [UInt8] = []
        try views.forEachAmount(of: plan.selected) { amount in
            totals.add(amount)
            var object = CanonicalObject()
            object.add("amount", amount.currency.decimal(Int128(amount.amount)))
            object.add("column", amount.column)
            object.add("currency", amount.currency.text)
            object.add("projection", amount.projection)
            object.add("sequence", amount.sequence)
            text += object.bytes
            text.append(0x0a)
            if text.count > 1 << 16 {
                try chunks.append(text)
                text.removeAll(keepingCapacity: true)
            }
        }
        try chunks.append(text)
        return chunks
    }

    private func addAnchors(
        to contents: BundleContents,
        _ snapshot: borrowing Snapshot
    ) throws {
        var list: [CanonicalObject] = []
        let anchors = extras.anchors.filter { $0.size <= plan.size && $0.size > 0 }
        for (index, anchor) in anchors.suffix(BundleFormat.anchors).enumerated() {
            let suffix = anchor.kind == "rfc3161" ? "tsr" : "note"
            let number = Decimal.padded(UInt64(index + 1), digits: 3)
            let path = "anchors/\(number).\(suffix)"
            try contents.add(path, anchor.content)
            let proof = try snapshot.consistencyProof(from: anchor.size, to: plan.size)
            var object = CanonicalObject()
            object.add("consistency", json: CanonicalJSON.list(proof?.path ?? []))
            object.add("file", path)
            object.add("kind", anchor.kind)
            object.add("sequence", anchor.sequence)
            object.add("size", anchor.size)
            object.add("time", anchor.time.rfc3339)
            list.append(object)
        }
        try contents.add("anchors.json", CanonicalJSON.list(list))
        if let policy = extras.policy { try contents.add("policy", policy) }
    }

    /// The verifiers that every bundle carries.
    static var verifiers: [(path: String, bytes: [UInt8])] {
        [
            ("verify.py", PackageResources.verify_py),
            ("verify.html", PackageResources.verify_html),
        ]
    }
}

/// Bytes that are made before their place in a bundle comes.
private final class Chunks {
    private let spool: SpoolFile

    init() throws(SystemError) { spool = try SpoolFile() }

    func append(_ bytes: [UInt8]) throws { try spool.append(bytes.span) }

    func forEachChunk(_ body: ([UInt8]) throws -> Void) throws {
        var done = 0
        while done < spool.size {
            let chunk = try spool.read(at: done, atMost: 1 << 20)
            try body(chunk)
            done += chunk.count
        }
    }
}
