/// Why bytes are not a signed note.
package enum NoteError: Error, Hashable {
    /// The note is longer than `SignedNote.longestNote`.
    case tooLong(count: Int)
    /// The byte at this offset is not UTF-8, or a control character other than a line feed.
    case notText(offset: Int)
    /// The text does not end with a line feed.
    case textNotEnded
    /// There is no empty line with signatures after it, or the last of these lacks its line feed.
    case noSignatures
    /// This line, counted from 1, is not a signature: em dash, space, name, space, base64.
    case notASignature(line: Int)
    /// There are more signatures than `SignedNote.mostSignatures`.
    case tooManySignatures
    /// The name is empty or has a space or a `+` in it.
    case badKeyName
}

/// Why a well-formed note is not to be believed.
package enum NoteVerificationError: Error, Hashable {
    /// A key that we know did not make the signature under its name and id.
    case wrongSignature(name: String, keyID: UInt32)
    /// No key that we know signed.
    case noKnownSignature
    /// Two different known keys have the same name and id.
    case ambiguousKey(name: String, keyID: UInt32)
}

extension NoteError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .tooLong(let count):
            "note has \(count) bytes, more than \(SignedNote.longestNote)"
        case .notText(let offset):
            "note has a byte at \(offset) that is not UTF-8 or is a control character"
        case .textNotEnded:
            "note's text does not end with a line feed"
        case .noSignatures:
            "note has no empty line followed by signature lines"
        case .notASignature(let line):
            "line \(line) of the note is not a signature, expected em dash, key name and base64"
        case .tooManySignatures:
            "note has more than \(SignedNote.mostSignatures) signatures"
        case .badKeyName:
            "key name is empty or has a space or a plus sign in it"
        }
    }
}

extension NoteVerificationError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .wrongSignature(let name, let keyID):
            "signature of key \(name)+\(hex(keyID)) on the note is wrong"
        case .noKnownSignature:
            "note has no signature of a known key"
        case .ambiguousKey(let name, let keyID):
            "two known keys are called \(name)+\(hex(keyID))"
        }
    }
}
