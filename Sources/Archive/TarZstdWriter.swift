internal import CArchive
internal import Glibc

/// Writes a tar of plain files, compressed by Zstandard; the same entries give the same bytes.
///
/// Nothing is held but buffers, so entries may be of any size.
package struct TarZstdWriter: ~Copyable {
    private let library: LibraryHandle
    /// The entry that is being written, and the bytes that it still lacks.
    private var entry: (path: String, size: UInt64, left: UInt64)?

    /// Makes a file that must not exist yet, with mode 0600.
    package init(creating path: String) throws(ArchiveError) {
        let flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC
        let descriptor = unsafe open(path, flags, 0o600)
        library = try Self.library(writingTo: descriptor, path)
    }

    /// The library only compresses: the tar's own bytes are those of this module.
    private static func library(
        writingTo descriptor: Int32,
        _ object: String
    ) throws(ArchiveError) -> LibraryHandle {
        let library = unsafe try LibraryHandle(archive_write_new(), owning: descriptor, object)
        let archive = unsafe library.archive
        try library.check(unsafe archive_write_add_filter_zstd(archive))
        try library.check(unsafe archive_write_set_format_raw(archive))
        try library.check(unsafe archive_write_set_bytes_in_last_block(archive, 1))
        try library.check(unsafe archive_write_open_fd(archive, descriptor))
        let whole = unsafe archive_entry_new()
        defer { unsafe archive_entry_free(whole) }
        unsafe carchive_make_regular(whole)
        try library.check(unsafe archive_write_header(archive, whole))
        return library
    }

    /// Begins an entry of exactly `size` bytes; `modified` is in seconds since 1970.
    package mutating func begin(
        _ path: String,
        size: UInt64,
        modified: UInt64
    ) throws(ArchiveError) {
        try end()
        let header = try TarHeader(path: path, size: size, modified: modified).bytes
        try put(header.span)
        entry = (path, size, size)
    }

    /// Adds bytes to the entry.
    package mutating func write(_ bytes: Span<UInt8>) throws(ArchiveError) {
        guard let entry, UInt64(bytes.count) <= entry.left else {
            throw .wrongSize(path: entry?.path ?? "nothing", expected: entry?.size ?? 0)
        }
        self.entry?.left -= UInt64(bytes.count)
        try put(bytes)
    }

    /// Ends the archive, durably where it is a file.
    package consuming func finish() throws(ArchiveError) {
        try end()
        let mark = [UInt8](repeating: 0, count: 2 * TarHeader.blockSize)
        try put(mark.span)
        try library.check(unsafe archive_write_close(library.archive))
        try library.sync()
    }

    private mutating func end() throws(ArchiveError) {
        guard let entry else { return }
        guard entry.left == 0 else { throw .wrongSize(path: entry.path, expected: entry.size) }
        self.entry = nil
        let padding = [UInt8](repeating: 0, count: Int((512 - entry.size % 512) % 512))
        try put(padding.span)
    }

    private func put(_ bytes: Span<UInt8>) throws(ArchiveError) {
        guard !bytes.isEmpty else { return }
        let written = unsafe bytes.withUnsafeBytes {
            unsafe archive_write_data(library.archive, $0.baseAddress, $0.count)
        }
        guard written == bytes.count else { throw library.writeProblem }
    }
}
