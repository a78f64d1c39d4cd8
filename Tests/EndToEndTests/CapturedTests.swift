import Foundation
import Testing

@Suite("Captured requests") struct CapturedTests {
    /// A request as one line of what `hooks verify` reads.
    private func captured(
        _ id: String,
        _ provider: String,
        _ secret: String,
        _ request: Request
    ) throws
        -> String
    {
        let object: [String: Any] = [
            "id": id, "provider": provider, "secret": secret, "method": request.method,
            "url": "https://shop.example.com\(request.target)",
            "headers": Dictionary(
                request.headers.map { ($0.name, $0.value) },
                uniquingKeysWith: { $1 }
            ),
            "body": String(decoding: request.body, as: UTF8.self), "now_unix": now,
        ]
        let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    @Test("all that are valid are said to be, and the status is 0")
    func valid() throws {
        try withTrial(makesLedger: false) { trial in
            let lines = [
                try captured("1", "stripe", Sources.stripe, .stripe(id: "evt_1")),
                try captured("2", "woocommerce", Sources.woocommerce, .woocommerce(delivery: "d")),
                try captured("3", "shopify", Sources.shopify, .shopify(event: "e")),
                try captured("4", "standard", Sources.standard, .standard(id: "m")),
            ]
            let finished = try trial.daybook("hooks", "verify", input: lines.joined())
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.rows.map { $0["id"] } == ["1", "2", "3", "4"])
            #expect(finished.rows.allSatisfy { $0["result"] == "valid" })
        }
    }

    @Test("each that is not is said why, and the status is 1")
    func invalid() throws {
        try withTrial(makesLedger: false) { trial in
            let lines = [
                try captured("1", "stripe", Sources.stripe, .stripe(id: "evt_1")),
                try captured("2", "stripe", "whsec_other", .stripe(id: "evt_1")),
                try captured("3", "stripe", Sources.stripe, .stripe(id: "evt_1", at: now - 900)),
                try captured("4", "strip", Sources.stripe, .stripe(id: "evt_1")),
                "not JSON\n",
            ]
            let finished = try trial.daybook("hooks", "verify", "-", input: lines.joined())
            #expect(finished.status == 1)
            let results = finished.rows
            #expect(
                results.map { $0["result"] } == ["valid"] + Array(repeating: "invalid", count: 4)
            )
            let reasons = ["signature-mismatch", "timestamp-too-old", "no provider", "not JSON"]
            for (row, reason) in zip(results.dropFirst(), reasons) {
                #expect(row["reason"]?.contains(reason) == true, "\(row)")
            }
        }
    }

    @Test("a file may be named, and one that is not there is an error")
    func file() throws {
        try withTrial(makesLedger: false) { trial in
            let line = try captured("1", "stripe", Sources.stripe, .stripe(id: "evt_1"))
            try trial.write(line, to: "captured.ndjson")
            #expect(try trial.daybook("hooks", "verify", "captured.ndjson").status == 0)
            let missing = try trial.daybook("hooks", "verify", "nofile")
            #expect(missing.status == 3)
            #expect(missing.error.contains("nofile"))
        }
    }

    @Test("the catalog's systems are listed, each with a sentence")
    func providers() throws {
        try withTrial(makesLedger: false) { trial in
            let finished = try trial.daybook("providers")
            #expect(finished.status == 0)
            let names = finished.rows.compactMap { $0["provider"] }
            #expect(names == names.sorted())
            #expect(Set(names).isSuperset(of: ["paypal", "xero", "bigquery", "elta", "slack"]))
            #expect(finished.rows.allSatisfy { $0["about"]?.hasSuffix(".") == true })
        }
    }
}
