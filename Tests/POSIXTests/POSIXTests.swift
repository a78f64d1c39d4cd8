import Foundation
import POSIX
import Synchronization
import Testing

private func temporaryPath() -> String { NSTemporaryDirectory() + "posix-\(UUID().uuidString)" }

@Suite struct FilesTests {
    @Test("a replaced file holds the new bytes, with its mode, and leaves nothing beside it")
    func replace() throws {
        let folder = temporaryPath()
        try Files.makeFolder("\(folder)/a/b")
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/a/b/file"
        try Files.replace(path, with: [1, 2, 3])
        try Files.replace(path, with: [4])
        #expect(try Files.read(path) == [4])
        #expect(Files.mode(path) == 0o600)
        #expect(try Files.list("\(folder)/a/b") == ["file"])
    }

    @Test("a file is not made over another")
    func create() throws {
        let path = temporaryPath()
        try Files.create(path, with: [1])
        defer { try? Files.remove(path) }
        let error = #expect(throws: SystemError.self) { try Files.create(path, with: [2]) }
        #expect(error?.isExisting == true)
        #expect(try Files.read(path) == [1])
    }

    @Test("a file over the limit and one that is missing are errors that name the path")
    func readErrors() throws {
        let path = temporaryPath()
        try Files.create(path, with: [UInt8](repeating: 0, count: 11))
        defer { try? Files.remove(path) }
        let large = #expect(throws: SystemError.self) { try Files.read(path, limit: 10) }
        #expect(large?.description.contains(path) == true)
        #expect(try Files.read(path, limit: 11).count == 11)
        let missing = #expect(throws: SystemError.self) { try Files.read("\(path).not") }
        #expect(missing?.isMissing == true)
    }

    @Test(
        "the folder above a path",
        arguments: [("/a/b", "/a"), ("/a", "/"), ("a", "."), ("a/b", "a")]
    )
    func parent(path: String, above: String) {
        #expect(Files.parent(of: path) == above)
    }
}

@Suite struct MonitorTests {
    @Test("a waiter sees what another thread changed")
    func handOver() throws {
        let monitor = Monitor(0)
        let thread = try Thread("test") {
            for _ in 0..<1000 { monitor.withLock { $0 += 1 } }
            monitor.broadcast()
        }
        let seen = monitor.wait(until: { $0 == 1000 }) { $0 }
        thread.join()
        #expect(seen == 1000)
    }

    @Test("a wait ends when its time is over")
    func timeout() {
        let monitor = Monitor(false)
        #expect(monitor.wait(until: { $0 }, milliseconds: 20) { $0 } == false)
    }

    @Test("work runs on as many threads as asked for", arguments: [1, 2, 5])
    func threads(count: Int) throws {
        let runs = Atomic<Int>(0)
        try runThreads(count) { runs.add(1, ordering: .relaxed) }
        #expect(runs.load(ordering: .relaxed) == count)
    }
}
