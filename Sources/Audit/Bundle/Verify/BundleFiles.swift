internal import Archive
internal import Bytes
internal import Digest
internal import POSIX

/// The files of a bundle, read once from its archive: digests in memory, contents in a spool file,
/// but for bodies, whose digests are enough.
final class BundleFiles {
    /// A file of the bundle.
    struct Entry {
        let size: Int
        let hash: Hash256
        /// Where its content lies in the spool; `nil` if it was not kept.
        fileprivate let offset: Int?
    }

    /// By path within the folder.
    private(set) var entries: [String: Entry] = [:]
    private let spool: SpoolFile
    private let archive: String

    /// Reads an archive; what has no place in it goes into `report`.
    init(
        path: String,
        _ report: inout BundleReport,
        progress: (UInt64) -> Void
    ) throws {
        archive = path
        spool = try SpoolFile()
        var reader = try TarZstdReader(reading: path)
        while let entry = try reader.next() {
            if let oddity = entry.oddity {
                report.add(.archive, .manipulation, "file \(entry.path)", oddity)
                continue
            }
            let short = String(entry.path.dropFirst(BundleFormat.folder.count))
            guard entry.path.hasPrefix(BundleFormat.folder), !short.isEmpty else {
                let what = "the entry has no place in a bundle: it is not in \(BundleFormat.folder)"
                report.add(.archive, .manipulation, "file \(entry.path)", what)
                continue
            }
            let content = try take(&reader, entry, isKept: Self.isKept(short))
            if entries[short] == nil {
                entries[short] = content
            } else {
                let what = "the archive has this file twice"
                report.add(.archive, .manipulation, "file \(short)", what)
            }
            progress(UInt64(entries.count))
        }
        for stray in reader.strays { report.add(.archive, .manipulation, "bundle", stray) }
    }

    private static func isKept(_ path: String) -> Bool {
        !path.hasPrefix("bodies/") && !path.hasPrefix("redacted/")
    }

    /// Reads the archive again for the contents of a few bodies; those that are too large are left
    /// out.
    func bodies(_ paths: Set<String>) throws -> [String: [UInt8]] {
        var found: [String: [UInt8]] = [:]
        var reader = try TarZstdReader(reading: archive)
        while found.count < paths.count, let entry = try reader.next() {
            let short = String(entry.path.dropFirst(BundleFormat.folder.count))
            guard paths.contains(short), entries[short]?.size == Int(entry.size),
                entry.size <= UInt64(BundleFormat.documentBytes)
            else { continue }
            var content: [UInt8] = []
            while true {
                let chunk = try reader.read(atMost: 1 << 20)
                if chunk.isEmpty { break }
                content += chunk
            }
            found[short] = content
        }
        return found
    }

    private func take(
        _ reader: inout TarZstdReader,
        _ entry: TarZstdReader.Entry,
        isKept: Bool
    ) throws -> Entry {
        let offset = spool.size
        var hash = SHA256()
        while true {
            let chunk = try reader.read(atMost: 1 << 20)
            if chunk.isEmpty { break }
            hash.update(chunk.span)
            if isKept { try spool.append(chunk.span) }
        }
        return Entry(size: Int(entry.size), hash: hash.finish(), offset: isKept ? offset : nil)
    }

    /// A file's content; `nil` if there is none or it has more bytes than `limit`.
    func content(_ path: String, limit: Int = BundleFormat.documentBytes) throws -> [UInt8]? {
        guard let entry = entries[path], let offset = entry.offset, entry.size <= limit else {
            return nil
        }
        return try spool.read(at: offset, atMost: entry.size)
    }

    /// Calls `body` with each line of a file without its line feed.
    ///
    /// A line longer than `limit` is cut there, so that it cannot be taken for what it is not.
    ///
    /// - Returns: how many lines there are, and whether the last one is ended.
    func forEachLine(
        of path: String,
        limit: Int,
        _ body: (_ number: Int, _ line: Span<UInt8>) throws -> Void
    ) throws -> (count: Int, isEnded: Bool) {
        guard let entry = entries[path], let offset = entry.offset else { return (0, true) }
        var (count, done) = (0, 0)
        var rest: [UInt8] = []
        while done < entry.size {
            let chunk = try spool.read(at: offset + done, atMost: min(1 << 20, entry.size - done))
            done += chunk.count
            var start = 0
            while let end = chunk.span.firstIndex(of: 0x0a, from: start) {
                if rest.isEmpty {
                    let length = min(end - start, limit + 1)
                    try body(count, chunk.span.extracting(start..<start + length))
                } else {
                    rest.append(span: chunk.span.extracting(start..<end))
                    let whole = rest
                    try body(count, whole.span.extracting(0..<min(whole.count, limit + 1)))
                    rest.removeAll(keepingCapacity: true)
                }
                count += 1
                start = end + 1
            }
            let left = min(chunk.count - start, max(0, limit + 1 - rest.count))
            rest.append(span: chunk.span.extracting(start..<start + left))
        }
        guard !rest.isEmpty else { return (count, true) }
        let last = rest
        try body(count, last.span)
        return (count + 1, false)
    }
}
