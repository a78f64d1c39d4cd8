import Foundation
import Ledger
import Projections
import Synchronization
import Testing

@Suite("Rebuilds beside other work") struct RebuildRaceTests {
    private static let companies = Array(Company.usual.prefix(1))

    @Test("two rebuilds of one definition at once both end, with the same rows")
    func twoRebuilds() throws {
        try withTrial { trial in
            try trial.fill(Self.companies.flatMap(\.messages))
            let truth = Self.companies.truth(.orders)
            var digests: Set<String?> = []
            for _ in 0..<3 {
                let words = [
                    Trial.program, "projections", "rebuild", "order-status", "--chunk", "30",
                    "--threads", "2",
                ]
                let builds = try (0..<2).map { _ in try trial.start(words) }
                for (child, name) in builds {
                    let status = child.wait()
                    let said = try trial.read("\(name).err")
                    #expect(status == 0, "\(said)")
                    guard status == 0 else { continue }
                    let output = Data(try trial.read("\(name).out").utf8)
                    digests.insert(row(output)["digest"])
                }
                expect(try trial.state(.orders), truth)
            }
            #expect(digests.count == 1)
        }
    }

    @Test("rows that are shown while they are rebuilt are the whole and true ones")
    func reading() throws {
        let company = Company(seed: 9, size: .init(orders: 8, members: 1, items: 1, moves: 1))
        let ledger = try CompanyLedger(company.messages)
        let views = try Views(ledger.ledger)
        let truth = company.truth(.orders)
        let request = ViewRequest("order-status")
        let digest = try views.digest(request)
        let failures = Mutex<[String]>([])
        let rebuilding = Thread {
            var options = RebuildOptions()
            options.anew = true
            options.chunkSize = 40
            options.digests = false
            for _ in 0..<40 {
                do {
                    _ = try views.rebuild("order-status", options)
                } catch {
                    failures.withLock { $0.append("rebuild: \(error)") }
                }
            }
        }
        rebuilding.start()
        var number = 0
        while !rebuilding.isFinished {
            do {
                switch number % 3 {
                case 0: expect(try views.rows(.orders), truth, "round \(number):")
                case 1: #expect(try views.digest(request) == digest)
                default:
                    let row = truth[number % truth.count]
                    #expect(TrueRow(try views.row(request, key: row.key)) == row)
                }
            } catch {
                failures.withLock { $0.append("read: \(error)") }
            }
            number += 1
        }
        #expect(number > 3)
        #expect(failures.withLock { $0 } == [])
    }

    @Test("a server follows while rows are rebuilt anew, and reports no trouble")
    func following() throws {
        try withTrial(configuration: Company.configuration) { trial in
            try trial.fill(Self.companies[0].messages)
            let server = try trial.serve()
            for _ in 0..<4 {
                try trial.one("projections rebuild stock-levels --anew --chunk 100")
                    .requireActive()
            }
            expect(try trial.state(.stock), Self.companies[0].truth(.stock))
            #expect(server.stop() == 0)
            #expect(!server.messages.contains("is not folded"), "\(server.messages)")
        }
    }
}

extension [String: String] {
    fileprivate func requireActive() throws { #expect(self["active"] == "1", "\(self)") }
}
