internal import Bytes
internal import Digest
internal import Merkle

// Reading: what cannot be read is a problem of its file, which each check that needs it finds.
extension BundleVerifier {
    func readDocuments() throws {
        export = try document("export.json") ?? .null
        if case .object = export {} else { blame("export.json", Wrong("it is no object")) }
        try readKeys()
        try read("checkpoint") { bytes throws(Wrong) in
            let signed = try self.signedNote(bytes)
            self.note = signed
            self.checkpoint = try Self.checkpoint(signed.text)
        }
        try read("proof.json") { bytes throws(Wrong) in
            var reader = try CanonicalReader(bytes)
            self.proof = try Self.proof(&reader)
        }
        try read("selected.json") { bytes throws(Wrong) in
            var reader = try CanonicalReader(bytes)
            self.selected = try Self.ranges(&reader, "selected.json")
            try reader.finish()
            self.report.events = self.selected.count
        }
        try read("erased.json") { bytes throws(Wrong) in
            guard let list = try Self.tree(bytes).list else { throw Wrong("it is no list") }
            self.erased = list
        }
        if files.entries["lines.ndjson"] == nil {
            problems["lines.ndjson"] = Problem(what: "it is missing", isMissing: true)
        }
    }

    /// A file's content, made use of by `body`; what is wrong with it becomes its problem.
    func read(_ path: String, _ body: ([UInt8]) throws(Wrong) -> Void) throws {
        guard let entry = files.entries[path] else {
            problems[path] = Problem(what: "it is missing", isMissing: true)
            return
        }
        do throws(Wrong) {
            guard entry.size <= BundleFormat.documentBytes else {
                throw Wrong("it has more than \(BundleFormat.documentBytes) bytes")
            }
        } catch {
            return blame(path, error)
        }
        let content = try files.content(path) ?? []
        do throws(Wrong) { try body(content) } catch { blame(path, error) }
    }

    private func blame(_ path: String, _ wrong: Wrong) {
        // The first problem is the one that matters.
        if problems[path] == nil { problems[path] = Problem(what: wrong.what, isMissing: false) }
    }

    func document(_ path: String) throws -> BundleTree? {
        var tree: BundleTree?
        try read(path) { bytes throws(Wrong) in tree = try Self.tree(bytes) }
        return tree
    }

    static func tree(_ bytes: [UInt8]) throws(Wrong) -> BundleTree {
        var reader = try CanonicalReader(bytes)
        let tree = try reader.tree()
        try reader.finish()
        return tree
    }

    func signedNote(_ bytes: [UInt8]) throws(Wrong) -> SignedNote {
        do throws(NoteError) { return try SignedNote(bytes.span) } catch {
            throw Wrong("it is no signed note: \(error)")
        }
    }

    static func checkpoint(_ text: [UInt8]) throws(Wrong) -> Checkpoint {
        do throws(CheckpointError) { return try Checkpoint(text.span) } catch {
            throw Wrong("it is no checkpoint: \(error)")
        }
    }

    /// A list of hashes in base64, at most `most` of them.
    static func hashes(
        _ tree: BundleTree?,
        _ what: String,
        most: Int = 64
    ) throws(Wrong) -> [Hash256] {
        guard let list = tree?.list, list.count <= most else {
            throw Wrong("\(what) is no list of hashes")
        }
        var hashes: [Hash256] = []
        for element in list { hashes.append(try hash(element.text, what)) }
        return hashes
    }

    private static func hash(_ text: String?, _ what: String) throws(Wrong) -> Hash256 {
        let bytes = Array((text ?? "").utf8)
        guard let hash = Hash256(base64: bytes.span) else {
            throw Wrong("\(what) has a hash that is not of 32 bytes in base64")
        }
        return hash
    }

    private static func proof(
        _ reader: inout CanonicalReader
    ) throws(Wrong) -> (size: UInt64, included: SequenceRanges, hashes: [Hash256]) {
        var hashes: [Hash256]?
        var included: SequenceRanges?
        var size: UInt64?
        try reader.object { (reader, name) throws(Wrong) in
            switch name {
            case "hashes":
                var found: [Hash256] = []
                try reader.list { (reader) throws(Wrong) in
                    found.append(try hash(try reader.string(), "proof.json"))
                }
                hashes = found
            case "included": included = try ranges(&reader, "proof.json")
            case "size": size = try reader.number()
            default: _ = try reader.tree()
            }
        }
        try reader.finish()
        guard let hashes, let included, let size else {
            throw Wrong("it lacks its hashes, its ranges or its size")
        }
        guard included.ranges.last.map({ $0.upperBound <= size }) ?? true else {
            throw Wrong("it has a range beyond the log's \(size) events")
        }
        // Each line costs memory before anything can be checked; besides those that are selected
        // there are at most as many acts of erasure, and two neighbours.
        guard included.count <= 2 * BundleFormat.lines + 2 else {
            throw Wrong("it names more than \(2 * BundleFormat.lines + 2) lines")
        }
        return (size, included, hashes)
    }

    /// Half-open ranges of sequences, ascending and apart.
    private static func ranges(
        _ reader: inout CanonicalReader,
        _ name: String
    ) throws(Wrong) -> SequenceRanges {
        var ranges = SequenceRanges()
        var last: UInt64 = 0
        try reader.list { (reader) throws(Wrong) in
            var ends: [UInt64] = []
            try reader.list { (reader) throws(Wrong) in ends.append(try reader.number()) }
            guard ends.count == 2, last <= ends[0], ends[0] < ends[1] else {
                throw Wrong("\(name) has a range that is none or out of order")
            }
            last = ends[1]
            ranges.append(ends[0]..<ends[1])
        }
        return ranges
    }

    /// The keys as they are listed; whether they follow from each other is for the check.
    private func readKeys() throws {
        try read("keys.json") { bytes throws(Wrong) in
            guard let list = try Self.tree(bytes).list, !list.isEmpty else {
                throw Wrong("it lists no keys")
            }
            guard list.count <= BundleFormat.keys else {
                throw Wrong("it lists more than \(BundleFormat.keys) keys")
            }
            var keys: [KeyRecord] = []
            for tree in list {
                guard let sequence = tree["sequence"]?.number, let text = tree["vkey"]?.text else {
                    throw Wrong("it lists something that is no key")
                }
                keys.append(try Self.key(text, sequence, tree))
            }
            self.keys = keys
            self.report.vkey = keys.last.map { "\($0.vkey)" } ?? ""
            self.report.origin = keys.last?.vkey.name ?? ""
        }
    }

    private static func key(
        _ text: String,
        _ sequence: UInt64,
        _ tree: BundleTree
    ) throws(Wrong) -> KeyRecord {
        do {
            let vkey = try VKey(text, using: SHA256.self)
            let key = try VerifyingKey(publicKey: vkey.publicKey)
            return KeyRecord(vkey: vkey, key: key, sequence: sequence, tree: tree)
        } catch {
            throw Wrong("\(shown(text)) is no key: \(error)")
        }
    }
}
