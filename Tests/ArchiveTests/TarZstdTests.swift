import Archive
import Foundation
import POSIX
import Testing

@Suite struct TarZstdTests {
    typealias File = (path: String, content: [UInt8])

    private static let files: [File] = [
        ("a/empty", []), ("a/one", [7]), ("a/block", [UInt8](repeating: 1, count: 512)),
        ("b", Array("text".utf8)),
        ("c/large", (0..<700_001).map { UInt8(truncatingIfNeeded: $0 / 7) }),
    ]

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "daybook-archive-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    private func write(_ path: String, _ files: [File] = Self.files, piece: Int = 999) throws {
        var writer = try TarZstdWriter(creating: path)
        for file in files {
            try writer.begin(file.path, size: UInt64(file.content.count), modified: 1_700_000_000)
            var rest = file.content[...]
            while !rest.isEmpty {
                let part = Array(rest.prefix(piece))
                try writer.write(part.span)
                rest = rest.dropFirst(piece)
            }
        }
        try writer.finish()
    }

    private func read(_ path: String) throws -> (files: [File], odd: [String], strays: [String]) {
        var reader = try TarZstdReader(reading: path)
        var files: [File] = []
        var odd: [String] = []
        while let entry = try reader.next() {
            var content: [UInt8] = []
            while true {
                let chunk = try reader.read(atMost: 1000)
                if chunk.isEmpty { break }
                content += chunk
            }
            if let oddity = entry.oddity { odd.append(oddity) }
            files.append((entry.path, content))
        }
        return (files, odd, reader.strays)
    }

    private func read(
        _ bytes: [UInt8],
        in folder: String
    ) throws
        -> (files: [File], odd: [String], strays: [String])
    {
        let path = "\(folder)/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        return try read(path)
    }

    @Test("what was written is read again, and the same entries give the same bytes")
    func roundTrip() throws {
        try withFolder { folder in
            try write("\(folder)/one")
            try write("\(folder)/two", piece: 40_000)
            let (files, odd, strays) = try read("\(folder)/one")
            #expect(files.map(\.path) == Self.files.map(\.path))
            #expect(files.map(\.content) == Self.files.map(\.content))
            #expect(odd.isEmpty && strays.isEmpty)
            let one = try Data(contentsOf: URL(filePath: "\(folder)/one"))
            #expect(try one == Data(contentsOf: URL(filePath: "\(folder)/two")))
        }
    }

    @Test("a file that is there is not overwritten")
    func existing() throws {
        try withFolder { folder in
            try write("\(folder)/one")
            #expect(throws: ArchiveError.self) { try write("\(folder)/one") }
        }
    }

    @Test("an entry has exactly the size that it was announced with")
    func sizes() throws {
        try withFolder { folder in
            #expect(throws: ArchiveError.wrongSize(path: "a", expected: 3)) {
                var writer = try TarZstdWriter(creating: "\(folder)/short")
                try writer.begin("a", size: 3, modified: 0)
                try writer.finish()
            }
            #expect(throws: ArchiveError.wrongSize(path: "a", expected: 1)) {
                var writer = try TarZstdWriter(creating: "\(folder)/long")
                try writer.begin("a", size: 1, modified: 0)
                let two: [UInt8] = [1, 2]
                try writer.write(two.span)
            }
        }
    }

    @Test(
        "a path that leads elsewhere cannot be written",
        arguments: ["", "/a", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "c:d", "ä", "a b"]
            + [String(repeating: "x", count: 100)]
    )
    func badPaths(path: String) throws {
        try withFolder { folder in
            #expect(throws: ArchiveError.self) {
                var writer = try TarZstdWriter(creating: "\(folder)/one")
                try writer.begin(path, size: 0, modified: 0)
            }
        }
    }

    @Test("an archive that was cut off anywhere is never taken for a whole one")
    func truncated() throws {
        try withFolder { folder in
            try write("\(folder)/one", Array(Self.files.prefix(4)))
            let whole = Array(try Data(contentsOf: URL(filePath: "\(folder)/one")))
            for count in 0..<whole.count {
                #expect(throws: ArchiveError.self, "cut to \(count)") {
                    _ = try read(Array(whole[..<count]), in: folder)
                }
            }
        }
    }

    @Test("a tar that was cut off within a sound frame is never taken for a whole one")
    func truncatedTar() throws {
        var tar = RawTar()
        tar.add("a/b", [1, 2, 3])
        tar.add("a/c", [UInt8](repeating: 5, count: 600))
        try withFolder { folder in
            for count in stride(from: 0, to: tar.ended.count, by: 37) {
                #expect(throws: ArchiveError.self, "cut to \(count)") {
                    _ = try read(StoredFrame.wrap(Array(tar.ended[..<count])), in: folder)
                }
            }
            let whole = try read(StoredFrame.wrap(tar.ended), in: folder)
            #expect(whole.files.count == 2)
        }
    }

    @Test("flipped bits give an error or other contents, never a crash")
    func flipped() throws {
        try withFolder { folder in
            try write("\(folder)/one", Array(Self.files.prefix(4)))
            let whole = Array(try Data(contentsOf: URL(filePath: "\(folder)/one")))
            for offset in whole.indices {
                var damaged = whole
                damaged[offset] ^= 1 << UInt8(offset % 8)
                _ = try? read(damaged, in: folder)
            }
        }
    }

    @Test("what is no Zstandard file is refused as such")
    func otherFormats() throws {
        try withFolder { folder in
            for bytes in [
                [], [1], Array("plain text that goes on".utf8), [0x1f, 0x8b, 8, 0, 0, 0],
            ] {
                #expect(throws: ArchiveError.notZstd) { _ = try read(bytes, in: folder) }
            }
            var tar = RawTar()
            tar.add("a")
            #expect(throws: ArchiveError.notZstd) { _ = try read(tar.ended, in: folder) }
            #expect(throws: ArchiveError.self) { _ = try read("\(folder)/missing") }
        }
    }

    @Test("what follows the end is told, in the tar and in the file")
    func trailing() throws {
        var tar = RawTar()
        tar.add("a", [1])
        try withFolder { folder in
            let padded = tar.ended + [UInt8](repeating: 0, count: 10_240)
            #expect(try read(StoredFrame.wrap(padded), in: folder).strays.isEmpty)
            let stray = tar.ended + [UInt8](repeating: 0, count: 512) + [1]
            #expect(try read(StoredFrame.wrap(stray), in: folder).strays.count == 1)
            for rest in [[1], Array("garbage".utf8), StoredFrame.wrap([1, 2])] {
                let bytes = StoredFrame.wrap(tar.ended) + rest
                let (files, _, strays) = try read(bytes, in: folder)
                #expect(files.count == 1)
                #expect(strays.contains("bytes follow after the end of the compressed data"))
            }
        }
    }

    @Test("bytes hidden in the padding are told")
    func padding() throws {
        var tar = RawTar()
        tar.add("a", [1])
        var bytes = tar.ended
        bytes[512 + 5] = 9
        try withFolder { folder in
            let found = try read(StoredFrame.wrap(bytes), in: folder)
            #expect(found.strays.count == 1)
        }
    }

    @Test(
        "entries that are no plain files are told",
        arguments: [UInt8(ascii: "1"), 0x32, 0x33, 0x35, 0x36, 0x78, 0x67, 0x4c, 0xff]
    )
    func kinds(flag: UInt8) throws {
        var tar = RawTar()
        tar.add("a") { $0[156] = flag }
        tar.add("b")
        try withFolder { folder in
            let (files, odd, _) = try read(StoredFrame.wrap(tar.ended), in: folder)
            #expect(files.count == 2)
            #expect(odd.count == 1)
        }
    }

    @Test(
        "entries whose paths lead elsewhere are told",
        arguments: ["../a", "/etc/a", "a/../../b", "a\u{1b}[2J", "a//b", "c:\\d"]
    )
    func hostilePaths(path: String) throws {
        var tar = RawTar()
        tar.add(path, [1])
        try withFolder { folder in
            let (files, odd, _) = try read(StoredFrame.wrap(tar.ended), in: folder)
            #expect(odd.count == 1)
            #expect(files.allSatisfy { !$0.path.contains("\u{1b}") })
        }
    }

    @Test("a header with links, prefixes or another form is told")
    func otherForms() throws {
        try withFolder { folder in
            for offset in [157, 200, 257, 261, 262, 345, 499] {
                var tar = RawTar()
                tar.add("a") { $0[offset] = UInt8(ascii: "x") }
                let (_, odd, _) = try read(StoredFrame.wrap(tar.ended), in: folder)
                #expect(odd.count == 1, "byte \(offset)")
            }
        }
    }

    @Test("a size that is no number, or beyond the file, is an error")
    func hostileSizes() throws {
        try withFolder { folder in
            for text in ["77777777777", "0000000x000", "\u{80}0000000001"] {
                var tar = RawTar()
                tar.add("a") { header in
                    for (i, byte) in text.utf8.prefix(11).enumerated() { header[124 + i] = byte }
                }
                #expect(throws: ArchiveError.self) {
                    _ = try read(StoredFrame.wrap(tar.ended), in: folder)
                }
            }
        }
    }
}
