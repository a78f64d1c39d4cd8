internal import Digest
internal import Merkle

extension Ledger {
    /// Signs a text, which ends with a line feed, by the key that signs the next checkpoint: a C2SP
    /// signed note.
    ///
    /// The text must be one that nobody can take for a checkpoint.
    package func sign(_ text: [UInt8]) throws -> [UInt8] {
        let vkey = try read { try $0.currentKey }
        return try KeyFiles(ledger: path).load(vkey ?? "").note(over: text)
    }
}

extension Snapshot {
    /// The events that name keys among the first `size`, oldest first.
    package func namedKeys(size: UInt64) throws -> [(sequence: UInt64, vkey: String)] {
        try KeyHistory.scan(self, 0..<size)
    }
}

extension Line {
    /// Why the line is not one that the writer could have written (RFC 8785, and each attribute in
    /// its one form); `nil` if it is.
    package var canonicalFault: String? {
        do throws(LineFault) {
            try CanonicalLine(self).check()
            return nil
        } catch {
            return "at byte \(error.offset) found \(error.found), expected \(error.expected)"
        }
    }
}
