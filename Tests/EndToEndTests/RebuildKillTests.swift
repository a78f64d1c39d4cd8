import Foundation
import Testing

@Suite("Rebuilds that are killed", .serialized) struct RebuildKillTests {
    /// Some ten thousand events of several companies.
    private static let companies = Company.usual + (4...12).map { Company(seed: $0) }

    /// Waits for some commits to views, or for the child's end; `false` for the latter.
    private func wait(for commits: Int, of child: Child, _ trial: Trial) -> Bool {
        var seen: Set<Int> = []
        while child.isRunning {
            var status = stat()
            if stat("\(trial.ledger)/views/data.mdb", &status) == 0 {
                seen.insert(status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec)
            }
            if seen.count > commits { return true }
            usleep(200)
        }
        return false
    }

    @Test("go on where they were, ten times over, and end as an undisturbed one")
    func rebuild() throws {
        try withTrial { trial in
            try trial.fill(Self.companies.flatMap(\.messages))
            let build = "projections rebuild order-status --chunk 100 --threads 2"
            let copied = try trial.shell("cp -a ledger other")
            try #require(copied.status == 0, "\(copied)")
            let undisturbed = try trial.one("\(build) --ledger \(trial.root)/other")
            let truth = Self.companies.truth(.orders)
            expect(try trial.state(.orders), truth)
            var kills = 0
            var line = "\(build) --anew"
            while kills < 10 {
                let words = [Trial.program] + line.split(separator: " ").map(String.init)
                let (child, _) = try trial.start(words)
                guard wait(for: .random(in: 1...5), of: child, trial) else { break }
                usleep(.random(in: 0...3000))
                child.signal(SIGKILL)
                child.wait()
                kills += 1
                line = build
                // What answered before answers still.
                if kills == 3 { expect(try trial.state(.orders, "--no-catch-up"), truth) }
            }
            #expect(kills == 10)
            let report = try trial.one(build)
            let events = try #require(Int(report["events"] ?? ""))
            let resumed = try #require(Int(report["resumed"] ?? ""))
            let folded = try #require(Int(report["folded"] ?? ""))
            #expect(resumed > 0 && resumed.isMultiple(of: 100), "\(report)")
            #expect(resumed + folded <= events && resumed + folded >= events - 10, "\(report)")
            #expect(report["digest"] == undisturbed["digest"])
            expect(try trial.state(.orders), truth)
            let status = try trial.line("projections status").rows
            #expect(status.allSatisfy { $0["events"] == $0["position"] })
            #expect(status.first { $0["name"] == "order-status" }?["state"] == "following")
        }
    }

    @Test("live folding that is killed leaves what is true, whoever folds next")
    func following() throws {
        let companies = Array(Self.companies.prefix(3))
        try withTrial { trial in
            try trial.fill(companies.flatMap(\.messages))
            for round in 0..<4 {
                let words = [Trial.program, "state", "stock-levels", "--limit", "1"]
                let (child, _) = try trial.start(words)
                usleep(.random(in: 10_000...120_000))
                child.signal(SIGKILL)
                child.wait()
                let server = try trial.serve()
                if round % 2 == 0 { usleep(.random(in: 0...300_000)) }
                server.kill()
            }
            for projection in Company.Projection.allCases {
                expect(try trial.state(projection), companies.truth(projection))
            }
            let status = try trial.line("projections status").rows
            #expect(status.allSatisfy { $0["events"] == $0["position"] })
        }
    }
}
