import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import Testing
import YAML

@Suite("Retention")
struct RetentionTests {
    private static func policy(_ text: String) throws -> RetentionPolicy {
        let bytes = Array(text.utf8)
        return try RetentionPolicy(parseYAML(bytes.span, file: "daybook.yaml"))
    }

    @Test(
        "a time ends on the same date",
        arguments: [
            ("7y", "2026-11-21T10:00:00Z", "2019-11-21T10:00:00Z"),
            ("1y", "2024-02-29T10:00:00Z", "2023-02-28T10:00:00Z"),
            ("4y", "2024-02-29T10:00:00Z", "2020-02-29T10:00:00Z"),
            ("400d", "2026-11-21T10:00:00Z", "2025-10-17T10:00:00Z"),
        ]
    )
    func limits(text: String, now: String, limit: String) throws {
        let time = try #require(RetentionTime(text))
        #expect(time.limit(at: try #require(Timestamp(rfc3339: now))) == Timestamp(rfc3339: limit))
        #expect("\(time)" == text)
    }

    @Test("a policy names classes and times, and no others")
    func policies() throws {
        let policy = try Self.policy("webhooks: 1y\ncalls: 400d\nadmin: forever\n")
        #expect(policy.time(of: .webhook) == .years(1) && policy.time(of: .call) == .days(400))
        #expect(policy.time(of: .admin) == .forever && policy.time(of: .fact) == .years(7))
        for text in [
            "hooks: 1y", "webhooks: 1", "webhooks: 0y", "webhooks: y", "webhooks: -1y",
            "webhooks: 201y", "webhooks: 73201d", "webhooks: 7m", "webhooks: []", "7y",
            "webhooks: 1.5y",
        ] {
            #expect(throws: YAMLError.self, "\(text)") { try Self.policy(text) }
        }
    }

    @Test("what is past its time is counted, and what a hold keeps besides")
    func report() throws {
        let folder = try TemporaryLedger()
        try folder.fill(10)
        let ledger = try folder.open(appends: false)
        let policy = try Self.policy("webhooks: 1y\nadmin: forever\n")
        let now = try #require(try ledger.read { try $0.line(at: 10)?.recordedTime })
        func report(daysLater days: Int64) throws -> RetentionReport.Row {
            let moment = Timestamp(microseconds: now.microseconds + days * 86_400_000_000)
            return try ledger.read { snapshot in
                let report = try RetentionReport(
                    policy,
                    in: snapshot,
                    size: snapshot.size,
                    now: moment
                ) { sequence, _ in sequence % 2 == 0 }
                return try #require(report.rows.first { $0.name == "webhooks" })
            }
        }
        let today = try report(daysLater: 0)
        #expect(today.events == 10 && today.bodies == 10 && today.past == 0 && today.held == 0)
        #expect(today.pastRange == nil)
        let later = try report(daysLater: 367)
        #expect(later.past == 5 && later.held == 5 && later.pastRange == 1...9)
        #expect(later.pastBytes > 0)
    }
}
