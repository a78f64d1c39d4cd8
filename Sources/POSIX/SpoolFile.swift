internal import Glibc

/// A file without a name, for what is made once and too large to hold; gone with its owner.
package final class SpoolFile {
    /// Bytes appended so far.
    package private(set) var size = 0
    private let raw: Int32
    private var buffer: [UInt8] = []
    /// Bytes that are gathered before they are written.
    private static let bufferBytes = 1 << 18

    /// Makes the file where the system keeps such files, `TMPDIR` if that is set.
    package init() throws(SystemError) {
        let path = Process.temporaryPath("spool")
        raw = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if raw < 0 { throw SystemError("make", path) }
        unsafe _ = unlink(path)
    }

    deinit { close(raw) }

    /// Adds bytes at the end.
    package func append(_ bytes: Span<UInt8>) throws(SystemError) {
        size += bytes.count
        unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// The bytes from `offset` on, at most `limit`; fewer only at the end.
    package func read(at offset: Int, atMost limit: Int) throws(SystemError) -> [UInt8] {
        try flush()
        var code = 0
        let wanted = max(0, min(limit, size - offset))
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { bytes, count in
            while count < wanted {
                let start = unsafe bytes.baseAddress.map { unsafe $0 + count }
                code = unsafe pread(raw, start, wanted - count, off_t(offset + count))
                if code < 0 && errno == EINTR { continue }
                if code <= 0 { break }
                count += code
            }
        }
        if code < 0 || bytes.count < wanted { throw SystemError("read", "a temporary file") }
        return bytes
    }

    private func flush() throws(SystemError) {
        guard !buffer.isEmpty else { return }
        let bytes = buffer
        try writeAll(raw, bytes.span, "a temporary file")
        buffer.removeAll(keepingCapacity: true)
    }
}

extension Process {
    /// A path for a new file where the system keeps such files, `TMPDIR` if that is set.
    package static func temporaryPath(_ suffix: String) -> String {
        let folder = environment("TMPDIR") ?? P_tmpdir
        return "\(folder)/daybook-\(getpid())-\(Clock.monotonicNanoseconds).\(suffix)"
    }
}
