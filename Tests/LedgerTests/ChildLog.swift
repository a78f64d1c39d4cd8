import Bytes
import DaybookTesting
import Glibc
import Ledger
import POSIX

/// What a process of its own does to a ledger whose folder it is told.
enum ChildLog {
    /// Opens the ledger for appending.
    static func open(_ path: String, _ headFile: String) throws -> Ledger {
        try Ledger(
            path: path,
            options: .init(appends: true, headFile: headFile, mapSize: 1 << 20)
        )
    }

    /// Appends groups until it is killed at some moment that the seed decides; every receipt is on
    /// disk in `acknowledged` before the next group begins.
    static func appendUntilKilled(
        _ path: String,
        _ headFile: String,
        _ acknowledged: String,
        seed: UInt64
    ) throws {
        let ledger = try open(path, headFile)
        var chance = SeededChance(seed: seed)
        let microseconds = UInt32.random(in: 0...60_000, using: &chance)
        let file = Glibc.open(acknowledged, O_CREAT | O_APPEND | O_WRONLY, 0o600)
        let killer = try Thread("killer") {
            usleep(microseconds)
            kill(getpid(), SIGKILL)
        }
        var number = 0
        while let writer = ledger.writer {
            let group = (0..<Int.random(in: 1...20, using: &chance)).map {
                Draft.sample(Int(seed) * 100_000 + number + $0)
            }
            number += group.count
            let receipts = try writer.append(group)
            let text = receipts.map { "\($0.sequence) \($0.leafHash)\n" }.joined()
            _ = text.withCString { write(file, $0, strlen($0)) }
            fsync(file)
        }
        killer.join()
    }

    /// Runs `body` in a child; what it throws is left in a file for the parent to show.
    static func reporting(to file: String, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            try Files.replace(file, with: Array("\(error)".utf8))
            throw error
        }
    }
}
