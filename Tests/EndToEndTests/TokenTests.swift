import Foundation
import Testing

@Suite("Tokens, and what programs say by them") struct TokenTests {
    private func event(_ id: String, token: String?) -> Request {
        var request = Request(target: "/v1/events")
        request.headers = [("Content-Type", "application/cloudevents+json")]
        if let token { request.headers.append(("Authorization", "Bearer \(token)")) }
        request.body = Array(
            #"{"specversion":"1.0","id":"\#(id)","source":"till","type":"till.closed"}"#.utf8
        )
        return request
    }

    private func create(_ trial: Trial, _ name: String, _ role: String) throws -> String {
        let made = try trial.daybook("tokens", "create", name, "--role", role)
        try #require(made.status == 0, "\(made)")
        #expect(!made.error.contains("dbk_"))
        return made.output.trimmingCharacters(in: .newlines)
    }

    @Test("a token is printed once, lets in until it is revoked, and is found nowhere")
    func life() throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.send(event("e1", token: nil)).status == 401)
            let token = try create(trial, "till-1", "ingest")
            #expect(token.hasPrefix("dbk_"))
            try eventually("token that is known") {
                try server.send(event("e1", token: token)).status == 201 ? true : nil
            }
            let again = try server.send(event("e1", token: token))
            #expect(again.status == 200)
            #expect(again.text.contains("\"outcome\":\"duplicate\""))
            let recorded = try #require(try trial.log("--source", "till").first)
            #expect(recorded["authid"] == "till-1")
            let listed = try trial.daybook("tokens", "list")
            #expect(listed.rows.first?["state"] == "active")
            #expect(listed.rows.first?["role"] == "ingest")
            #expect(try trial.daybook("tokens", "revoke", "till-1").status == 0)
            try eventually("token that is not known any more") {
                try server.send(event("e1", token: token)).status == 401 ? true : nil
            }
            #expect(try trial.log("--type", "daybook.token.*").count == 2)
            #expect(try trial.log("--source", "till", "--outcome", "accepted").count == 1)
            server.stop()
            let found = try trial.shell("grep -rl '\(token)' ledger state || true")
            #expect(found.output == "")
            #expect(!server.messages.contains(token))
            #expect(!listed.output.contains(token.dropFirst(4).prefix(16)))
            #expect(try trial.isSound())
        }
    }

    @Test("what cannot be a token's name, role or time is refused, and a token there is not shown")
    func refusals() throws {
        try withTrial { trial in
            let secret = "dbk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8ytDxng"
            let wrong = [
                ["create", "shop"], ["create", "shop", "--role", "root"],
                ["create", "Shop", "--role", "reader"], ["create", "daybook", "--role", "reader"],
                ["create", "shop", "--role", "reader", "--expires", "soon"], ["revoke", secret],
            ]
            for arguments in wrong {
                let finished = try trial.run([Trial.program, "tokens"] + arguments)
                #expect(finished.status == 2, "\(arguments) \(finished)")
                #expect(!finished.error.contains(secret))
            }
            #expect(try trial.daybook("tokens", "revoke", "shop").status == 3)
            _ = try create(trial, "shop", "reader")
            #expect(try trial.daybook("tokens", "create", "shop", "--role", "admin").status == 3)
            #expect(try trial.log("--type", "daybook.token.*").count == 1)
        }
    }
}
