import Foundation
import Ledger
import Projections
import Synchronization
import Testing

@Suite("A company's webhooks over HTTP") struct CompanyServerTests {
    @Test("are folded by the server that records them, redeliveries once")
    func overHTTP() throws {
        let company = Company.usual[2]
        let messages = Array(company.messages.filter { $0.request != nil }.prefix(350))
        let known = Set(messages.map(\.identity))
        #expect(known.count < messages.count)
        try withTrial(configuration: Company.configuration) { trial in
            let server = try trial.serve()
            let connection = try server.connect()
            for message in messages {
                try connection.send(try #require(message.request))
                let answer = try connection.answer()
                try #require(200..<300 ~= answer.status, "\(message): \(answer)")
            }
            // Nobody but the server folds here.
            for projection in Company.Projection.allCases {
                let truth = company.truth(projection, of: known)
                var found: [TrueRow] = []
                for _ in 0..<100 {
                    found = try trial.state(projection, "--no-catch-up")
                    if found == truth { break }
                    usleep(100_000)
                }
                expect(found, truth, "\(projection):")
            }
            for status in try trial.line("projections status").rows {
                #expect(status["events"] == status["position"])
                #expect(status["quarantined"] == "0" && status["lag_events"] == "0")
            }
            #expect(try trial.isSound())
        }
    }

    @Test("that a killed server acknowledged are folded, once, whenever it was killed")
    func killedServer() throws {
        let company = Company.usual[0]
        let messages = company.messages.filter { $0.request != nil }.prefix(240)
        try withTrial(configuration: Company.configuration) { trial in
            var rest = messages[...]
            var chance = SystemRandomNumberGenerator()
            while !rest.isEmpty {
                let server = try trial.serve()
                let connection = try server.connect()
                let step = min(rest.count, 60)
                for message in rest.prefix(step) {
                    try connection.send(try #require(message.request))
                    #expect(200..<300 ~= (try connection.answer().status))
                }
                rest = rest.dropFirst(step)
                usleep(.random(in: 0...250_000, using: &chance))
                server.kill()
            }
            let known = Set(messages.map(\.identity))
            for projection in Company.Projection.allCases {
                expect(try trial.state(projection), company.truth(projection, of: known))
            }
            #expect(try trial.isSound())
        }
    }
}

@Suite("A version that is raised under a running server") struct CompanyVersionTests {
    private static let changes: KeyValuePairs = [
        "version: 1 ": "version: 2 ",
        "  tier: { type: text, keep: latest }\n":
            "  tier: { type: text, keep: latest }\n  email: { type: text, keep: latest }\n",
        "      tier: { from: /data/tier, optional: true }\n":
            "      tier: { from: /data/tier, optional: true }\n"
            + "      email: { from: /data/email, optional: true }\n",
        "past_due: suspended": "past_due: lapsed",
    ]

    /// The rows that the raised version makes of a company.
    private func raised(_ company: Company) -> [TrueRow] {
        company.truth(.members).map { row in
            let said = company.facts[.members]?[row.key] ?? []
            var columns = row.columns
            columns["email"] = "\"\(row.key)@example.org\""
            let newest = said.filter { $0.column == "status" }.max { $0.at < $1.at }
            if newest?.value == .word("suspended"), newest?.said.hasPrefix("stripe") == true {
                columns["status"] = "\"lapsed\""
            }
            return TrueRow(key: row.key, columns: columns)
        }
    }

    @Test("fails no request, answers when it is promoted, and goes when it is rolled back")
    func lifecycle() throws {
        let company = Company(seed: 2, size: .init(orders: 10, members: 40, items: 4, moves: 4))
        let messages = company.messages.filter { $0.source == "cms" || $0.source == "stripe" }
        try withTrial(configuration: Company.configuration) { trial in
            let server = try trial.serve()
            let failed = Mutex<[String]>([])
            let isHalfway = Mutex(false)
            let sender = Thread {
                do {
                    let connection = try server.connect()
                    for (place, message) in messages.enumerated() {
                        guard let request = message.request else { continue }
                        try connection.send(request)
                        let answer = try connection.answer()
                        if !(200..<300 ~= answer.status) {
                            failed.withLock { $0.append("\(answer)") }
                        }
                        if place == messages.count / 3 { isHalfway.withLock { $0 = true } }
                    }
                } catch {
                    failed.withLock { $0.append("\(error)") }
                }
            }
            sender.start()
            try eventually("a third") { isHalfway.withLock { $0 } ? true : nil }
            _ = try trial.state(.members)
            try trial.change("member-status", Self.changes)
            // A new version answers nobody, built or not.
            #expect(try trial.state(.members).allSatisfy { $0.columns["email"] == nil })
            let built = try trial.one("projections rebuild member-status --chunk 50")
            #expect(built["version"] == "2" && built["active"] == "0")
            #expect(try trial.state(.members).allSatisfy { $0.columns["email"] == nil })
            try eventually("end") { sender.isFinished ? true : nil }
            #expect(failed.withLock { $0 } == [])
            expect(try trial.state(.members), company.truth(.members))
            expect(try trial.state(.members, "--view-version", "2"), raised(company))
            try expectDifference(company, trial)
            try trial.one("projections promote member-status").expect("version", "2")
            expect(try trial.state(.members), raised(company))
            try trial.one("projections rollback member-status").expect("version", "1")
            expect(try trial.state(.members), company.truth(.members))
            #expect(server.stop() == 0)
            #expect(!server.messages.contains("is not folded"))
            #expect(try trial.isSound())
        }
    }

    private func expectDifference(_ company: Company, _ trial: Trial) throws {
        let (old, new) = (company.truth(.members), raised(company))
        let statuses = zip(old, new).filter { $0.columns["status"] != $1.columns["status"] }
        #expect(!statuses.isEmpty)
        let text = try trial.output("projections diff member-status --limit 0")
        let counts = #""old_rows":\#(old.count),"new_rows":\#(old.count),"added":0,"removed":0"#
        #expect(text.contains(counts), "\(text)")
        #expect(text.contains(#""changed":\#(old.count)"#), "\(text)")
        let columns = [
            #""columns":{"status":\#(statuses.count),"email":\#(old.count)}"#,
            #""columns":{"email":\#(old.count),"status":\#(statuses.count)}"#,
        ]
        #expect(columns.contains { text.contains($0) }, "\(text)")
        for (row, _) in statuses {
            let change = #""old":"suspended","new":"lapsed""#
            let example = text.components(separatedBy: #""key":"\#(row.key)""#).last ?? ""
            #expect(example.prefix(300).contains(change), "\(example.prefix(300))")
        }
    }

    @Test("is refused with the file's name where the version was not raised")
    func unraised() throws {
        let company = Company(seed: 1, size: .init(orders: 5, members: 5, items: 2, moves: 4))
        try withTrial { trial in
            try trial.fill(company.messages)
            let before = try trial.state(.members)
            try trial.change("member-status", ["past_due: suspended": "past_due: lapsed"])
            for command in ["state", "projections rebuild", "projections digest"] {
                let finished = try trial.line("\(command) member-status")
                #expect(finished.status == 2, "\(command): \(finished)")
                #expect(finished.error.contains("projections/member-status/projection.yaml"))
                #expect(finished.error.contains("raise `version`"))
                #expect(finished.error.contains("projections rebuild member-status"))
                #expect(finished.output == "")
            }
            expect(try trial.state(.orders), company.truth(.orders))
            try trial.change("member-status", ["past_due: lapsed": "past_due: suspended"])
            expect(try trial.state(.members), before)
        }
    }

    @Test("shares the rows and folds nothing where only what is derived has changed")
    func derived() throws {
        let company = Company.usual[0]
        try withTrial { trial in
            try trial.fill(company.messages)
            expect(try trial.state(.stock), company.truth(.stock))
            try trial.change(
                "stock-levels",
                ["version: 1 ": "version: 2 ", "available: { lte: 0 }": "available: { lte: 60 }"]
            )
            let report = try trial.one("projections rebuild stock-levels")
            #expect(report["shares_rows"] == "1" && report["folded"] == "0", "\(report)")
            expect(try trial.state(.stock), company.truth(.stock))
            try trial.one("projections promote stock-levels").expect("version", "2")
            let raised = company.truth(.stock).map { row in
                var columns = row.columns
                if let available = Int(columns["available"] ?? ""), available <= 60 {
                    columns["level"] = "\"out\""
                }
                return TrueRow(key: row.key, columns: columns)
            }
            #expect(raised != company.truth(.stock))
            expect(try trial.state(.stock), raised)
        }
    }
}

extension [String: String] {
    fileprivate func expect(_ name: String, _ value: String) {
        #expect(self[name] == value, "\(self)")
    }
}

extension Trial {
    /// Changes the definition of a projection in the ledger's folder.
    func change(_ projection: String, _ changes: KeyValuePairs<String, String>) throws {
        let file = "ledger/projections/\(projection)/projection.yaml"
        var text = try read(file)
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        try write(text, to: file)
    }
}
