import Foundation
import LMDB
import Testing

@Suite("Overwriting what was removed") struct ScrubTests {
    private let folder: URL

    init() throws {
        folder = URL(filePath: NSTemporaryDirectory()).appending(path: "scrub-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func open() throws -> (Environment, [Database]) {
        let environment = try Environment(path: folder.path, options: .init(mapSize: 1 << 28))
        return (environment, try environment.open([("a", .integer), ("b", .bytes)]))
    }

    /// Bytes that occur nowhere else: a mark, the key, and the mark again to the end.
    private static func value(_ key: UInt64, size: Int) -> [UInt8] {
        let mark = Array("<secret \(key)>".utf8)
        return (0..<size).map { mark[$0 % mark.count] }
    }

    private func occurrences(of key: UInt64) throws -> Int {
        let data = try Data(contentsOf: folder.appending(path: "data.mdb"))
        let mark = Data("<secret \(key)>".utf8)
        var count = 0
        var start = data.startIndex
        while let found = data.range(of: mark, in: start..<data.endIndex) {
            count += 1
            start = found.upperBound
        }
        return count
    }

    @Test(
        "nothing of a removed record is in the file, everything of the others is",
        arguments: [1, 2, 3, 4, 5, 6] as [UInt64]
    )
    func random(seed: UInt64) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        var chance = Chance(seed)
        let (environment, databases) = try open()
        var there: [UInt64: Int] = [:]
        var gone: Set<UInt64> = []
        var next: UInt64 = 1000
        for _ in 0..<30 {
            try environment.write { transaction in
                for _ in 0..<(1 + chance.next(20)) {
                    // On shared pages, on one page of its own, and on several.
                    let size = [20, 300, 1900, 2040, 2100, 4079, 4080, 4081, 9000, 70_000][
                        chance.next(10)
                    ]
                    let value = Self.value(next, size: size)
                    try transaction.put(value.span, for: next, in: databases[0])
                    there[next] = size
                    next += 1
                }
                for key in there.keys.sorted() where chance.next(5) == 0 {
                    #expect(try transaction.remove(key, in: databases[0]))
                    there[key] = nil
                    gone.insert(key)
                }
            }
            if chance.next(4) == 0 { _ = try environment.scrub(databases) }
        }
        let report = try environment.scrub(databases)
        #expect(report.isComplete)
        for key in gone { #expect(try occurrences(of: key) == 0, "\(key)") }
        try environment.read { transaction in
            for (key, size) in there {
                let value = Self.value(key, size: size)
                let found = copy(try transaction.value(for: key, in: databases[0]))
                let isWhole = found == value
                #expect(isWhole, "\(key)")
            }
        }
        #expect(try environment.scrub(databases).bytes == 0)
    }

    @Test("a reader that began before sees its records until it ends; then they go")
    func reader() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (environment, databases) = try open()
        let value = Self.value(7, size: 9000)
        try environment.write { try $0.put(value.span, for: 7, in: databases[0]) }
        let reading = DispatchSemaphore(value: 0)
        let removed = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var isWhole = false
        Thread.detachNewThread {
            try? environment.read { transaction in
                reading.signal()
                removed.wait()
                isWhole = copy(try transaction.value(for: 7, in: databases[0])) == value
            }
            ended.signal()
        }
        reading.wait()
        try environment.write { _ = try $0.remove(7, in: databases[0]) }
        let early = try environment.scrub(databases, waiting: 50)
        #expect(!early.isComplete)
        removed.signal()
        ended.wait()
        #expect(isWhole)
        #expect(try environment.scrub(databases).isComplete)
        #expect(try occurrences(of: 7) == 0)
    }

    @Test("what a process that was killed had begun to write is overwritten, too")
    func tail() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (environment, databases) = try open()
        try environment.write { try $0.put(Self.value(1, size: 10).span, for: 1, in: databases[0]) }
        let file = try FileHandle(forWritingTo: folder.appending(path: "data.mdb"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(Self.value(99, size: 10_000)))
        #expect(try occurrences(of: 99) > 0)
        _ = try environment.scrub(databases)
        #expect(try occurrences(of: 99) == 0)
        #expect(try occurrences(of: 1) > 0)
    }
}

private func copy(_ span: Span<UInt8>?) -> [UInt8]? {
    guard let span else { return nil }
    return span.indices.map { span[$0] }
}

/// A small generator, the same for the same seed.
private struct Chance {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(bound))
    }
}
