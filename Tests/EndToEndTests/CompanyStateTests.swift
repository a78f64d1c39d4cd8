import Bytes
import DaybookTesting
import Ledger
import Projections
import Testing

@Suite("The state of a simulated company") struct CompanyStateTests {
    @Test("is what is true now, what was true and what was known", arguments: 1...3)
    func truth(seed: Int) throws {
        let company = Company.usual[seed - 1]
        let ledger = try CompanyLedger(company.messages)
        let views = try Views(ledger.ledger)
        for projection in Company.Projection.allCases {
            expect(try views.rows(projection), company.truth(projection), "seed \(seed)")
            try expectAsOf(views, projection, company)
            try expectAsAt(views, projection, company, ledger.sequences)
        }
        try expectAccounts(views, company)
    }

    @Test("does not depend on the order of arrival", arguments: 1...3)
    func order(seed: Int) throws {
        let company = Company.usual[seed - 1]
        var chance = SeededChance(seed: UInt64(seed) + 100)
        let sent = try Views(CompanyLedger(company.messages).ledger)
        let ledger = try CompanyLedger(company.messages.shuffled(using: &chance))
        let shuffled = try Views(ledger.ledger)
        #expect(try shuffled.digests() == sent.digests())
        for projection in Company.Projection.allCases {
            expect(try shuffled.rows(projection), company.truth(projection), "seed \(seed)")
        }
    }

    /// The fate of every event is accounted for.
    private func expectAccounts(_ views: Views, _ company: Company) throws {
        let redelivered =
            company.messages.count - Set(company.messages.map(\.identity)).count
        #expect(redelivered > 10)
        for status in try views.status(catchesUp: true) {
            let tally = status.tally
            let sum =
                tally.applied + tally.ignored + tally.duplicate + tally.rejected
                + tally.quarantined + tally.unknown
            #expect(sum == status.position, "\(status.name): \(tally)")
            #expect(status.position == status.logSize)
            #expect(tally.duplicate == UInt64(redelivered))
            #expect(tally.quarantined == 0 && tally.rejected == 0)
            #expect(status.conflicts == 0 && status.waiting == 0)
        }
    }

    private func expectAsOf(
        _ views: Views,
        _ projection: Company.Projection,
        _ company: Company
    ) throws {
        let times = company.messages.map(\.at).sorted()
        // The very second of an event is within.
        for share in [25, 75] {
            let time = times[times.count * share / 100]
            let past = Past.asOf(Timestamp(microseconds: Int64(time) * 1_000_000))
            let truth = company.truth(projection, asOf: time)
            try expectPast(views, projection, past, truth, company, "as of \(time)")
        }
    }

    private func expectAsAt(
        _ views: Views,
        _ projection: Company.Projection,
        _ company: Company,
        _ sequences: [UInt64]
    ) throws {
        for share in [15, 60] {
            let count = company.messages.count * share / 100
            let past = Past.asAt(sequence: sequences[count - 1])
            let truth = company.truth(projection, after: count)
            try expectPast(views, projection, past, truth, company, "after \(count)")
        }
    }

    private func expectPast(
        _ views: Views,
        _ projection: Company.Projection,
        _ past: Past,
        _ truth: [TrueRow],
        _ company: Company,
        _ what: String
    ) throws {
        let label = "seed \(company.seed), \(projection) \(what):"
        expect(try views.rows(projection, at: past), truth, label)
        let byKey = Dictionary(uniqueKeysWithValues: truth.map { ($0.key, $0) })
        let request = ViewRequest(projection.rawValue)
        let keys = (company.facts[projection] ?? [:]).keys.sorted()
        for (place, key) in keys.enumerated() where place % 7 == 0 {
            do {
                let found = TrueRow(try views.row(request, key: key, at: past))
                #expect(found == byKey[key], "\(label)")
            } catch ViewError.noRow {
                #expect(byKey[key] == nil, "\(label)")
            }
        }
    }

    @Test("a row is found by the names of its payment and its parcels, now and in the past")
    func otherNames() throws {
        let company = Company.usual[0]
        let ledger = try CompanyLedger(company.messages)
        let views = try Views(ledger.ledger)
        let past = Past.asAt(sequence: try #require(ledger.sequences.last))
        let request = ViewRequest(Company.Projection.orders.rawValue)
        let facts = company.facts[.orders] ?? [:]
        let named = facts.compactMap { key, facts in
            facts.compactMap(\.through).last.map { (key, $0) }
        }
        #expect(named.count > 10)
        let truth = company.truth(.orders)
        for (key, name) in named.prefix(12) {
            let expected = truth.first { $0.key == key }
            #expect(TrueRow(try views.row(request, key: name)) == expected)
            #expect(TrueRow(try views.row(request, key: name, at: past)) == expected)
        }
    }
}

@Suite("Views of one log, derived in different ways") struct CompanyDerivationTests {
    @Test("are the same, followed step by step, at once, or rebuilt in chunks", arguments: 1...3)
    func ways(seed: Int) throws {
        let company = Company.usual[seed - 1]
        let ledger = try CompanyLedger()
        var ways: [String: [String]] = [:]
        do {
            let views = try Views(ledger.ledger)
            var rest = company.messages[...]
            var chance = SeededChance(seed: UInt64(seed))
            while !rest.isEmpty {
                let step = Int.random(in: 1...200, using: &chance)
                try ledger.take(rest.prefix(step))
                rest = rest.dropFirst(step)
                #expect(try views.followAll().isEmpty)
            }
            ways["live"] = try views.digests()
        }
        try ledger.deleteViews()
        do {
            let views = try Views(ledger.ledger)
            ways["at once"] = try views.digests()
            for projection in Company.Projection.allCases {
                expect(try views.rows(projection), company.truth(projection))
            }
            ways["one chunk"] = try rebuild(views, threads: 1, chunks: 1)
            ways["four chunks"] = try rebuild(views, threads: 2, chunks: 4)
            for projection in Company.Projection.allCases {
                expect(try views.rows(projection), company.truth(projection))
            }
        }
        try ledger.deleteViews()
        ways["chunks alone"] = try rebuild(Views(ledger.ledger), threads: 2, chunks: 23)
        for (way, digests) in ways { #expect(digests == ways["live"], "\(way)") }
    }

    private func rebuild(_ views: Views, threads: Int, chunks: UInt64) throws -> [String] {
        try Company.Projection.allCases.map { projection in
            var options = RebuildOptions()
            options.threads = threads
            options.chunkSize = try views.ledger.read { try $0.size } / chunks + 1
            options.anew = true
            let report = try views.rebuild(projection.rawValue, options)
            #expect(report.resumed == 0 && !report.sharesRows && report.isActive)
            let digest = try #require(report.digest)
            #expect(try views.digest(ViewRequest(projection.rawValue)) == digest)
            return "\(digest)"
        }
    }

    @Test("are the same where several processes fold them at once")
    func processes() throws {
        let company = Company.usual[1]
        let copy = try CompanyLedger(company.messages)
        let expected = try Views(copy.ledger).digests()
        let ledger = try CompanyLedger()
        try withTrial(makesLedger: false) { trial in
            let views = try Views(ledger.ledger)
            for part in 0..<4 {
                let count = company.messages.count
                try ledger.take(company.messages[count * part / 4..<count * (part + 1) / 4])
                let others = try Company.Projection.allCases.map { projection in
                    try trial.start([
                        Trial.program, "projections", "digest", projection.rawValue,
                        "--ledger", ledger.path,
                    ])
                }
                let mine = try views.digests()
                for (place, (child, name)) in others.enumerated() {
                    #expect(child.wait() == 0)
                    let text = try trial.read("\(name).out")
                    #expect(text.contains(mine[place]), "\(text)")
                }
            }
            #expect(try views.digests() == expected)
            for status in try views.status(catchesUp: false) {
                #expect(status.tally.events == status.logSize)
            }
        }
    }
}
