import Bytes
import Digest
import Ledger
import Merkle
import POSIX

/// A log taken apart into its lines, to be changed and put together again with everything that can
/// be computed from them: links, leaf hashes, tiles, the index of ids.
///
/// Signatures take a key.
struct Forger {
    let original: LogImage
    var image: LogImage
    /// The lines as they are to be.
    private(set) var lines: [[UInt8]]
    let origin: String

    init(_ raw: RawLog) throws {
        original = try raw.read()
        image = original
        lines = original[.lines].map(\.value)
        origin = String(decoding: original.value(.meta, Array("origin".utf8)) ?? [], as: UTF8.self)
    }

    /// What makes the real log the forged one.
    var changes: [RawLog.Change] { original.changes(to: image) }

    /// A copy of a line with other text, put at the end of the log and linked to it.
    ///
    /// It is as recorded a microsecond later than the last line, or in the same commit.
    mutating func append(
        _ model: [UInt8],
        replacing texts: [(String, String)],
        inSameCommit: Bool = false
    ) {
        var line = model
        for (old, new) in texts { line = Forger.replace(old, with: new, in: line) }
        let last = Forger.time(lines[lines.count - 1])
        let time = Timestamp(microseconds: last.microseconds + (inSameCommit ? 0 : 1))
        line = Forger.replace(Forger.time(line).rfc3339, with: time.rfc3339, in: line)
        lines.append(line)
        relink(from: lines.count - 1)
        register(lines.count - 1)
        rebuild()
    }

    /// Changes the bytes of a line and links every later line to what it has become.
    mutating func change(_ sequence: Int, _ body: ([UInt8]) -> [UInt8]) {
        lines[sequence] = body(lines[sequence])
        relink(from: sequence + 1)
        rebuild()
    }

    /// Cuts the log after `size` lines, with every trace of what followed.
    mutating func cut(to size: Int) {
        lines.removeLast(lines.count - size)
        image[.bodies].removeAll { $0.number >= size }
        image[.checkpoints].removeAll { $0.number > size }
        image[.ids].removeAll { (LittleEndian.uint64($0.value.span, at: 0) ?? 0) >= size }
        rebuild()
    }

    /// Root of the first `size` lines.
    func root(_ size: Int) -> Hash256 {
        var tree = HashTree()
        for line in lines.prefix(size) { tree.append(SHA256.leaf(line.span)) }
        return tree.root
    }

    /// Stores a checkpoint of the first `size` lines under a key of the attacker's choice.
    mutating func sign(_ size: Int, with key: NoteKey) throws {
        let checkpoint = try Checkpoint(origin: origin, size: UInt64(size), root: root(size))
        setCheckpoint(size, try key.note(over: checkpoint.text))
    }

    /// Stores a note as the checkpoint of the first `size` lines; `nil` removes it.
    mutating func setCheckpoint(_ size: Int, _ note: [UInt8]?) {
        set(.checkpoints, RawLog.key(UInt64(size)), note)
    }

    /// Stores a record of any table; `nil` removes it.
    mutating func set(_ table: RawLog.Table, _ key: [UInt8], _ value: [UInt8]?) {
        image[table].removeAll { $0.key == key }
        if let value { image[table].append(RawLog.Record(key: key, value: value)) }
    }

    /// Stores a text of the `meta` table.
    mutating func setMeta(_ key: String, _ value: String) {
        set(.meta, Array(key.utf8), Array(value.utf8))
    }

    /// Puts the id of a line into the index.
    private mutating func register(_ sequence: Int) {
        let bytes = lines[sequence]
        let line = Line(bytes.span)
        guard line.outcome?.takesEffect == true, let source = line.text(.source),
            let id = line.text(.id)
        else { return }
        set(.ids, Forger.idKey(source, id), RawLog.key(UInt64(sequence)))
    }

    static func idKey(_ source: String, _ id: String) -> [UInt8] {
        let text = Array(source.utf8) + [0] + Array(id.utf8)
        return SHA256.hash(text.span).withSpan { [UInt8](copying: $0) }
    }

    private mutating func relink(from first: Int) {
        for sequence in max(first, 1)..<max(lines.count, first, 1) {
            var text = lines[sequence]
            guard let (hash, number) = Forger.links(text) else { continue }
            let previous = lines[sequence - 1]
            let leaf = SHA256.leaf(previous.span).description
            let padded = Decimal.padded(UInt64(sequence), digits: 20)
            text = Forger.replace(
                "\"prevhash\":\"\(hash)",
                with: "\"prevhash\":\"\(leaf)",
                in: text
            )
            text = Forger.replace(
                "\"sequence\":\"\(number)",
                with: "\"sequence\":\"\(padded)",
                in: text
            )
            lines[sequence] = text
        }
    }

    private static func time(_ bytes: [UInt8]) -> Timestamp {
        Line(bytes.span).recordedTime ?? .min
    }

    private static func links(_ bytes: [UInt8]) -> (hash: String, sequence: String)? {
        let line = Line(bytes.span)
        guard let hash = line.text(.prevhash), let number = line.text(.sequence) else { return nil }
        return (hash, number)
    }

    private mutating func rebuild() {
        image[.lines] = lines.enumerated().map {
            RawLog.Record(key: RawLog.key(UInt64($0)), value: $1)
        }
        var tiles: [RawLog.Record] = []
        var hashes = lines.map { SHA256.leaf($0.span) }
        var level: UInt64 = 0
        while !hashes.isEmpty {
            var parents: [Hash256] = []
            for start in stride(from: 0, to: hashes.count, by: 256) {
                var bytes: [UInt8] = []
                var tree = HashTree()
                for hash in hashes[start..<min(start + 256, hashes.count)] {
                    hash.append(to: &bytes)
                    tree.append(hash)
                }
                tiles.append(
                    RawLog.Record(key: RawLog.key(level << 56 | UInt64(start / 256)), value: bytes)
                )
                if bytes.count == 256 * 32 { parents.append(tree.root) }
            }
            hashes = parents
            level += 1
        }
        image[.tiles] = tiles
    }

    /// Replaces the first place where `old` stands, if there is one.
    static func replace(_ old: String, with new: String, in bytes: [UInt8]) -> [UInt8] {
        replace(old, with: Array(new.utf8), in: bytes)
    }

    /// Replaces the first place where `old` stands, if there is one; `new` need not be UTF-8.
    static func replace(_ old: String, with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        let pattern = Array(old.utf8)
        guard !pattern.isEmpty, bytes.count >= pattern.count else { return bytes }
        for start in 0...(bytes.count - pattern.count)
        where bytes[start] == pattern[0]
            && bytes[start..<start + pattern.count].elementsEqual(pattern)
        {
            return bytes[..<start] + new + bytes[(start + pattern.count)...]
        }
        return bytes
    }
}

/// RFC 6962 roots, computed in another way than the code under test does it: by pairs of equal
/// subtrees on a stack.
struct HashTree {
    private var peaks: [(height: Int, hash: Hash256)] = []

    mutating func append(_ leaf: Hash256) {
        var node = (height: 0, hash: leaf)
        while let last = peaks.last, last.height == node.height {
            node = (node.height + 1, SHA256.node(last.hash, node.hash))
            peaks.removeLast()
        }
        peaks.append(node)
    }

    var root: Hash256 {
        let nothing: [UInt8] = []
        guard var hash = peaks.last?.hash else { return SHA256.hash(nothing.span) }
        for peak in peaks.dropLast().reversed() { hash = SHA256.node(peak.hash, hash) }
        return hash
    }
}

/// An Ed25519 key that signs notes: one of the ledger's own, or an attacker's.
struct NoteKey {
    let vkey: VKey
    private let key: SigningKey

    /// A key nobody knows, under the log's name.
    init(name: String) throws {
        key = try SigningKey.generate()
        vkey = try VKey(name: name, publicKey: key.publicKey, using: SHA256.self)
    }

    /// The private key that lies in a ledger's folder.
    init(ledger path: String) throws {
        let name = try Files.list("\(path)/keys")[0]
        let text = try Files.read("\(path)/keys/\(name)")
        let secret = try SKey(text.span.extracting(..<(text.count - 1)))
        key = try SigningKey(seed: secret.seed)
        vkey = try secret.vkey(publicKey: key.publicKey, using: SHA256.self)
    }

    func signature(over text: [UInt8]) throws -> SignedNote.Signature {
        try SignedNote.Signature(
            name: vkey.name,
            keyID: vkey.keyID,
            bytes: try key.sign(text.span)
        )
    }

    func note(over text: [UInt8]) throws -> [UInt8] {
        try SignedNote(text: text, signatures: [try signature(over: text)]).bytes
    }
}
