import Foundation
import Testing

@Suite("The doctor") struct DoctorTests {
    private func bad(_ trial: Trial) throws -> [String: String] {
        let finished = try trial.daybook("doctor")
        let rows = finished.rows.filter { $0["state"] == "bad" }
        #expect(finished.status == (rows.isEmpty ? 0 : 1))
        #expect(finished.error == "")
        return Dictionary(
            rows.map { ($0["check"] ?? "", $0["detail"] ?? "") },
            uniquingKeysWith: { $0 + $1 }
        )
    }

    /// What the doctor says of a bad state.
    private func finding(_ check: String, _ trial: Trial) throws -> String {
        let findings = try bad(trial)
        return try #require(findings[check], "\(findings)")
    }

    @Test("finds a new ledger good, beside a running server too")
    func good() throws {
        try withTrial { trial in
            #expect(try bad(trial) == [:])
            _ = try trial.serve()
            #expect(try bad(trial) == [:])
            let names = try trial.daybook("doctor").rows.compactMap { $0["check"] }
            for name in ["configuration", "source stripe", "log", "key", "head file", "clock"] {
                #expect(names.contains(name))
            }
        }
    }

    @Test("finds a secret that is missing")
    func secret() throws {
        let text = "sources:\n  shop: { provider: stripe, secrets: [env:SHOP_SECRET] }\n"
        try withTrial(configuration: text) { trial in
            let detail = try finding("configuration", trial)
            #expect(detail.contains("daybook.yaml:2:39: "))
            #expect(detail.contains("SHOP_SECRET is not set"))
            trial.environment["SHOP_SECRET"] = "x"
            #expect(try bad(trial) == [:])
        }
    }

    @Test("finds a key that others may read, which also keeps the server from starting")
    func key() throws {
        try withTrial { trial in
            try trial.shell("chmod 644 ledger/keys/*.key")
            let detail = try finding("key", trial)
            #expect(detail.contains("mode 644"))
            #expect(detail.contains("chmod 600 "))
            let served = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(served.status == 3)
            #expect(served.error == "daybook: \(detail)\n")
            try trial.shell("chmod 600 ledger/keys/*.key")
            #expect(try bad(trial) == [:])
        }
    }

    @Test("finds a key that is gone")
    func missingKey() throws {
        try withTrial { trial in
            try trial.shell("rm ledger/keys/*.key")
            let detail = try finding("key", trial)
            #expect(detail.contains("cannot be read"))
            // Reading needs no key.
            #expect(try trial.log().count == 1)
            #expect(try trial.isSound())
        }
    }

    @Test(
        "finds a configuration that cannot be read",
        arguments: [
            "rm ledger/daybook.yaml", "rm ledger/daybook.yaml; mkdir ledger/daybook.yaml",
            "printf '\\377' > ledger/daybook.yaml", "echo '}' > ledger/daybook.yaml",
            "chmod 000 ledger/daybook.yaml",
        ]
    )
    func configuration(script: String) throws {
        try withTrial { trial in
            try trial.shell(script)
            // Root may read what nobody may.
            if script.hasPrefix("chmod"), geteuid() == 0 { return }
            let detail = try finding("configuration", trial)
            #expect(detail.contains(trial.configurationFile))
        }
    }

    @Test("finds that there is no ledger")
    func nothing() throws {
        try withTrial(makesLedger: false) { trial in
            let detail = try finding("log", trial)
            #expect(detail.contains("daybook init"))
        }
    }

    @Test("finds a head file that knows of a longer log")
    func head() throws {
        try withTrial { trial in
            try trial.shell("cp -r ledger old")
            try trial.daybook("append", "--source", "ops", "--type", "a")
            try trial.shell("rm -r ledger; mv old ledger")
            let detail = try finding("head file", trial)
            #expect(detail.contains("daybook restore"))
        }
    }
}
