/// What a time stamp (RFC 3161 TimeStampResp) is about, without a check of its signature.
struct StampImprint {
    /// The SHA-256 that it stamps.
    let digest: [UInt8]
    /// When, as the authority says: `20261121100000Z`.
    let time: String

    /// Finds TSTInfo by its place after the identifier of its type (1.2.840.113549.1.9.16.1.4).
    init(_ reply: [UInt8]) throws(Wrong) {
        let type: [UInt8] = [6, 11, 42, 134, 72, 134, 247, 13, 1, 9, 16, 1, 4]
        guard let start = Self.place(of: type, in: reply) else {
            throw Wrong("it is no time stamp (RFC 3161)")
        }
        // [0] EXPLICIT, OCTET STRING, SEQUENCE: version, policy, imprint, serial number, time.
        var outer = DERReader(reply[(start + type.count)...])
        var octets = DERReader(try outer.next(0xa0))
        var content = DERReader(try octets.next(0x04))
        var info = DERReader(try content.next(0x30))
        _ = try info.next(0x02)
        _ = try info.next(0x06)
        var imprint = DERReader(try info.next(0x30))
        var algorithm = DERReader(try imprint.next(0x30))
        let sha256: [UInt8] = [96, 134, 72, 1, 101, 3, 4, 2, 1]
        guard try algorithm.next(0x06).elementsEqual(sha256) else {
            throw Wrong("it stamps by another hash than SHA-256")
        }
        digest = Array(try imprint.next(0x04))
        _ = try info.next(0x02)
        time = shown(String(decoding: try info.next(0x18), as: UTF8.self))
    }

    private static func place(of pattern: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= pattern.count else { return nil }
        return (0...bytes.count - pattern.count).first { start in
            bytes[start..<start + pattern.count].elementsEqual(pattern)
        }
    }
}

/// Reads values of the Distinguished Encoding Rules (X.690) one after another.
struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next value's content; it must have this tag.
    mutating func next(_ tag: UInt8) throws(Wrong) -> ArraySlice<UInt8> {
        let wrong = Wrong("it is no time stamp (RFC 3161): its encoding is broken")
        guard rest.count >= 2, rest.removeFirst() == tag, let first = rest.popFirst() else {
            throw wrong
        }
        var length = Int(first)
        if first & 0x80 != 0 {
            let count = Int(first & 0x7f)
            guard (1...4).contains(count), rest.count >= count else { throw wrong }
            length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(count)
        }
        guard length <= rest.count else { throw wrong }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }
}
