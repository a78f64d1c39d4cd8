import Foundation
import Ledger
import Outbound
import Service
import Testing

@Suite struct CallReportTests {
    static func report(_ members: String...) -> String {
        let base = [
            #""service":"xero""#, #""method":"GET""#, #""path":"/api/orders""#,
            #""sent":"2026-11-21T10:00:00Z""#, #""status":200"#,
        ]
        let names = members.map { $0.prefix { $0 != ":" } }
        let kept = base.filter { line in !names.contains { line.hasPrefix($0 + ":") } }
        return "{" + (kept + members.filter { !$0.hasSuffix(":") }).joined(separator: ",") + "}"
    }

    private func draft(
        _ text: String,
        _ known: KnownService = KnownService()
    ) throws(APIProblem) -> Draft {
        let bytes = Array(text.utf8)
        return try CallReport(bytes.span).draft(known)
    }

    @Test("a whole report becomes a call as the gateway records one")
    func whole() throws {
        let draft = try draft(
            Self.report(
                #""method":"POST""#,
                #""path":"/v1/pay?limit=5&api_key=xyzzy&A%70iKey=xyzzy""#,
                #""status":201"#,
                #""attempt":3"#,
                #""duration_ms":120"#,
                #""id":"r1""#,
                #""correlation":"c1""#,
                #""request":{"headers":{"Authorization":"Bearer xyzzy","Idempotency-Key":"k1","#
                    + #""X-Two":["a","b"]},"body":"{\"a\":1}"}"#,
                #""response":{"headers":{"Set-Cookie":"xyzzy","#
                    + #""Content-Type":"application/json"},"body_base64":"AP8="}"#
            ),
            KnownService(rateLimit: "60/1m")
        )
        #expect(draft.source == "xero")
        #expect(draft.id == "call:r1")
        #expect(draft[.type] == "api.call")
        #expect(draft[.kind] == "call")
        #expect(draft.outcome == .succeeded)
        #expect(draft[.service] == "xero")
        #expect(draft[.method] == "POST")
        #expect(draft[.path] == "/v1/pay")
        #expect(draft[.time] == "2026-11-21T10:00:00Z")
        #expect(draft[.correlationid] == "c1")
        #expect(draft[.ratelimit] == "60/1m")
        #expect(draft[.reason] == nil)
        let record = try #require(draft.body?.record)
        guard let layout = BodyLayout(record.span) else {
            Issue.record("no body record")
            return
        }
        #expect(Array(record[layout.content]) == Array(#"{"a":1}"#.utf8) + [0, 255])
        #expect(
            String(decoding: record[layout.meta], as: UTF8.self)
                == #"{"lengths":[7,2],"request":{"headers":[["Authorization","[redacted]"],"#
                + #"["Idempotency-Key","k1"],["X-Two","a"],["X-Two","b"]],"method":"POST","#
                + #""target":"/v1/pay?limit=5&api_key=[redacted]&A%70iKey=[redacted]"},"#
                + #""response":{"headers":[["Set-Cookie","[redacted]"],"#
                + #"["Content-Type","application/json"]],"status":201}}"#
        )
    }

    @Test(
        "the outcome follows from status and error",
        arguments: [
            (200, nil, Outcome.succeeded), (399, nil, .succeeded), (400, nil, .failed),
            (503, nil, .failed), (200, "reset", .failed), (nil, "no route", .failed),
        ] as [(Int?, String?, Outcome)]
    )
    func outcome(status: Int?, error: String?, expected: Outcome) throws {
        let draft = try draft(
            Self.report(
                "\"status\":" + (status.map { "\($0)" } ?? ""),
                "\"error\":" + (error.map { "\"\($0)\"" } ?? "")
            )
        )
        #expect(draft.outcome == expected)
        #expect(draft[.reason] == error.map { "reported: \($0)" })
    }

    @Test("without an id one is made, each time another")
    func noID() throws {
        let ids = try (0..<10).map { _ in try draft(Self.report()).id }
        #expect(Set(ids).count == 10)
        #expect(ids.allSatisfy { $0.utf8.count == 36 })
    }

    @Test(
        "headers and parameters that look like credentials are not recorded",
        arguments: [
            "Authorization", "authorization", "PROXY-AUTHORIZATION", "Cookie", "Set-Cookie",
            "X-Api-Key",
            "DD-API-KEY", "DD-APPLICATION-KEY", "X-Shopify-Access-Token", "X-Amz-Security-Token",
            "PRIVATE-TOKEN", "X-Auth-Token", "X-Daybook-Token", "Ocp-Apim-Subscription-Key",
            "client_secret", "X-Client-Secret", "api-auth-signature", "password", "sessionid",
            "KEY", "sig",
            "X-Own",
        ]
    )
    func secrets(name: String) throws {
        let draft = try draft(
            Self.report(
                "\"path\":\"/p?a=1&\(name)=xyzzy&b=2\"",
                "\"request\":{\"headers\":{\"\(name)\":\"xyzzy\"}}",
                "\"response\":{\"headers\":{\"\(name)\":[\"xyzzy\",\"xyzzy\"]}}"
            ),
            KnownService(secrets: CallSecrets(headers: ["x-own"], parameters: ["X-Own"]))
        )
        let record = try #require(draft.body?.record)
        #expect(!String(decoding: record, as: UTF8.self).contains("xyzzy"))
        #expect(draft[.path] == "/p")
        let meta = try #require(bodyParts(draft)?.meta)
        #expect(meta.contains("/p?a=1&\(name)=[redacted]&b=2"))
        #expect(meta.contains("[[\"\(name)\",\"[redacted]\"],[\"\(name)\",\"[redacted]\"]]"))
    }

    @Test(
        "ordinary headers are recorded",
        arguments: ["Idempotency-Key", "Content-Type", "Xero-Tenant-Id", "Retry-After", "X-Author"]
    )
    func ordinary(name: String) throws {
        let draft = try draft(Self.report("\"request\":{\"headers\":{\"\(name)\":\"plain\"}}"))
        #expect(try #require(bodyParts(draft)?.meta).contains("[\"\(name)\",\"plain\"]"))
    }

    @Test(
        "a report that is not as it must be is 400, and what is wrong is named",
        arguments: [
            ("", "JSON"), ("[]", "object"), ("null", "object"), ("{}", "service"),
            (report(#""service":"#), "service"), (report(#""service":"daybook""#), "service"),
            (report(#""service":"X Y""#), "service"), (report(#""service":7"#), "service"),
            (report(#""method":"#), "method"), (report(#""method":"get""#), "method"),
            (report(#""method":"GET /""#), "method"), (report(#""path":"#), "path"),
            (report(#""path":"orders""#), "path"), (report(#""path":"//host/p""#), "path"),
            (report(#""path":"https://user:pw@host/""#), "path"),
            (report(#""path":"/a#b""#), "path"),
            (report(#""path":"/a\nb""#), "path"),
            (report("\"path\":\"/" + String(repeating: "a", count: 4096) + "\""), "path"),
            (report(#""sent":"#), "sent"), (report(#""sent":"now""#), "sent"),
            (report(#""sent":1"#), "sent"),
            (report(#""status":"#), "status"), (report(#""status":99"#), "status"),
            (report(#""status":600"#), "status"), (report(#""status":"200""#), "status"),
            (report(#""status":200.5"#), "status"), (report(#""status":-200"#), "status"),
            (report(#""attempt":0"#), "attempt"), (report(#""attempt":1001"#), "attempt"),
            (report(#""attempt":1e0"#), "attempt"), (report(#""duration_ms":-1"#), "duration_ms"),
            (report(#""duration_ms":604800001"#), "duration_ms"), (report(#""id":"""#), "id"),
            (report(#""id":null"#), "id"),
            (report("\"id\":\"" + String(repeating: "i", count: 257) + "\""), "id"),
            (report(#""correlation":"a\u0000b""#), "correlation"),
            (report("\"error\":\"" + String(repeating: "e", count: 4097) + "\""), "error"),
            (report(#""extra":1"#), "extra"), (report(#""Status":200"#), "Status"),
            (report(#""request":[]"#), "request"), (report(#""request":{"heads":{}}"#), "heads"),
            (report(#""request":{"headers":[]}"#), "headers"),
            (report(#""request":{"headers":{"a":1}}"#), "header"),
            (report(#""request":{"headers":{"a":[1]}}"#), "header"),
            (report(#""request":{"headers":{"a":[null]}}"#), "header"),
            (report(#""request":{"headers":{"":"x"}}"#), "header"),
            (report(#""request":{"headers":{"a b":"x"}}"#), "header"),
            (report(#""request":{"headers":{"é":"x"}}"#), "header"),
            (
                report(
                    "\"request\":{\"headers\":{\"a\":\"" + String(repeating: "v", count: 16_385)
                        + "\"}}"
                ), "header"
            ),
            (
                report(
                    "\"request\":{\"headers\":{\"a\":["
                        + [String](repeating: "\"\"", count: 201).joined(separator: ",") + "]}}"
                ), "200 headers"
            ),
            (report(#""request":{"body":{}}"#), "body"),
            (report(#""request":{"body_base64":"A"}"#), "base64"),
            (report(#""request":{"body":"","body_base64":""}"#), "body_base64"),
            (report(#""response":{"status":200}"#), "status"),
            (report(#""id":"a","id":"b""#), "repeated"),
            (report(#""request":{"headers":{"a":"1","a":"2"}}"#), "repeated"),
            (report("\"" + String(repeating: "k", count: 100) + "\":1"), "100 bytes"),
        ]
    )
    func malformed(text: String, named: String) {
        let problem = #expect(throws: APIProblem.self) { try draft(text) }
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains(named) == true, "\(String(describing: problem))")
        #expect((problem?.detail.utf8.count ?? 0) < 400)
    }

    @Test("every cut and every changed byte of a report is refused or read, never a crash")
    func fuzz() throws {
        let text = Array(
            Self.report(
                #""request":{"headers":{"a":["b","c"]},"body":"x"}"#,
                #""id":"r1""#,
                #""response":{"body_base64":"AAEC"}"#
            ).utf8
        )
        var read = 0
        for index in text.indices {
            #expect(throws: APIProblem.self) {
                try CallReport(text.span.extracting(first: index)).draft(KnownService())
            }
            for byte in [0x00, 0x22, 0x2C, 0x30, 0x5B, 0x5D, 0x7D, 0xFF] as [UInt8] {
                var changed = text
                changed[index] = byte
                if (try? CallReport(changed.span).draft(KnownService())) != nil { read += 1 }
            }
        }
        #expect(read > 0)
    }
}
