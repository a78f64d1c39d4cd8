import Bytes
import DaybookTesting
import Foundation
import HTTPClient
import HTTPServer
import Ledger
import Outbound
import Synchronization
import Testing

/// Deliveries over HTTP, to a server that fails often.
@Suite struct DeliverServerTests {
    /// Fails three of ten requests, after it has taken them or before.
    private final class Destination: HTTPHandler {
        struct Taken: Sendable {
            let sequence: UInt64
            let subject: String
            let isSound: Bool
            let status: Int
        }

        private let chance = Mutex(SeededChance(seed: 30))
        private let taken = Mutex<[Taken]>([])
        private let signer: DeliverySigner

        init(_ signer: DeliverySigner) { self.signer = signer }

        var all: [Taken] { taken.withLock { $0 } }

        func admit(_ request: HTTPRequest) -> Admission { .body(limit: 1 << 20) }

        func handle(_ request: HTTPRequest) -> Disposition {
            let body = request.takeBody()
            let expected = signer.signature(
                id: request.header("webhook-id") ?? "",
                seconds: Int64(request.header("webhook-timestamp") ?? "") ?? 0,
                body: body.span
            )
            let status = chance.withLock { chance in
                Int.random(in: 0..<10, using: &chance) < 3
                    ? [500, 302, 404].randomElement(using: &chance) ?? 500 : 200
            }
            let one = Taken(
                sequence: UInt64(request.header("ce-sequence") ?? "") ?? 0,
                subject: request.header("ce-subject") ?? "",
                isSound: request.header("webhook-signature") == expected && !body.isEmpty,
                status: status
            )
            taken.withLock { $0.append(one) }
            return .answer(.text(status, "answer"))
        }

        func finished(_ record: AccessRecord) {}
    }

    @Test("every event arrives, in order of its subject, each request recorded")
    func all() throws {
        let signer = try #require(DeliverySigner(secrets: [Array("hush".utf8)]))
        let destination = Destination(signer)
        let server = try HTTPServer(
            address: "127.0.0.1",
            port: 0,
            threads: 2,
            handler: destination
        )
        defer { server.stop(graceSeconds: 0) }
        let trial = try DeliverTrial()
        let waits = Array(repeating: "1ms", count: 20).joined(separator: ",")
        let rule = try DeliverTrial.rule(
            "out",
            "from: { type: a }\nordered: true\nretries: [\(waits)]"
        )
        let port = server.port
        let engine = try DeliveryEngine(trial.ledger, rules: [rule]) { request, done in
            Thread.detachNewThread {
                let client = HTTPClient(allowsPlainHTTP: true)
                do {
                    let answer = try client.send(
                        "POST",
                        "http://127.0.0.1:\(port)/hooks",
                        headers: request.headers,
                        body: request.body,
                        limits: .init(bytes: 1000, seconds: 10)
                    )
                    done(
                        DeliveryResult(
                            status: answer.status,
                            headers: answer.headers,
                            body: answer.body,
                            milliseconds: 1
                        )
                    )
                } catch {
                    done(DeliveryResult(status: nil, problem: "failed: \(error)", milliseconds: 1))
                }
            }
        } report: { _, problem in
            Issue.record("\(problem)")
        }
        let events = try trial.append(
            (0..<150).map { DeliverTrial.event($0, subject: "order:\($0 % 20)") }
        )
        try trial.eventually("all deliveries") { try trial.count("succeeded") == events.count }
        engine.stop()
        let all = destination.all
        #expect(all.allSatisfy { $0.isSound })
        let delivered = all.filter { $0.status == 200 }
        #expect(delivered.map(\.sequence).sorted() == events)
        for (subject, taken) in Dictionary(grouping: all, by: \.subject) {
            let sequences = taken.map(\.sequence)
            #expect(sequences == sequences.sorted(), "\(subject)")
        }
        let lines = try trial.lines("delivery")
        #expect(lines.count == all.count && all.count > delivered.count)
        #expect(try trial.isSound())
    }
}
