internal import Bytes
internal import Digest
internal import Merkle
internal import POSIX

/// The highest head this machine knows, kept outside the ledger's folder.
///
/// A restored old copy of the ledger, or one whose tail was cut, is noticed by it. The file holds
/// the checkpoint's signed note. It may lag behind the log by a second, never lead it.
struct HeadFile: Sendable {
    /// Where the file lies.
    let path: String

    /// A head that was stored: the checkpoint, and the signed note it stands in.
    struct Stored: Sendable {
        let checkpoint: Checkpoint
        let note: [UInt8]

        var size: UInt64 { checkpoint.size }
        var root: Hash256 { checkpoint.root }
    }

    /// What was last stored; `nil` if the file does not exist.
    func read() throws(LedgerError) -> Stored? {
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, limit: 1 << 16)
        } catch {
            if error.isMissing { return nil }
            throw .system(error)
        }
        do {
            let note = try SignedNote(bytes.span)
            let text = note.text
            return Stored(checkpoint: try Checkpoint(text.span), note: bytes)
        } catch {
            throw .rolledBack(
                "the head file \(path) cannot be read as a checkpoint (\(error)); "
                    + "if it is not ours, set head_file to another path"
            )
        }
    }

    /// Stores a later head; an earlier one than is stored changes nothing.
    ///
    /// A failure is not an error here: a head file that lags is weaker evidence, not a wrong one,
    /// and `doctor` and `verify` show its size.
    func raise(to note: [UInt8], size: UInt64) {
        if let stored = try? read(), stored.size >= size { return }
        try? Files.makeFolder(Files.parent(of: path))
        try? Files.replace(path, with: note)
    }

    /// Stores a head, whatever is stored now.
    func replace(with note: [UInt8]) throws(LedgerError) {
        do throws(SystemError) {
            try Files.makeFolder(Files.parent(of: path))
            try Files.replace(path, with: note)
        } catch {
            throw .system(error)
        }
    }

    /// Where it lies unless the configuration says otherwise: under `$XDG_STATE_HOME` (or
    /// `~/.local/state`), named after the ledger's folder, which nothing in the folder can change.
    static func defaultPath(ledger: String) -> String {
        let state =
            Process.environment("XDG_STATE_HOME")
            ?? (Process.environment("HOME") ?? "/var/lib") + "/.local/state"
        let folder = Files.absolute(ledger) ?? ledger
        let digest = SHA256.hash(folder.utf8Span.span).description
        return "\(state)/daybook/\(digest.prefix(16)).head"
    }
}
