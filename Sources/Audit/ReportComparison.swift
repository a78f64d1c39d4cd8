internal import Archive
internal import Bytes
internal import POSIX

/// Compares a report that was made again with the one that was given out.
package enum ReportComparison: Hashable, Sendable {
    case sameBytes
    /// Every file of two bundles is the same, but another compressor packed them.
    case samePacked
    /// Where they begin to differ: a file of a bundle, a line of a text.
    case different(String)

    /// Compares two files, which are both bundles or both texts.
    package init(_ new: String, with old: String) throws {
        let difference = try Self.line(new, old)
        guard let difference else {
            self = .sameBytes
            return
        }
        do {
            let entry = try Self.entry(new, old)
            self = entry.map { .different($0) } ?? .samePacked
        } catch ArchiveError.notZstd {
            self = .different("the first difference is in line \(difference)")
        }
    }

    /// The first line in which two files differ, counted from 1; `nil` if they do not.
    private static func line(_ new: String, _ old: String) throws -> Int? {
        let first = try FileDescriptor(reading: new)
        let second = try FileDescriptor(reading: old)
        return try Self.line(
            { try first.read(atMost: 1 << 20) },
            { try second.read(atMost: 1 << 20) }
        )
    }

    /// The same for bytes that come in pieces, an empty one at the end.
    private static func line(
        _ new: () throws -> [UInt8],
        _ old: () throws -> [UInt8]
    ) rethrows -> Int? {
        var (a, b): (ArraySlice<UInt8>, ArraySlice<UInt8>) = ([], [])
        var line = 1
        while true {
            if a.isEmpty { a = try new()[...] }
            if b.isEmpty { b = try old()[...] }
            if a.isEmpty && b.isEmpty { return nil }
            let count = min(a.count, b.count)
            guard count > 0 else { return line }
            for (x, y) in zip(a, b) {
                if x != y { return line }
                if x == 0x0a { line += 1 }
            }
            a = a.dropFirst(count)
            b = b.dropFirst(count)
        }
    }

    /// The first file in which two bundles differ; `nil` if they do not.
    private static func entry(_ new: String, _ old: String) throws -> String? {
        var first = try TarZstdReader(reading: new)
        var second = try TarZstdReader(reading: old)
        while true {
            let (a, b) = (try first.next(), try second.next())
            guard let a, let b else {
                if let stray = second.strays.first { return stray }
                return (a ?? b).map { "the file \($0.path) is in one of them only" }
            }
            guard a.path == b.path else { return "the file \(a.path) is not where it was" }
            guard try !hasSame(a, &first, b, &second) else { continue }
            return "the first difference is in the file \(a.path)"
        }
    }

    private static func hasSame(
        _ a: TarZstdReader.Entry,
        _ first: inout TarZstdReader,
        _ b: TarZstdReader.Entry,
        _ second: inout TarZstdReader
    ) throws -> Bool {
        guard a == b else { return false }
        while true {
            let x = try first.read(atMost: 1 << 17)
            let y = try second.read(atMost: 1 << 17)
            if x != y { return false }
            if x.isEmpty { return true }
        }
    }
}
