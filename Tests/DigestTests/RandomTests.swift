import Digest
import Foundation
import Testing

@Suite("random bytes")
struct RandomTests {
    @Test("as many come as were asked for, and never the same", arguments: [0, 1, 16, 5000])
    func fill(count: Int) {
        let bytes = Random.fill(count)
        #expect(bytes.count == count)
        if count >= 16 { #expect(bytes != Random.fill(count)) }
    }

    @Test("salts do not repeat, within a source or between two")
    func salts() {
        var first = SaltSource()
        var second = SaltSource()
        var seen: Set<String> = []
        for _ in 0..<2000 {
            let a = first.next()
            let b = second.next()
            seen.insert(hex(a.indices.map { a[$0] }))
            seen.insert(hex(b.indices.map { b[$0] }))
        }
        #expect(seen.count == 4000)
    }

    @Test("a forked process draws salts of its own")
    func fork() async {
        await #expect(processExitsWith: .success) {
            var source = SaltSource()
            _ = source.next()
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            // Swift hides `fork`, which is unsafe in general; this child only draws and writes.
            typealias Fork = @convention(c) () -> pid_t
            let fork = unsafeBitCast(dlsym(nil, "fork"), to: Fork.self)
            let child = fork()
            var salt = source.next()
            if child == 0 {
                write(ends[1], &salt, 16)
                _exit(0)
            }
            var inherited = [16 of UInt8](repeating: 0)
            let count = read(ends[0], &inherited, 16)
            let isOwn = salt.indices.contains { salt[$0] != inherited[$0] }
            exit(count == 16 && isOwn ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }
}
