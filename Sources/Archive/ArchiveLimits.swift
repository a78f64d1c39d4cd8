/// What an archive may cost whoever reads it, with the reason for each bound.
package enum ArchiveLimits {
    /// Bytes that an archive may unpack to: a month of a large shop has a tenth of it, and a small
    /// file that unpacks to more is an attack.
    package static let unpackedBytes: UInt64 = 4 << 30
    /// Entries of an archive: each costs its reader some memory.
    package static let entries = 4_000_000
    /// Bytes of an entry's path: what a plain ustar header holds.
    package static let pathBytes = 100
    /// Bytes of an entry: what eleven octal digits say.
    static let entryBytes: UInt64 = 1 << 33 - 1
    /// Bytes that are asked of the decompressor at a time.
    static let chunkBytes = 1 << 17
}
