import Bytes

/// The parts of a public or private key's text: `name+id+base64 of type and key`.
struct KeyParts {
    let name: String
    let keyID: UInt32
    let type: KeyType
    let key: [UInt8]

    init(_ text: Span<UInt8>) throws(KeyError) {
        // No name has a plus sign in it, but base64 may.
        guard let first = text.firstIndex(of: 0x2b),
            let second = text.firstIndex(of: 0x2b, from: first + 1), second == first + 9,
            let id = Hex.decode(text.extracting((first + 1)..<second)),
            let keyID = BigEndian.uint32(id.span, at: 0),
            let data = Base64.decode(text.extracting((second + 1)...)), let typeByte = data.first
        else { throw .notAKey }
        guard let name = NoteRules.keyName(text.extracting(..<first)) else { throw .badName }
        guard let type = KeyType(rawValue: typeByte) else { throw .unknownType(typeByte) }
        guard data.count == 33 else { throw .wrongLength(count: data.count - 1) }
        self.name = name
        self.keyID = keyID
        self.type = type
        key = Array(data[1...])
    }
}

/// A key id as eight hex digits.
func hex(_ keyID: UInt32) -> String {
    var bytes: [UInt8] = []
    BigEndian.append(keyID, to: &bytes)
    return Hex.encode(bytes.span)
}
