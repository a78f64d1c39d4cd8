/// The 512 bytes before an entry of a tar (POSIX.1-1988 "ustar"), for plain files only.
struct TarHeader: Hashable {
    /// Bytes of a header, and what contents are padded to.
    static let blockSize = 512

    let path: String
    let size: UInt64
    /// Seconds since 1970.
    let modified: UInt64
    /// What the entry has that no plain file has; `nil` for a plain file.
    let oddity: String?

    /// The same bytes for the same entry: mode 0644, no owner, no names.
    var bytes: [UInt8] {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        func put(_ text: some Sequence<UInt8>, at offset: Int) {
            for (index, byte) in text.enumerated() { block[offset + index] = byte }
        }
        put(path.utf8, at: 0)
        put(Self.octal(0o644, digits: 7), at: 100)
        put(Self.octal(0, digits: 7), at: 108)
        put(Self.octal(0, digits: 7), at: 116)
        put(Self.octal(size, digits: 11), at: 124)
        put(Self.octal(modified, digits: 11), at: 136)
        block[156] = UInt8(ascii: "0")
        put("ustar".utf8, at: 257)
        put("00".utf8, at: 263)
        put(Self.octal(0, digits: 7), at: 329)
        put(Self.octal(0, digits: 7), at: 337)
        put(Self.octal(Self.checksum(block), digits: 6), at: 148)
        block[155] = UInt8(ascii: " ")
        return block
    }

    /// Takes an entry that a header can describe.
    init(path: String, size: UInt64, modified: UInt64) throws(ArchiveError) {
        guard Self.isPlain(path) else { throw .badPath(Self.shown(path)) }
        guard size <= ArchiveLimits.entryBytes else { throw .tooLarge(limit: "8 GiB an entry") }
        self.path = path
        self.size = size
        self.modified = min(modified, ArchiveLimits.entryBytes)
        oddity = nil
    }

    /// Reads a block; `offset` is for messages.
    init(_ block: [UInt8], offset: UInt64) throws(ArchiveError) {
        guard Self.number(block[148..<156]) == Self.checksum(block) else {
            throw .badHeader(offset: offset, reason: "its checksum is wrong")
        }
        guard let size = Self.number(block[124..<136]),
            let modified = Self.number(block[136..<148])
        else {
            throw .badHeader(offset: offset, reason: "its size or time is no octal number")
        }
        let path = String(decoding: block[..<100].prefix { $0 != 0 }, as: UTF8.self)
        self.path = Self.shown(path)
        self.size = size
        self.modified = modified
        oddity = Self.oddity(block, path)
    }

    /// What an entry has that no plain file has.
    private static func oddity(_ block: [UInt8], _ path: String) -> String? {
        guard block[156] == UInt8(ascii: "0") || block[156] == 0 else {
            return "the entry is no regular file but \(kind(block[156]))"
        }
        guard block[257..<263].elementsEqual([0x75, 0x73, 0x74, 0x61, 0x72, 0]),
            block[157..<257].allSatisfy({ $0 == 0 }), block[345..<500].allSatisfy({ $0 == 0 })
        else { return "the entry is not in the plain format of POSIX (ustar)" }
        return isPlain(path) ? nil : "the entry has a path that leads elsewhere or is none"
    }

    /// Bytes of zeros after the contents.
    var padding: Int { Int((512 - size % 512) % 512) }

    /// Whether a path leads down only, in letters that every system takes.
    private static func isPlain(_ path: String) -> Bool {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let hasPlainLetters = path.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: ":")
        }
        return hasPlainLetters && !path.isEmpty && path.utf8.count < ArchiveLimits.pathBytes
            && parts.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) }
            && parts.allSatisfy { !$0.elementsEqual("..".utf8) }
    }

    /// A path that may be hostile, for a message.
    private static func shown(_ path: String) -> String {
        String(
            decoding: path.utf8.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") },
            as: UTF8.self
        )
    }

    private static func kind(_ flag: UInt8) -> String {
        switch flag {
        case UInt8(ascii: "1"): "a hard link"
        case UInt8(ascii: "2"): "a symbolic link"
        case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
        case UInt8(ascii: "5"): "a folder"
        case UInt8(ascii: "6"): "a pipe"
        case UInt8(ascii: "x"), UInt8(ascii: "g"): "an extended header"
        default: "of an unknown kind"
        }
    }

    /// The sum of all bytes, those of the checksum itself taken for spaces.
    private static func checksum(_ block: [UInt8]) -> UInt64 {
        var sum: UInt64 = 0
        for (offset, byte) in block.enumerated() {
            sum += UInt64((148..<156).contains(offset) ? 0x20 : byte)
        }
        return sum
    }

    private static func octal(_ number: UInt64, digits: Int) -> [UInt8] {
        let text = Array(String(number, radix: 8).utf8)
        return [UInt8](repeating: UInt8(ascii: "0"), count: digits - text.count) + text
    }

    /// Octal digits, or none for 0, with spaces before and spaces or zero bytes after them.
    private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
        let digits = field.drop { $0 == 0x20 }.prefix { (0x30..<0x38).contains($0) }
        let rest = field[digits.endIndex...]
        guard digits.count <= 12, rest.allSatisfy({ $0 == 0 || $0 == 0x20 }) else {
            return nil
        }
        return digits.reduce(0) { $0 << 3 | UInt64($1 - 0x30) }
    }
}
