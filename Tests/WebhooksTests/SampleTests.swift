import Bytes
import Ledger
import Testing
import Webhooks
import YAML

/// What is recorded of the request that a provider's entry shows.
@Suite("samples")
struct SampleTests {
    /// The lines of a request that is accepted.
    static func lines(_ request: InboundRequest, _ sender: Sender) throws -> [Draft] {
        let verdict = judge(request, try sender.source(asksForScheme: false))
        guard case .accepted(let drafts, let answer) = verdict else {
            Issue.record("\(sender): \(verdict.summary)")
            return []
        }
        #expect((200...299).contains(answer.status))
        return drafts
    }

    @Test(
        "a sample gives the webhook and a fact for each of its parts",
        arguments: try Sender.usual.get()
    )
    func events(sender: Sender) throws {
        let request = try sender.request()
        let lines = try Self.lines(request, sender)
        let sample = try #require(sender.webhooks["sample"])
        let parts = try sample["part_of"]?.integer(in: 0...1000) ?? 0
        #expect(lines.count == 1 + parts)
        #expect((parts > 0) == (sender.webhooks["parts"] != nil))
        let webhook = try #require(lines.first)
        #expect(webhook[.kind] == "webhook" && webhook.cause == nil && webhook[.part] == nil)
        #expect(try #require(webhook.body?.parts).content == request.body)
        #expect(webhook[.datacontenttype] == sample["type"]?.text)
        for fact in lines.dropFirst() {
            #expect(fact[.kind] == "fact" && fact.cause == 0 && fact.body == nil)
            #expect(fact[.part]?.hasPrefix("/") == true)
        }
        #expect(Set(lines.dropFirst().map { $0[.part] }).count == parts)
        #expect(Set(lines.map(\.id)).count == lines.count, "\(lines.map(\.id))")
        for line in lines {
            #expect(line.outcome == .accepted && line[.provider] == sender.provider)
            #expect(!line.id.isEmpty && line[.type]?.isEmpty == false)
        }
    }

    @Test(
        "every event of a sample has a time and a subject where the entry has them",
        arguments: try Sender.usual.get()
    )
    func told(sender: Sender) throws {
        let lines = try Self.lines(try sender.request(), sender)
        let webhook = try #require(lines.first)
        #expect((webhook[.time] != nil) == (sender.webhooks["time"] != nil))
        // Cin7's is for one event that comes by itself; its sample is an array.
        let hasSubject = sender.webhooks["subject"] != nil && sender.provider != "cin7-core"
        #expect((webhook[.subject] != nil) == hasSubject)
        let rules = sender.webhooks["parts"]?.oneOrMore ?? []
        for fact in lines.dropFirst() {
            let hasTime = rules.contains { $0["time"] != nil }
            let hasSubject = rules.contains { $0["subject"] != nil }
            #expect((fact[.time] != nil) == hasTime, "\(fact.id)")
            #expect((fact[.subject] != nil) == hasSubject, "\(fact.id)")
            #expect(fact[.type] != "webhook.part", "\(fact.id)")
        }
        for line in lines {
            #expect(line[.time]?.hasPrefix("2026-") != false, "\(line[.time] ?? "")")
            #expect(
                line[.subject]?.contains(/^[a-zA-Z0-9_.]+:./) != false,
                "\(line[.subject] ?? "")"
            )
        }
    }

    @Test(
        "a redelivery has the same ids, and another event others",
        arguments: try Sender.usual.get()
    )
    func ids(sender: Sender) throws {
        let request = try sender.request()
        let first = try Self.lines(request, sender).map(\.id)
        let again = try Self.lines(request, sender).map(\.id)
        #expect(first == again)
        let fresh = try Self.lines(try sender.request(), sender).map(\.id)
        #expect(fresh.count == first.count)
        let kept = Set(fresh).intersection(first)
        #expect(kept == [], "\(kept)")
    }

    @Test("no line has anybody's address in it", arguments: try Sender.usual.get())
    func addresses(sender: Sender) throws {
        for line in try Self.lines(try sender.request(), sender) {
            for text in [line.id, line[.type] ?? "", line[.subject] ?? ""] {
                #expect(!text.contains(/@[a-z.-]*example/) && !text.contains("%40"), "\(text)")
            }
        }
    }

    @Test("a redelivery in the log takes effect once, parts and all")
    func inTheLog() throws {
        for name in ["xero", "meta", "stripe", "quickbooks"] {
            let sender = try #require(try Sender.usual.get().first { $0.provider == name })
            let all = try Self.lines(try sender.request(), sender)
            let outcomes = try Recorded.outcomes(of: [all, all])
            #expect(outcomes == [all.map { _ in .accepted }, [.duplicate]])
        }
    }

    @Test("a part that comes again in another request is recorded once")
    func repeatedParts() throws {
        let sender = try #require(try Sender.usual.get().first { $0.provider == "xero" })
        let request = try sender.request()
        var other = request
        other.body += Array(" ".utf8)
        let code = code(Array(sender.secret().utf8), other.body)
        other["x-xero-signature"] = base64(code)
        let lines = [try Self.lines(request, sender), try Self.lines(other, sender)]
        let outcomes = try Recorded.outcomes(of: lines)
        let parts = lines[1].dropFirst().map { _ in Outcome.duplicate }
        #expect(outcomes == [lines[0].map { _ in .accepted }, [.accepted] + parts])
    }

    @Test("a redelivery whose body varies is known by its id where the entry says so")
    func varying() throws {
        let sender = try #require(try Sender.usual.get().first { $0.provider == "pipedrive" })
        let request = try sender.request()
        var other = request
        let body = String(decoding: request.body, as: UTF8.self)
        other.body = Array(body.replacing("\"attempt\":1", with: "\"attempt\":2").utf8)
        #expect(other.body != request.body)
        let outcomes = try Recorded.outcomes(of: [
            try Self.lines(request, sender), try Self.lines(other, sender),
        ])
        #expect(outcomes == [[.accepted], [.duplicate]])
    }
}
