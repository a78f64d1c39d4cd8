internal import CArchive
internal import Glibc

/// Reads a tar of plain files, compressed by Zstandard, entry by entry, and trusts nothing in it.
package struct TarZstdReader: ~Copyable {
    /// An entry, before its contents are read.
    package struct Entry: Hashable, Sendable {
        /// Its path, with `?` for what cannot be shown.
        package let path: String
        /// Bytes of contents.
        package let size: UInt64
        /// When it was last changed, in seconds since 1970, as the archive says.
        package let modified: UInt64
        /// Why it is no plain file with a path that leads down only; `nil` if it is one.
        package let oddity: String?
    }

    private var stream: ZstdStream
    private var entries = 0
    /// Bytes of the entry's contents that were not read yet, and of the zeros after them.
    private var left: UInt64 = 0
    private var padding = 0
    private var isEnded = false
    /// What has no place in an archive besides its entries, so far.
    package private(set) var strays: [String] = []

    /// Opens a file; `-` is the standard input.
    package init(reading path: String) throws(ArchiveError) {
        stream = try ZstdStream(reading: path)
        if stream.hasMore { strays.append("bytes follow after the end of the compressed data") }
    }

    /// Goes to the next entry, past what was not read of the one before; `nil` at the end.
    ///
    /// Whatever follows the end is among the `strays` then.
    package mutating func next() throws(ArchiveError) -> Entry? {
        guard !isEnded else { return nil }
        while left > 0 { _ = try read(atMost: ArchiveLimits.chunkBytes) }
        if try !skipZeros(padding) { strays.append("something is hidden after the end of a file") }
        let offset = stream.offset
        let block = try stream.read(exactly: TarHeader.blockSize)
        if block.allSatisfy({ $0 == 0 }) {
            try end()
            return nil
        }
        let header = try TarHeader(block, offset: offset)
        entries += 1
        guard entries <= ArchiveLimits.entries else {
            throw .tooLarge(limit: "\(ArchiveLimits.entries) entries")
        }
        // A small file may say that it unpacks to more than anyone has room for.
        guard stream.offset + header.size <= ArchiveLimits.unpackedBytes else {
            throw .tooLarge(limit: "\(ArchiveLimits.unpackedBytes) bytes")
        }
        left = header.size
        padding = header.padding
        return Entry(
            path: header.path,
            size: header.size,
            modified: header.modified,
            oddity: header.oddity
        )
    }

    /// The next bytes of the entry's contents, at most `limit`; empty at their end.
    package mutating func read(atMost limit: Int) throws(ArchiveError) -> [UInt8] {
        let count = Int(min(UInt64(limit), left, UInt64(ArchiveLimits.chunkBytes)))
        let bytes = try stream.read(exactly: count)
        left -= UInt64(bytes.count)
        return bytes
    }

    /// Skips bytes that should be zeros; whether they are.
    private mutating func skipZeros(_ count: Int) throws(ArchiveError) -> Bool {
        padding = 0
        return try stream.read(exactly: count).allSatisfy { $0 == 0 }
    }

    /// The end mark is two blocks of zeros; tar pads it with more.
    private mutating func end() throws(ArchiveError) {
        isEnded = true
        var isClean = try skipZeros(TarHeader.blockSize)
        while true {
            let rest = try stream.read(atMost: ArchiveLimits.chunkBytes)
            if rest.isEmpty { break }
            isClean = isClean && rest.allSatisfy { $0 == 0 }
        }
        if !isClean { strays.append("something follows after the end of the archive") }
    }
}

/// The bytes that a Zstandard file unpacks to.
private struct ZstdStream: ~Copyable {
    private let library: LibraryHandle
    /// Whether the file goes on after the first frame.
    let hasMore: Bool
    /// How many bytes were read.
    private(set) var offset: UInt64 = 0

    init(reading path: String) throws(ArchiveError) {
        let descriptor = path == "-" ? dup(0) : unsafe open(path, O_RDONLY | O_CLOEXEC)
        let library = unsafe try LibraryHandle(archive_read_new(), owning: descriptor, path)
        let isFile = lseek(descriptor, 0, SEEK_CUR) >= 0
        // A pipe cannot be looked at before it is read; all else can.
        let end = isFile ? try ZstdFrame.end(in: descriptor) : .max
        let hasMore = isFile && ZstdFrame.hasBytes(descriptor, at: end)
        try Self.begin(library, size: end)
        self.hasMore = hasMore
        self.library = library
    }

    private static func begin(
        _ library: LibraryHandle,
        size: Int64
    ) throws(ArchiveError) {
        let archive = unsafe library.archive
        var entry: OpaquePointer?
        unsafe archive_read_support_filter_zstd(archive)
        unsafe archive_read_support_format_raw(archive)
        let status = unsafe carchive_open_part(archive, library.descriptor, size)
        let isOpen = status == ARCHIVE_OK
        let begins = unsafe isOpen && archive_read_next_header(archive, &entry) == ARCHIVE_OK
        // The library takes what no filter knows for a file as it is.
        guard unsafe archive_filter_code(archive, 0) == ARCHIVE_FILTER_ZSTD else {
            throw .notZstd
        }
        guard begins else { throw .damaged(library.reason) }
    }

    /// The next bytes; empty at the end.
    mutating func read(atMost limit: Int) throws(ArchiveError) -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            result = unsafe archive_read_data(library.archive, buffer.baseAddress, limit)
            count = max(0, result)
        }
        if result < 0 { throw .damaged(library.reason) }
        offset += UInt64(bytes.count)
        guard offset <= ArchiveLimits.unpackedBytes else {
            throw .tooLarge(limit: "\(ArchiveLimits.unpackedBytes) bytes")
        }
        return bytes
    }

    /// The next bytes, as many as were asked for.
    mutating func read(exactly count: Int) throws(ArchiveError) -> [UInt8] {
        guard count > 0 else { return [] }
        var bytes = try read(atMost: count)
        while bytes.count < count {
            let more = try read(atMost: count - bytes.count)
            if more.isEmpty { throw .truncated(offset: offset) }
            bytes += more
        }
        return bytes
    }
}
