import Foundation
import POSIX
import Synchronization
import Testing

@Suite struct FilesLockTests {
    private let path = NSTemporaryDirectory() + "/daybook-lock-" + UUID().uuidString

    @Test("one at a time holds a lock, and an error gives it back")
    func exclusion() throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        struct Failure: Error {}
        let inside = Atomic<Int>(0)
        let most = Atomic<Int>(0)
        let done = Atomic<Int>(0)
        let path = path
        try runThreads(4) {
            for round in 0..<50 {
                try? Files.withLock(path) {
                    let count = inside.add(1, ordering: .relaxed).newValue
                    most.max(count, ordering: .relaxed)
                    inside.subtract(1, ordering: .relaxed)
                    done.add(1, ordering: .relaxed)
                    if round % 3 == 0 { throw Failure() }
                }
            }
        }
        #expect(most.load(ordering: .relaxed) == 1)
        #expect(done.load(ordering: .relaxed) == 200)
        #expect(Files.mode(path) == 0o600)
    }

    @Test("a lock where no file can be is an error")
    func noFolder() {
        #expect(throws: SystemError.self) { try Files.withLock("\(path)/none/lock") {} }
    }
}
