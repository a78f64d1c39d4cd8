internal import Bytes
internal import Digest
internal import Merkle

// What others said of the log.
extension BundleVerifier {
    func checkAnchors() throws -> Bool {
        let list = try document("anchors.json")
        guard need(.anchors, "anchors.json", "checkpoint", "keys.json"), let checkpoint, let note
        else {
            return true
        }
        guard let anchors = list?.list else { throw Wrong("anchors.json is no list") }
        let witnesses = try readWitnesses()
        checkCosignatures("checkpoint", note, checkpoint, witnesses)
        var roots = [checkpoint.size: checkpoint.root]
        var listed: Set<String> = []
        // Notes first: they tell the roots that time stamps are about.
        for kind in ["witness", "rfc3161"] {
            for anchor in anchors where anchor["kind"]?.text == kind {
                guard let file = anchor["file"]?.text else { continue }
                let path = file.hasPrefix("anchors/") ? file : "anchors/\(file)"
                listed.insert(path)
                let content = try files.content(path, limit: SignedNote.longestNote)
                do throws(Wrong) {
                    try checkAnchor(anchor, kind, path, content, checkpoint, witnesses, &roots)
                } catch {
                    report.add(.anchors, .manipulation, "file \(shown(path))", error.what)
                }
            }
        }
        let isOdd = anchors.contains { anchor in
            anchor["file"]?.text == nil || !["witness", "rfc3161"].contains(anchor["kind"]?.text)
        }
        if isOdd {
            let what = "it lists something that is no anchor"
            report.add(.anchors, .manipulation, "file anchors.json", what)
        }
        for path in files.entries.keys.sorted() where path.hasPrefix("anchors/") {
            guard !listed.contains(path) else { continue }
            report.add(.anchors, .manipulation, "file \(path)", "anchors.json does not list it")
        }
        return !anchors.isEmpty
    }

    private func checkAnchor(
        _ anchor: BundleTree,
        _ kind: String,
        _ path: String,
        _ content: [UInt8]?,
        _ checkpoint: Checkpoint,
        _ witnesses: [VKey],
        _ roots: inout [UInt64: Hash256]
    ) throws(Wrong) {
        guard let entry = files.entries[path] else {
            let what = "anchors.json lists it, but it is not in the bundle"
            return report.add(.anchors, .gap, "file \(shown(path))", what)
        }
        guard let content, entry.size <= SignedNote.longestNote, let size = anchor["size"]?.number,
            size > 0, size <= checkpoint.size
        else { throw Wrong("it is no anchor of a part of this log") }
        let proof = try Self.hashes(anchor["consistency"], "its consistency proof")
        guard kind == "witness" else {
            return try checkStamp(path, content, size, proof, checkpoint, roots[size])
        }
        let note = try signedNote(content)
        let other = try Self.checkpoint(note.text)
        guard other.hasOrigin(checkpoint.origin), other.size == size else {
            throw Wrong("it is of another log or size than anchors.json says")
        }
        try Self.requireBeginning(other, of: checkpoint, proof)
        roots[size] = other.root
        if let key = key(at: size), note.signatures.contains(where: key.vkey.isNamed) {
            try note.require(key)
        }
        checkCosignatures(path, note, other, witnesses)
    }

    /// A time stamp is over the checkpoint of its size, whose root another note or the proof tells.
    private func checkStamp(
        _ path: String,
        _ content: [UInt8],
        _ size: UInt64,
        _ proof: [Hash256],
        _ checkpoint: Checkpoint,
        _ root: Hash256?
    ) throws(Wrong) {
        let reply: TimestampReply
        do throws(TimestampError) {
            reply = try TimestampReply(content)
        } catch {
            throw Wrong("it is no time stamp: \(error)")
        }
        var root = root
        // The proof begins with the old root, unless that is a node of the new tree itself.
        if root == nil, size & (size - 1) != 0, let old = Self.oldRoot(size, checkpoint.size, proof)
        {
            root = old
        }
        guard let root, let old = try? Checkpoint(origin: checkpoint.origin, size: size, root: root)
        else {
            let what = "no checkpoint of this size is in the bundle to compare the time stamp with"
            return report.add(.anchors, .notice, "file \(path)", what)
        }
        try Self.requireBeginning(old, of: checkpoint, proof)
        let text = old.text
        let digest = SHA256.hash(text.span)
        guard reply.digest == digest else {
            throw Wrong("it stamps something else than the checkpoint of \(size) events")
        }
        if !authorities.isEmpty { try requireSigned(reply, digest) }
        stamps[size] = reply.time.short
        guard authorities.isEmpty else { return }
        let what = "the signature of the time stamp authority is not checked here"
        report.add(.anchors, .notice, "file \(path)", what)
    }

    private func requireSigned(_ reply: TimestampReply, _ digest: Hash256) throws(Wrong) {
        do {
            let query = TimestampQuery(digest: digest, nonce: nil)
            _ = try reply.check(query, roots: authorities)
        } catch {
            throw Wrong("no authority that is believed signed it: \(error)")
        }
    }

    /// The root of an older tree as a consistency proof has it, for a size that is no power of two.
    private static func oldRoot(_ size: UInt64, _ newSize: UInt64, _ path: [Hash256]) -> Hash256? {
        guard var hash = path.first else { return nil }
        var (node, last) = (size - 1, newSize - 1)
        while node & 1 == 1 { (node, last) = (node >> 1, last >> 1) }
        for sibling in path.dropFirst() {
            guard last > 0 else { return nil }
            if node & 1 == 1 || node == last {
                hash = SHA256.node(sibling, hash)
                while node & 1 == 0, node != 0 { (node, last) = (node >> 1, last >> 1) }
            }
            (node, last) = (node >> 1, last >> 1)
        }
        return hash
    }

    private func checkCosignatures(
        _ path: String,
        _ note: SignedNote,
        _ checkpoint: Checkpoint,
        _ witnesses: [VKey]
    ) {
        for signature in note.signatures {
            guard let cosignature = Cosignature(signature.bytes.span) else { continue }
            guard let witness = witnesses.first(where: { $0.isNamed(by: signature) }) else {
                let what =
                    "the countersignature of \(shown(signature.name)) cannot be checked: the "
                    + "bundle's policy does not name that witness"
                report.add(.anchors, .notice, "file \(path)", what)
                continue
            }
            let message = Cosignature.message(
                timestamp: cosignature.timestamp,
                text: note.text.span
            )
            let key = try? VerifyingKey(publicKey: witness.publicKey)
            guard key?.verify(cosignature.signature.span, message.span) == true else {
                let what = "the countersignature of \(witness.name) is wrong"
                report.add(.anchors, .manipulation, "file \(path)", what)
                continue
            }
            let seen = (checkpoint.size, cosignature.timestamp)
            if countersigned[witness.name].map({ $0 < seen }) ?? true {
                countersigned[witness.name] = seen
            }
        }
    }

    /// The witnesses that the bundle's policy names (C2SP tlog-policy).
    private func readWitnesses() throws -> [VKey] {
        guard let content = try files.content("policy") else { return [] }
        var witnesses: [VKey] = []
        for line in String(decoding: content, as: UTF8.self).split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.first == "witness" else { continue }
            guard words.count == 3 || words.count == 4,
                let key = try? VKey(String(words[2]), using: SHA256.self), key.type == .cosignature
            else {
                let what = "it has a witness line that is none"
                report.add(.anchors, .manipulation, "file policy", what)
                return []
            }
            witnesses.append(key)
        }
        return witnesses
    }
}
