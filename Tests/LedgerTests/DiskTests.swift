import DaybookTesting
import Ledger
import POSIX
import Testing

@Suite("Disks", .enabled(if: SmallDisk.isPossible, "takes the right to mount a file system"))
struct DiskTests {
    private static let content = String(repeating: "x", count: 30_000)

    @Test("a full disk refuses, and with room again the same writer goes on")
    func full() throws {
        let disk = try SmallDisk(kilobytes: 4096)
        try disk.create()
        let ledger = try disk.open(appends: true)
        let writer = try #require(ledger.writer)
        var recorded: [Receipt] = []
        var number = 0
        for _ in 0..<3 {
            recorded += try writer.append([.sample(number, content: Self.content)])
            try disk.fill()
            var failure: AppendError?
            while failure == nil, number < 1000 {
                number += 1
                do throws(AppendError) {
                    recorded += try writer.append([.sample(number, content: Self.content)])
                } catch {
                    failure = error
                }
            }
            #expect(failure == .diskFull)
            #expect(writer.status.failure == .diskFull)
            try disk.clear()
            recorded += try writer.append([.sample(number, content: Self.content)])
            #expect(writer.status.failure == nil)
            number += 1
        }
        ledger.close()
        #expect(recorded.map(\.sequence) == (1...UInt64(recorded.count)).map { $0 })
        #expect(recorded.map(\.outcome).allSatisfy { $0 == .accepted })
        let report = try disk.verify()
        #expect(report.findings == [])
        #expect(report.size == UInt64(recorded.count) + 1)
    }

    @Test("a full disk does not keep anyone from reading, verifying and opening")
    func readingFull() throws {
        let disk = try SmallDisk(kilobytes: 4096)
        try disk.create()
        try disk.append(20)
        try disk.fill()
        let report = try disk.verify()
        #expect(report.findings == [])
        #expect(report.size == 21)
        #expect(try disk.open(appends: false).event(at: 20).content != nil)
    }

    @Test(
        "a ledger that could not be made for lack of room can be made later",
        arguments: [4, 12, 20, 28, 36, 44, 52, 60]
    )
    func creating(kilobytes: Int) async throws {
        let mounted = try SmallDisk(kilobytes: kilobytes)
        await #expect(processExitsWith: .success) { [root = mounted.root as String] in
            let disk = SmallDisk(at: root)
            let first = Result { try disk.create() }
            try disk.remount(kilobytes: 4096)
            if case .failure(let error) = first {
                #expect(error is LedgerError)
                try disk.create()
            }
            try disk.append(1)
            #expect(try disk.verify().findings == [])
        }
    }

    @Test("a disk that may not be written is read and verified, and appending is refused clearly")
    func readOnly() throws {
        let disk = try SmallDisk(kilobytes: 4096)
        try disk.create()
        try disk.append(20)
        try disk.remount(readOnly: true, kilobytes: 4096)
        #expect(try disk.open(appends: false).event(at: 20).content != nil)
        #expect(try disk.verify().findings == [])
        let error = #expect(throws: LedgerError.self) { try disk.open(appends: true).close() }
        #expect(error?.description.contains("must be writable") == true)
    }
}
