internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

// What is signed: manifest, signature, keys, checkpoint.
extension BundleVerifier {
    func checkManifest() throws -> Bool {
        var listed: Set<String> = []
        var format = ""
        try read("manifest.json") { bytes throws(Wrong) in
            var reader = try CanonicalReader(bytes)
            try reader.object { (reader, name) throws(Wrong) in
                switch name {
                case "files":
                    try reader.list { (reader) throws(Wrong) in
                        self.checkFile(try reader.tree(), &listed)
                    }
                case "format": format = try reader.string()
                default: _ = try reader.tree()
                }
            }
            try reader.finish()
        }
        guard need(.manifest, "manifest.json") else { return true }
        if format != BundleFormat.name {
            let what = "its format is not \(BundleFormat.name)"
            report.add(.manifest, .manipulation, "file manifest.json", what)
        }
        let own = ["manifest.json", "manifest.note"]
        for path in files.entries.keys.sorted() where !listed.contains(path) && !own.contains(path)
        {
            let what = "it is in the bundle, but not in its manifest"
            report.add(.manifest, .manipulation, "file \(path)", what)
        }
        return true
    }

    private func checkFile(_ file: BundleTree, _ listed: inout Set<String>) {
        guard let path = file["path"]?.text else {
            let what = "it lists a file without a path"
            return report.add(.manifest, .manipulation, "file manifest.json", what)
        }
        let place = "file \(shown(path))"
        func add(_ kind: BundleReport.Finding.Kind, _ what: String) {
            report.add(.manifest, kind, place, what)
        }
        if !listed.insert(path).inserted { add(.manipulation, "it is listed twice") }
        guard let entry = files.entries[path] else {
            return add(.gap, "the manifest lists it, but it is not in the bundle")
        }
        guard let size = file["size"]?.number, size == UInt64(entry.size) else {
            let said = file["size"]?.short ?? "nothing"
            let what = "it has \(entry.size) bytes, not the \(said) that the manifest says"
            return add(.manipulation, what)
        }
        if file["sha256"]?.text != entry.hash.description {
            add(.manipulation, "its content is not what the manifest says (SHA-256 differs)")
        }
    }

    func checkSignature() throws -> Bool {
        var signed: SignedNote?
        try read("manifest.note") { bytes throws(Wrong) in signed = try self.signedNote(bytes) }
        guard need(.signature, "manifest.note", "manifest.json", "keys.json", "export.json"),
            let signed, let last = keys.last, let manifest = files.entries["manifest.json"]
        else { return true }
        let place = "file manifest.note"
        func add(_ what: String) { report.add(.signature, .manipulation, place, what) }
        let lines = String(decoding: signed.text, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count == 5, lines[4].isEmpty, lines[0] == BundleFormat.name else {
            add("it is no note of an evidence bundle (\(BundleFormat.name))")
            return true
        }
        do throws(Wrong) { try signed.require(last) } catch { add(error.what) }
        if lines[3] != manifest.hash.withSpan({ Base64.encode($0) }) {
            add("it signs another manifest than the one in this bundle")
        }
        if lines[1] != export["origin"]?.text {
            add("it is of the log \(shown(lines[1])), not of the bundle's")
        }
        if lines[2] != export["size"]?.number.map({ "\($0)" }) {
            add("it is of a log of \(shown(lines[2])) events, not of the bundle's")
        }
        return true
    }

    func checkKeys() throws -> Bool {
        guard need(.keys, "keys.json", "checkpoint"), let checkpoint else { return true }
        var last: UInt64?
        for (index, record) in keys.enumerated() {
            do throws(Wrong) {
                if let last, record.sequence <= last { throw Wrong("the keys are not in order") }
                last = record.sequence
                try checkKey(index, record, checkpoint)
            } catch {
                let place = "event \(record.sequence)"
                report.add(.keys, .manipulation, place, "key \(index + 1): \(error.what)")
            }
        }
        if let pinned, !keys.contains(where: { $0.vkey == pinned }) {
            let what = "the key that you gave is none of this ledger's keys"
            report.add(.keys, .manipulation, "file keys.json", what)
        }
        return true
    }

    private func checkKey(
        _ index: Int,
        _ record: KeyRecord,
        _ checkpoint: Checkpoint
    ) throws(Wrong) {
        let bytes = Array((record.tree["line"]?.text ?? "").utf8)
        let line = Line(bytes.span)
        guard line.canonicalFault == nil, line.sequence == record.sequence,
            AdminEvent.namedKey(line) == "\(record.vkey)"
        else { throw Wrong("the event does not name this key") }
        let isFirst = line.text(.type) == "daybook.ledger.created"
        guard (index == 0) == isFirst, (index == 0) == (record.sequence == 0) else {
            throw Wrong(
                index == 0
                    ? "the first key is not that of the log's first event"
                    : "the event is no change of the key"
            )
        }
        let path = try Self.hashes(record.tree["path"], "its inclusion path")
        let proof = InclusionProof(index: record.sequence, size: checkpoint.size, path: path)
        let root = try? proof.root(leaf: SHA256.leaf(bytes.span), using: SHA256.self)
        guard root == checkpoint.root else {
            throw Wrong("the event is not in the log of the checkpoint")
        }
        if index > 0 { try checkChange(to: record, from: keys[index - 1], checkpoint) }
    }

    private func checkChange(
        to record: KeyRecord,
        from previous: KeyRecord,
        _ checkpoint: Checkpoint
    ) throws(Wrong) {
        guard let text = record.tree["checkpoint"]?.text else {
            throw Wrong("the checkpoint that hands over to it is missing")
        }
        let handing: Checkpoint
        do throws(Wrong) {
            let note = try signedNote(Array(text.utf8))
            handing = try Self.checkpoint(note.text)
            try note.require(previous)
        } catch {
            throw Wrong("of the checkpoint that hands over to it: \(error.what)")
        }
        guard handing.hasOrigin(checkpoint.origin), handing.size == record.sequence + 1 else {
            throw Wrong("the checkpoint that hands over to it is of another log or size")
        }
        let path = try Self.hashes(record.tree["consistency"], "its consistency proof")
        try Self.requireBeginning(handing, of: checkpoint, path)
    }

    /// Refuses a proof that does not show one checkpoint's log to begin that of another.
    static func requireBeginning(
        _ old: Checkpoint,
        of new: Checkpoint,
        _ path: [Hash256]
    ) throws(Wrong) {
        let proof = ConsistencyProof(oldSize: old.size, newSize: new.size, path: path)
        do throws(ProofError) {
            try proof.verify(oldRoot: old.root, newRoot: new.root, using: SHA256.self)
        } catch {
            throw Wrong(
                "the log of \(old.size) events is not the beginning of the log of \(new.size)"
            )
        }
    }

    func checkCheckpoint() throws -> Bool {
        guard need(.checkpoint, "checkpoint", "keys.json", "export.json"), let checkpoint, let note,
            let key = key(at: checkpoint.size)
        else { return true }
        func add(_ what: String, _ file: String = "checkpoint") {
            report.add(.checkpoint, .manipulation, "file \(file)", what)
        }
        do throws(Wrong) { try note.require(key) } catch { add(error.what) }
        if !checkpoint.hasOrigin(export["origin"]?.text ?? "") {
            add(
                "it is of the log \(shown(checkpoint.origin)), not of export.json's"
            )
        }
        if checkpoint.size != export["size"]?.number {
            add("it is of \(checkpoint.size) events, not of as many as export.json says")
        }
        if export["format"]?.text != BundleFormat.name {
            add("its format is not \(BundleFormat.name)", "export.json")
        }
        return true
    }
}
