/// The CRC-32 of ISO 3309, as zlib, gzip and PNG compute it (RFC 1952 section 8).
package enum CRC32 {
    /// The checksum of `bytes`.
    package static func checksum(_ bytes: Span<UInt8>) -> UInt32 {
        let tables = tables.span
        var crc: UInt32 = 0xffff_ffff
        var i = 0
        while i <= bytes.count &- 8 {
            let word = UInt64(littleEndian: bytes.unaligned(i, as: UInt64.self)) ^ UInt64(crc)
            crc = 0
            for lane in 0..<8 {
                crc ^=
                    tables[
                        (7 &- lane) << 8 | Int(truncatingIfNeeded: word >> UInt64(lane << 3) & 255)
                    ]
            }
            i &+= 8
        }
        while i < bytes.count {
            crc = crc >> 8 ^ tables[Int(truncatingIfNeeded: (crc ^ UInt32(bytes[i])) & 255)]
            i &+= 1
        }
        return ~crc
    }

    /// Eight tables of 256, so that eight bytes go in at a time: table k serves the byte
    /// that k others follow.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for i in 0..<256 {
            tables[i] = (0..<8).reduce(UInt32(i)) { crc, _ in crc >> 1 ^ (crc & 1) &* 0xedb8_8320 }
        }
        for i in 256..<(8 * 256) {
            let before = tables[i - 256]
            tables[i] = before >> 8 ^ tables[Int(before & 255)]
        }
        return tables
    }()
}
