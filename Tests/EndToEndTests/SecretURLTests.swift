import Foundation
import Testing

/// Providers that do not sign: the secret is in the URL, and must be nowhere else.
@Suite("Secret URLs") struct SecretURLTests {
    private static let secret = "s3cr3t-in-the-path"
    private static let configuration = """
        origin: shop.example.com/log
        reads: unrecorded
        sources:
          tickets: { provider: eventbrite, secrets: [plain:\(secret)] }
          alerts: { provider: datadog, secrets: [plain:\(secret)], header: X-Our-Own }

        """

    private static func order(_ path: String) -> Request {
        Request(
            target: path,
            headers: [
                ("Content-Type", "application/json"), ("X-Eventbrite-Event", "order.placed"),
                ("X-Eventbrite-Delivery", "77"),
            ],
            body: Array(#"{"api_url":"https://www.eventbriteapi.com/v3/orders/1/"}"#.utf8)
        )
    }

    /// Everything that is kept of what came in.
    private func kept(_ trial: Trial, _ server: Server) throws -> String {
        var text = server.messages
        for sequence in 1..<(try trial.log().count) {
            text += try trial.daybook("show", "\(sequence)", "--format", "json").output
        }
        return text
    }

    @Test("the path's secret lets in, and is in no line, no meta and no access log")
    func path() throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            #expect(try server.send(Self.order("/hooks/tickets/\(Self.secret)")).status == 200)
            #expect(try server.send(Self.order("/hooks/tickets/\(Self.secret)x")).status == 401)
            #expect(try server.send(Self.order("/hooks/tickets")).status == 401)
            #expect(try server.send(Self.order("/hooks/tickets/")).status == 401)
            #expect(try server.send(Self.order("/hooks/tickets/\(Self.secret)/more")).status == 401)
            let kept = try kept(trial, server)
            #expect(!kept.contains(Self.secret))
            #expect(kept.contains("/hooks/tickets/[redacted]"))
            let accepted = try trial.log("--source", "tickets", "--outcome", "accepted")
            #expect(accepted.map { $0["authtype"] } == ["secret url, body unsigned"])
        }
    }

    @Test("a header of the source's own choice is the token's, and is not recorded")
    func header() throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            let body = Array(#"{"id":"1","event_type":"alert","date":1769940000000}"#.utf8)
            let request = Request(target: "/hooks/alerts", body: body)
            #expect(try server.send(request.adding("X-Our-Own", Self.secret)).status == 200)
            #expect(try server.send(request.adding("X-Our-Own", "no")).status == 401)
            #expect(try server.send(request.adding("X-Daybook-Token", Self.secret)).status == 401)
            let doubled = request.adding("X-Our-Own", Self.secret).adding("X-Our-Own", "no")
            #expect(try server.send(doubled).status == 401)
            let accepted = try trial.log("--source", "alerts", "--outcome", "accepted")
            let meta = try trial.daybook("show", "1", "--meta").output
            #expect(accepted.count == 1)
            #expect(meta.contains(#"["X-Our-Own","[redacted]"]"#), "\(meta)")
        }
    }
}
