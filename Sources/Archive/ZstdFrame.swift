internal import Glibc

/// Where a Zstandard frame ends, by its headers alone (RFC 8878 section 3.1.1).
enum ZstdFrame {
    /// The offset after the first frame of an open file.
    ///
    /// - Throws: `ArchiveError.notZstd`, or `truncated` if the file ends before the frame does.
    static func end(in descriptor: Int32) throws(ArchiveError) -> Int64 {
        let head = read(descriptor, at: 0, 5)
        guard head.count == 5, head[..<4].elementsEqual([0x28, 0xb5, 0x2f, 0xfd]) else {
            throw .notZstd
        }
        let flags = head[4]
        guard flags & 0x08 == 0 else { throw .damaged("its frame has a reserved bit set") }
        let isSingle = flags & 0x20 != 0
        let dictionary = [0, 1, 2, 4][Int(flags & 3)]
        let content = [isSingle ? 1 : 0, 2, 4, 8][Int(flags >> 6)]
        var offset = Int64(5 + (isSingle ? 0 : 1) + dictionary + content)
        while true {
            let header = read(descriptor, at: offset, 3)
            guard header.count == 3 else { throw .cut(offset: UInt64(offset)) }
            let word = Int64(header[0]) | Int64(header[1]) << 8 | Int64(header[2]) << 16
            let kind = word >> 1 & 3
            guard kind != 3 else { throw .damaged("a block is of a reserved kind") }
            // A block of kind 1 is one byte, repeated.
            offset += 3 + (kind == 1 ? 1 : word >> 3)
            if word & 1 == 1 { break }
        }
        if flags & 0x04 != 0 { offset += 4 }
        guard offset == 0 || read(descriptor, at: offset - 1, 1).count == 1 else {
            throw .cut(offset: UInt64(offset))
        }
        return offset
    }

    /// Whether an open file has bytes at an offset.
    static func hasBytes(_ descriptor: Int32, at offset: Int64) -> Bool {
        !read(descriptor, at: offset, 1).isEmpty
    }

    private static func read(_ descriptor: Int32, at offset: Int64, _ limit: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = max(0, unsafe pread(descriptor, buffer.baseAddress, limit, off_t(offset)))
        }
    }
}
