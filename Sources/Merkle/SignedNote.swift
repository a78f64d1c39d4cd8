import Bytes

/// A text with signatures under it (C2SP signed-note).
package struct SignedNote: Hashable, Sendable {
    /// The most bytes a note may have: room for 100 of the largest signatures.
    package static let longestNote = 1 << 20
    /// The most signatures a note may have, as in Go's library; the specification asks for 16.
    package static let mostSignatures = 100

    /// One signature line.
    package struct Signature: Hashable, Sendable {
        /// The key's name.
        package let name: String
        /// The first four bytes of the key's hash, highest first; see `VKey`.
        package let keyID: UInt32
        /// What the algorithm made, at least one byte.
        package let bytes: [UInt8]

        /// Takes the parts of a signature line.
        package init(name: String, keyID: UInt32, bytes: [UInt8]) throws(NoteError) {
            guard NoteRules.isKeyName(name) else { throw .badKeyName }
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// Appends the line with its line feed.
        package func append(to output: inout [UInt8]) {
            var payload: [UInt8] = []
            BigEndian.append(keyID, to: &payload)
            payload.append(span: bytes.span)
            output.append(ascii: "— ")
            output.append(span: name.utf8Span.span)
            output.append(0x20)
            Base64.append(payload.span, to: &output)
            output.append(0x0a)
        }
    }

    /// What is signed, with the line feed at its end and without the empty line after it.
    package let text: [UInt8]
    /// The signatures in their order.
    package private(set) var signatures: [Signature]

    /// Puts signatures under a text, which must end with a line feed.
    package init(text: [UInt8], signatures: [Signature]) throws(NoteError) {
        guard text.last == 0x0a else { throw .textNotEnded }
        if let offset = NoteRules.firstForbidden(text.span) { throw .notText(offset: offset) }
        guard signatures.count <= Self.mostSignatures else { throw .tooManySignatures }
        self.text = text
        self.signatures = signatures
    }

    /// Adds a signature below the others.
    package mutating func add(_ signature: Signature) throws(NoteError) {
        guard signatures.count < Self.mostSignatures else { throw .tooManySignatures }
        signatures.append(signature)
    }

    /// Appends the note: text, empty line, signature lines.
    package func append(to output: inout [UInt8]) {
        output.append(span: text.span)
        output.append(0x0a)
        for signature in signatures { signature.append(to: &output) }
    }

    /// The note as bytes.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }
}
