import Foundation
import Testing

@Suite("Configuration") struct ConfigurationTests {
    @Test(
        "a mistake is named by file, line and column, with what was expected, and status 2",
        arguments: [
            ("sources:\n  shop: { provider: stripe }\n", "2:9: ", "secrets"),
            ("sources:\n  shop: { provider: strip, secrets: [plain:x] }\n", "2:21: ", "stripe"),
            ("sources:\n  shop: { secrets: [plain:x] }\n", "2:9: ", "provider"),
            ("sources:\n  shop: { provider: stripe, secret: plain:x }\n", "2:29: ", "secrets"),
            ("sources:\n  Shop: { provider: stripe, secrets: [plain:x] }\n", "2:3: ", "a-z"),
            (
                "sources:\n  daybook: { provider: stripe, secrets: [plain:x] }\n", "2:3: ",
                "log's own"
            ),
            ("sources:\n  shop: { provider: stripe, secrets: [x] }\n", "2:39: ", "env:NAME"),
            ("sources:\n  shop: { provider: stripe, secrets: [env:NO] }\n", "2:39: ", "NO"),
            ("sources:\n  shop: { provider: stripe, secrets: [file:no] }\n", "2:39: ", "no"),
            ("sources:\n  shop: { provider: stripe, secrets: [\"plain:\"] }\n", "2:39: ", "secret"),
            ("sources: [a]\n", "1:10: ", "mapping"),
            ("listen: here\n", "1:9: ", "ADDRESS:PORT"),
            ("listen: 127.0.0.1:8080\nlisten: 127.0.0.1:9090\n", "2:1: ", "duplicate"),
            ("sorces: {}\n", "1:1: ", "sources"),
            ("limits: { connections: many }\n", "1:24: ", "many"),
            ("limits: { connections: 0 }\n", "1:24: ", "65"),
            ("limits: { request_time: 1h }\n", "1:25: ", "10m"),
            ("tls: { certificate: a.pem }\n", "1:6: ", "key"),
            ("a: b: c\n", "1:", "mapping"),
            ("a: [1\n", "2:1: ", "]"),
            ("\"a\n", "", "daybook.yaml:"),
        ]
    )
    func mistakes(text: String, place: String, expected: String) throws {
        try withTrial(configuration: text) { trial in
            let finished = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(finished.status == 2)
            #expect(finished.output == "")
            let prefix = "daybook: \(trial.configurationFile):\(place)"
            #expect(finished.error.hasPrefix(prefix), "\(finished.error)")
            #expect(finished.error.contains(expected), "\(finished.error)")
        }
    }

    @Test("a message never holds a secret")
    func secrecy() throws {
        let text = "sources:\n  shop: { provider: standard, secrets: [\"plain:hush hush\"] }\n"
        try withTrial(configuration: text) { trial in
            let served = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            let examined = try trial.daybook("doctor")
            #expect(served.status == 2)
            #expect(served.error.contains("daybook.yaml:2:"))
            #expect(!(served.description + examined.description).contains("hush"))
        }
    }

    @Test("a ledger may have providers of its own")
    func ownProvider() throws {
        let text = "sources:\n  shop: { provider: mine, secrets: [plain:x] }\n"
        try withTrial(configuration: text) { trial in
            try trial.write(
                """
                provider: mine
                about: Our own.
                webhooks:
                  scheme:
                    hmac:
                      algorithm: sha256
                      encoding: hex
                      signed: "{body}"
                      signature: { header: x-signature }
                  id: /id
                  type: /type

                """,
                to: "ledger/providers/mine.yaml"
            )
            let server = try trial.serve()
            var request = Request.stripe(id: "evt_1")
            let mac = hmac(Array("x".utf8), request.body).map { String(format: "%02x", $0) }
            request.target = "/hooks/shop"
            request.headers = [("X-Signature", mac.joined())]
            #expect(try server.send(request).status == 200)
            #expect(try trial.daybook("providers").output.contains("\"mine\""))
            try trial.write(
                "provider: mine\nabout: x\nwebhooks:\n  scheme: nun\n",
                to: "ledger/providers/mine.yaml"
            )
            let refused = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(refused.status == 2)
            #expect(refused.error.contains("providers/mine.yaml:4:11: "), "\(refused)")
        }
    }

    @Test("a port that is taken is named, and status 3")
    func takenPort() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let second = try trial.daybook("serve", "--listen", "127.0.0.1:\(server.port)")
            #expect(second.status == 3)
            #expect(second.error.contains("\(server.port)"))
            #expect(second.error.contains("in use"))
        }
    }

    @Test("a body limit of the configuration holds")
    func bodyLimit() throws {
        let text =
            "sources:\n  stripe: { provider: stripe, secrets: [plain:\(Sources.stripe)], body_limit: 1KiB }\n"
        try withTrial(configuration: text) { trial in
            let server = try trial.serve()
            var large = #"{"id":"evt_2","type":"a","x":""#
            large += String(repeating: "x", count: 1024) + "\"}"
            #expect(try server.send(.stripe(Array(large.utf8))).status == 413)
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
        }
    }
}
