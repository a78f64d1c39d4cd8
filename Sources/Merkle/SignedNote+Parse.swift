import Bytes

extension SignedNote {
    /// Reads a note; the text ends at the last empty line.
    package init(_ note: Span<UInt8>) throws(NoteError) {
        guard note.count <= Self.longestNote else { throw .tooLong(count: note.count) }
        if let offset = NoteRules.firstForbidden(note) { throw .notText(offset: offset) }
        guard let end = Self.endOfText(note), end + 1 < note.count, note[note.count - 1] == 0x0a
        else {
            throw .noSignatures
        }
        let text = note.extracting(..<end)
        let linesBefore = 1 + Self.lineFeeds(text)
        var signatures: [Signature] = []
        var reader = LineReader(note.extracting(droppingFirst: end + 1))
        while let line = reader.next() {
            guard signatures.count < Self.mostSignatures else { throw .tooManySignatures }
            guard let signature = Signature(line: line) else {
                throw .notASignature(line: linesBefore + reader.line)
            }
            signatures.append(signature)
        }
        try self.init(text: [UInt8](copying: text), signatures: signatures)
    }

    /// The offset of the last empty line: that of the second of two line feeds.
    private static func endOfText(_ note: Span<UInt8>) -> Int? {
        var i = note.count - 1
        while i > 0 {
            if note[i] == 0x0a, note[i - 1] == 0x0a { return i }
            i -= 1
        }
        return nil
    }

    private static func lineFeeds(_ text: Span<UInt8>) -> Int {
        var count = 0
        for i in text.indices where text[i] == 0x0a { count += 1 }
        return count
    }
}

extension SignedNote.Signature {
    /// Reads a signature line without its line feed; `nil` if it is none.
    package init?(line: Span<UInt8>) {
        guard line.hasPrefix(ascii: "— ") else { return nil }
        let nameAndPayload = line.extracting(droppingFirst: 4)
        guard let space = nameAndPayload.firstIndex(of: 0x20),
            let name = NoteRules.keyName(nameAndPayload.extracting(..<space)),
            let payload = Base64.decode(nameAndPayload.extracting((space + 1)...)),
            payload.count > 4,
            let keyID = BigEndian.uint32(payload.span, at: 0)
        else { return nil }
        try? self.init(name: name, keyID: keyID, bytes: Array(payload[4...]))
    }
}
