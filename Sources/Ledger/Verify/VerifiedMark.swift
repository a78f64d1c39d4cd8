internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle
internal import POSIX

/// The signed statement that a verification read everything up to some size and found it sound.
///
/// A signed note: a first line that no checkpoint can have, origin, size, root in base64, time.
struct VerifiedMark: Sendable {
    let size: UInt64
    let root: Hash256
    let time: String
    private static let title = "daybook.verified/v1"

    static func file(_ ledger: String) -> String { "\(ledger)/verified" }

    /// The mark of the last whole verification, if it is signed by the log's key and fits the log.
    static func read(
        _ ledger: String,
        _ log: LogExtent,
        _ store: Store,
        _ findings: inout Findings
    ) throws -> VerifiedMark? {
        guard let bytes = try? Files.read(file(ledger), limit: 1 << 16) else { return nil }
        let root: (UInt64) -> Hash256? = { size in
            try? store.environment.read { transaction in
                let snapshot = Snapshot(transaction, store)
                return try snapshot.size >= size ? snapshot.root(size: size) : nil
            }
        }
        // A key that the skipped part names lends the mark its trust only if the key before it
        // signed for the change.
        var doubts = Findings()
        let history = try store.environment.read { transaction in
            let snapshot = Snapshot(transaction, store)
            let named = try KeyHistory.scan(snapshot, 0..<log.size)
            let history = KeyHistory(named, log: log, pinned: nil, &doubts)
            try history.proveChanges(snapshot, &doubts)
            return history
        }
        if doubts.counts.isEmpty,
            let mark = VerifiedMark(bytes, origin: log.origin, vkeys: history.list.map(\.vkey)),
            root(mark.size) == mark.root
        {
            return mark
        }
        findings.add(
            Finding(
                .notice,
                .ledger("verified"),
                "the mark of an earlier verification",
                expected: "a signed mark that fits this log",
                found: "one that does not; all is read"
            )
        )
        return nil
    }

    init(size: UInt64, root: Hash256, time: String) {
        self.size = size
        self.root = root
        self.time = time
    }

    private init?(_ bytes: [UInt8], origin: String, vkeys: [String]) {
        guard let note = try? SignedNote(bytes.span) else { return nil }
        let isSigned = vkeys.contains { text in
            guard let vkey = try? VKey(text, using: SHA256.self),
                let key = try? VerifyingKey(publicKey: vkey.publicKey)
            else { return false }
            return note.signatures.contains {
                $0.keyID == vkey.keyID && key.verify($0.bytes.span, note.text.span)
            }
        }
        let lines = String(repairing: note.text.span).split(separator: "\n")
        guard isSigned, lines.count == 5, lines[0] == Self.title, lines[1] == origin,
            let size = UInt64(lines[2]), let root = Hash256(base64: lines[3].utf8Span.span)
        else { return nil }
        self.init(size: size, root: root, time: String(lines[4]))
    }

    /// The note's text, to be signed.
    func text(origin: String) -> [UInt8] {
        let root = root.withSpan { Base64.encode($0) }
        return Array("\(Self.title)\n\(origin)\n\(size)\n\(root)\n\(time)\n".utf8)
    }
}

extension VerifyReport {
    /// Signs and stores the mark that everything up to this report's end was read and sound.
    ///
    /// - Returns: whether it was stored; it is not after a partial or unsound run.
    /// - Throws: `LedgerError` when the ledger's key cannot be read or the folder not be written.
    package func storeMark(ledger path: String) throws(LedgerError) -> Bool {
        guard isSound, range.upperBound == size, range.lowerBound <= resumedFrom,
            let root, let vkey = keys.last?.vkey
        else { return false }
        let signer = try KeyFiles(ledger: path).load(vkey)
        let time = Timestamp(microseconds: Clock.microseconds).short
        let mark = VerifiedMark(size: size, root: root, time: time)
        let note = try signer.note(over: mark.text(origin: origin))
        do throws(SystemError) {
            try Files.replace(VerifiedMark.file(path), with: note)
        } catch {
            throw .system(error)
        }
        return true
    }
}
