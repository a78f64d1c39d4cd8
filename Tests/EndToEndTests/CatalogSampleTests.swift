import Foundation
import Testing

/// Every provider of the catalog against one running server, as `providers test` shows it.
@Suite("Every provider's sample") struct CatalogSampleTests {
    private static func entry(_ provider: String) -> String {
        switch provider {
        case "paypal": "webhook_id: plain:WH-1, certificates: [file:cert.pem]"
        case "google-pubsub":
            "keys: [file:public.pem], audience: https://h.example.com/p, "
                + "email: plain:push@p.iam.gserviceaccount.com"
        case "shipstation-v2": "keys: [file:public.pem]"
        case "standard", "svix": "secrets: [plain:whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw]"
        case "pipedrive": "secrets: [\"plain:user:password\"]"
        default: "secrets: [plain:a-secret-of-thirty-two-characters]"
        }
    }

    private func makeKeys(_ trial: Trial) throws {
        let made = try trial.shell(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test "
                + "-keyout \(trial.root)/key.pem -out \(trial.ledger)/cert.pem && "
                + "openssl rsa -in \(trial.root)/key.pem -pubout -out \(trial.ledger)/public.pem"
        )
        try #require(made.status == 0, "\(made)")
    }

    /// The providers that send webhooks, and what the catalog says of each.
    private func providers(_ trial: Trial) throws -> [[String: String]] {
        let listed = try trial.daybook("providers", "--format", "ndjson")
        try #require(listed.status == 0, "\(listed)")
        return listed.rows.filter { $0["webhooks"] != nil }
    }

    @Test("is accepted, named and shown; sent again it is a duplicate; the log stays sound")
    func samples() throws {
        try withTrial { trial in
            try makeKeys(trial)
            let providers = try providers(trial)
            #expect(providers.count >= 46)
            let names = providers.compactMap { $0["provider"] }
            let sources = names.map { "  \($0): { provider: \($0), \(Self.entry($0)) }\n" }
            try trial.write(
                "origin: shop.example.com/log\nsources:\n" + sources.joined(),
                to: "ledger/daybook.yaml"
            )
            let server = try trial.serve()
            for provider in providers {
                try check(provider, "http://127.0.0.1:\(server.port)", trial)
            }
            #expect(try trial.log("--outcome", "rejected").isEmpty)
            #expect(try trial.isSound())
        }
    }

    private func check(_ provider: [String: String], _ url: String, _ trial: Trial) throws {
        let name = try #require(provider["provider"])
        let tested = try trial.daybook(
            "providers",
            "test",
            name,
            "--again",
            "--url",
            url,
            "--key",
            "key.pem",
            "--format",
            "ndjson"
        )
        #expect(tested.status == 0, "\(name): \(tested)")
        let webhooks = tested.rows.filter { $0["kind"] == "webhook" }
        #expect(webhooks.map { $0["outcome"] } == ["accepted", "duplicate"], "\(name)")
        #expect(webhooks.allSatisfy { $0["id"] == webhooks[0]["id"] }, "\(name)")
        let facts = tested.rows.filter { $0["kind"] == "fact" }
        #expect(facts.isEmpty == (provider["several_events"] != "1"), "\(name)")
        // What the events are is told by the request's line, or by those of its parts.
        let events = facts.isEmpty ? [webhooks[0]] : facts
        for event in events {
            #expect(event["outcome"] == "accepted", "\(name)")
            for attribute in ["id", "type"] { #expect(event[attribute] != nil, "\(name)") }
        }
        #expect(Set(events.map { $0["id"] }).count == events.count, "\(name)")
        // Only a pointer comes from ShipStation's first version: what it is about is not said.
        let hasSubject = events.allSatisfy { $0["subject"] != nil }
        #expect(hasSubject == (name != "shipstation-v1"), "\(name): \(events)")
    }

    @Test("that no source takes is answered with the lines to add")
    func noSource() throws {
        try withTrial { trial in
            let tested = try trial.daybook("providers", "test", "klaviyo")
            #expect(tested.status == 2)
            #expect(
                tested.error.contains(
                    "klaviyo: { provider: klaviyo, secrets: [env:KLAVIYO_SECRET] }"
                )
            )
            let unknown = try trial.daybook("providers", "test", "klaviyoo")
            #expect(unknown.status == 2)
            #expect(unknown.error.contains("daybook providers"))
        }
    }

    @Test("every system is explained within the terminal's width, and what is to be added is valid")
    func shown() throws {
        try withTrial { trial in
            let names = try trial.daybook("providers").rows.compactMap { $0["provider"] }
            for name in names {
                let shown = try trial.daybook("providers", "show", name)
                #expect(shown.status == 0, "\(shown)")
                let lines = shown.output.split(separator: "\n")
                let wide = lines.filter {
                    $0.count > 80 && !$0.contains("://") && !$0.contains("{ provider")
                }
                #expect(wide.isEmpty, "\(wide)")
            }
            let xero = try trial.daybook("providers", "show", "xero-accounting").output
            for text in [
                "x-xero-signature", "60 a minute per tenant", "https://YOUR-HOST/hooks/xero",
            ] {
                #expect(xero.contains(text), "\(xero)")
            }
            #expect(
                try trial.daybook("providers", "show", "xer").error.contains("did you mean xero")
            )
        }
    }
}
