import DaybookTesting
import LMDB
import Ledger
import POSIX
import Testing

@Suite("Several processes", .serialized) struct ProcessTests {
    @Test("three processes append to one chain, and one of them changes the key")
    func appending() async throws {
        let ledger = try TemporaryLedger()
        let paths = [ledger.path, ledger.headFile]
        await withTaskGroup { group in
            for child in 1...3 {
                group.addTask {
                    await #expect(processExitsWith: .success) {
                        [paths = paths as [String], child = child as Int] in
                        try ChildLog.reporting(to: "\(paths[0])/error-\(child)") {
                            try Self.append(child, paths[0], paths[1])
                        }
                    }
                }
            }
        }
        for child in 1...3 {
            let error = (try? Files.read("\(ledger.path)/error-\(child)")) ?? []
            #expect(String(decoding: error, as: UTF8.self) == "", "child \(child)")
        }
        let report = try ledger.verify()
        #expect(report.findings == [])
        #expect(report.size == 1 + 360 + 3)
        #expect(report.keys.count == 4)
    }

    private static func append(_ child: Int, _ path: String, _ headFile: String) throws {
        let open = try ChildLog.open(path, headFile)
        for number in 0..<60 {
            let content = String(repeating: "x", count: 9000)
            let draft = Draft.sample(child * 1000 + number, content: content)
            let receipts = try open.writer?.append([draft, draft])
            #expect(receipts?.map(\.outcome) == [.accepted, .duplicate])
            if child == 1, number % 20 == 10 { _ = try open.rotateKey() }
        }
        open.close()
    }

    @Test("a log is sound at every moment while another process appends to it")
    func verifying() async throws {
        let ledger = try TemporaryLedger()
        let paths = [ledger.path, ledger.headFile]
        let isDone = Monitor(false)
        async let child: Void = {
            await #expect(processExitsWith: .success) { [paths = paths as [String]] in
                let open = try ChildLog.open(paths[0], paths[1])
                for number in 0..<400 {
                    _ = try #require(open.writer).append([
                        .sample(2 * number), .sample(2 * number + 1),
                    ])
                    if number % 100 == 50 { _ = try open.rotateKey() }
                }
                open.close()
            }
            isDone.withLock { $0 = true }
        }()
        var runs = 0
        while !isDone.withLock({ $0 }) {
            let findings = try ledger.verify().findings
            #expect(findings == [], "run \(runs)")
            if !findings.isEmpty { break }
            runs += 1
        }
        await child
        #expect(try ledger.verify().findings == [])
        #expect(runs > 0)
    }

    @Test("a writer may start at any moment while another process changes keys")
    func starting() async throws {
        let ledger = try TemporaryLedger()
        let paths = [ledger.path, ledger.headFile]
        let isDone = Monitor(false)
        async let child: Void = {
            await #expect(processExitsWith: .success) { [paths = paths as [String]] in
                let open = try ChildLog.open(paths[0], paths[1])
                for _ in 0..<200 { _ = try open.rotateKey() }
                open.close()
            }
            isDone.withLock { $0 = true }
        }()
        var number = 0
        while !isDone.withLock({ $0 }) {
            #expect(throws: Never.self, "start \(number)") {
                try ledger.open(appends: true).close()
            }
            number += 1
        }
        await child
        try ledger.fill(1)
        let report = try ledger.verify()
        #expect(report.findings == [])
        #expect(report.keys.count == 201)
    }

    @Test(
        "a process that starts while another makes the map grow opens its tables",
        arguments: [true, false]
    )
    func opening(readOnly: Bool) async throws {
        let ledger = try TemporaryLedger(mapSize: 1 << 20)
        let environment = try Environment(
            path: "\(ledger.path)/log",
            options: .init(mapSize: 1 << 20, readOnly: readOnly)
        )
        await #expect(processExitsWith: .success) { [path = ledger.path as String] in
            let open = try ChildLog.open(path, "\(path)/head")
            let content = String(repeating: "x", count: 100_000)
            for number in 0..<40 {
                _ = try open.writer?.append([.sample(number, content: content)])
            }
            open.close()
        }
        #expect(throws: Never.self) { try environment.open([("lines", .integer)]) }
    }
}
