import DaybookTesting
import Ledger
import POSIX
import Testing

@Suite("Many callers") struct WriterTests {
    @Test("eight threads get receipts of their own, in one sound chain")
    func threads() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let receipts = Monitor<[Receipt]>([])
        let next = Monitor(0)
        try runThreads(8) {
            let thread = next.withLock { number in
                number += 1
                return number - 1
            }
            var mine: [Receipt] = []
            for group in 0..<50 {
                let first = thread * 1000 + group * 5
                let drafts = (first..<first + 5).map { Draft.sample($0) }
                let new = try? writer.append(drafts)
                mine += new ?? []
            }
            // A caller's own groups come in the order in which it handed them in.
            let sequences = mine.map(\.sequence)
            #expect(sequences == sequences.sorted())
            receipts.withLock { $0 += mine }
        }
        open.close()
        let all = receipts.withLock { $0 }
        #expect(Set(all.map(\.sequence)) == Set(1...2000))
        let events = try all.map { try open.event(at: $0.sequence).leafHash }
        #expect(events == all.map(\.leafHash))
        let report = try ledger.verify()
        #expect(report.findings == [])
        #expect(report.size == 2001)
        #expect(writer.status.committed == 2000)
    }

    /// Holds the writer's thread in an answer until it is let go.
    private final class Brake: Sendable {
        private let state = Monitor((isHeld: false, isReleased: false))

        func hold(_ writer: Writer) throws {
            try writer.submit([.bodiless(0)]) { [self] _ in
                state.withLock { $0.isHeld = true }
                state.broadcast()
                state.wait(until: { $0.isReleased }) { _ in }
            }
            state.wait(until: { $0.isHeld }) { _ in }
        }

        func release() {
            state.withLock { $0.isReleased = true }
            state.broadcast()
        }
    }

    @Test("a full queue is an error at once, and what is in it is recorded")
    func fullQueue() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let brake = Brake()
        try brake.hold(writer)
        let answered = Monitor(0)
        for number in 1...Limits.queueGroups {
            try writer.submit([.bodiless(number)]) { result in
                if case .success = result { answered.withLock { $0 += 1 } }
            }
        }
        #expect(throws: AppendError.queueFull) { try writer.append([.bodiless(-1)]) }
        #expect(writer.status.queued == Limits.queueGroups)
        brake.release()
        open.close()
        #expect(answered.withLock { $0 } == Limits.queueGroups)
        #expect(try ledger.verify().findings == [])
    }

    @Test("a queue full of large bodies is an error at once")
    func fullOfBytes() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let brake = Brake()
        try brake.hold(writer)
        // One copy of the content in memory, however many drafts hold it.
        let large = Draft.sample(1, content: String(repeating: "x", count: 64 << 20))
        let fitting = Limits.queueBytes / (65 << 20)
        for _ in 0..<fitting { try writer.submit([large]) { _ in } }
        #expect(throws: AppendError.queueFull) { try writer.submit([large, large]) { _ in } }
        try writer.submit([.bodiless(1)]) { _ in }
        brake.release()
        open.close()
        #expect(try ledger.verify().findings == [])
    }

    @Test("a writer that stops answers everything it took", arguments: 1...5)
    func stopping(round: Int) throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let counts = Monitor((taken: 0, answered: 0, recorded: 0))
        let next = Monitor(0)
        try runThreads(4) {
            let thread = next.withLock { number in
                number += 1
                return number
            }
            for number in 0..<200 {
                if thread == 4, number == 20 * round { open.close() }
                do throws(AppendError) {
                    try writer.submit([.bodiless(thread * 1000 + number)]) { result in
                        counts.withLock {
                            $0.answered += 1
                            if case .success = result { $0.recorded += 1 }
                        }
                    }
                    counts.withLock { $0.taken += 1 }
                } catch {
                    #expect(error == .stopped)
                }
            }
        }
        let end = counts.withLock { $0 }
        #expect(end.taken == end.answered)
        let report = try ledger.verify()
        #expect(report.findings == [])
        #expect(report.size == UInt64(end.recorded) + 1)
        open.close()
    }

    @Test("a group is recorded whole, in its order, under one checkpoint")
    func groups() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        var first = 0
        for size in [1, 2, 300, 5000] {
            let receipts = try writer.append((first..<first + size).map { .bodiless($0) })
            #expect(receipts.map(\.sequence) == (first..<first + size).map { UInt64($0) + 1 })
            #expect(Set(receipts.map(\.checkpointSize)) == [UInt64(first + size) + 1])
            first += size
        }
        open.close()
        #expect(try ledger.verify().findings == [])
    }

    @Test("keys change while others append")
    func rotation() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        let next = Monitor(0)
        try runThreads(4) {
            let thread = next.withLock { number in
                number += 1
                return number
            }
            for number in 0..<40 {
                _ = try? writer.append([.bodiless(thread * 1000 + number)])
                if thread <= 2, number % 10 == 5 {
                    #expect(throws: Never.self) { try open.rotateKey() }
                }
            }
        }
        open.close()
        let report = try ledger.verify()
        #expect(report.findings == [])
        #expect(report.size == 169)
        #expect(report.keys.count == 9)
        #expect(try Files.list("\(ledger.path)/keys").count == 1)
    }

    @Test("a ledger that was closed and let go has no file open")
    func closed() throws {
        // A process that opens the same log again would lose its locks to a late close.
        let late = try (0..<50).count { _ in
            let ledger = try TemporaryLedger()
            try ledger.fill(1)
            return try Files.list("/proc/self/fd").contains {
                Files.absolute("/proc/self/fd/\($0)")?.hasPrefix(ledger.path) == true
            }
        }
        #expect(late == 0)
    }
}
