import Foundation
import Testing

@Suite("TLS") struct TLSTests {
    private static let configuration = """
        origin: shop.example.com/log
        reads: unrecorded
        tls: { certificate: tls/cert.pem, key: tls/key.pem }
        sources:
          stripe: { provider: stripe, secrets: ["plain:\(Sources.stripe)"] }

        """

    private func makeCertificate(_ trial: Trial) throws {
        let made = try trial.shell(
            "mkdir ledger/tls; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 "
                + "-nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 "
                + "-keyout ledger/tls/key.pem -out ledger/tls/cert.pem"
        )
        try #require(made.status == 0, "\(made)")
    }

    @Test("a webhook comes in by a client that trusts the certificate, and by no other")
    func webhook() throws {
        try withTrial(configuration: Self.configuration) { trial in
            try makeCertificate(trial)
            let server = try trial.serve()
            let base = "https://127.0.0.1:\(server.port)"
            #expect(server.welcome.contains("POST \(base)/hooks/stripe"))
            let request = Request.stripe(id: "evt_1")
            try trial.write(request.body, to: "body")
            let signature = request.value("Stripe-Signature")
            let curl = "curl -sS --data-binary @body -H 'Stripe-Signature: \(signature)' "
            let stranger = try trial.shell(curl + "\(base)/hooks/stripe")
            #expect(stranger.status == 60)
            let trusting = try trial.shell(
                curl + "--cacert ledger/tls/cert.pem -w '%{http_code}' \(base)/hooks/stripe"
            )
            #expect(trusting.output == "200", "\(trusting)")
            let checkpoint = try trial.shell(
                "curl -sS --cacert ledger/tls/cert.pem \(base)/checkpoint"
            )
            #expect(checkpoint.output.hasPrefix("shop.example.com/log\n2\n"))
            // A client without TLS gets nothing, and harms nobody.
            #expect(try trial.shell("curl -sS http://127.0.0.1:\(server.port)/healthz").status != 0)
            #expect(try trial.log("--source", "stripe").map { $0["id"] } == ["evt_1"])
        }
    }

    @Test(
        "a certificate or key that cannot be used is named",
        arguments: ["rm ledger/tls/cert.pem", "rm ledger/tls/key.pem"]
    )
    func missing(script: String) throws {
        try withTrial(configuration: Self.configuration) { trial in
            try makeCertificate(trial)
            try trial.shell(script)
            let finished = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(finished.status == 2 || finished.status == 3)
            #expect(finished.error.contains(String(script.dropFirst(3))), "\(finished)")
        }
    }

    @Test("a key that does not fit its certificate is refused at the start")
    func mismatch() throws {
        try withTrial(configuration: Self.configuration) { trial in
            try makeCertificate(trial)
            try trial.shell("openssl genpkey -algorithm ed25519 -out ledger/tls/key.pem")
            let finished = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(finished.status == 2 || finished.status == 3)
            #expect(finished.error.hasPrefix("daybook: "))
            #expect(finished.output == "")
        }
    }
}
