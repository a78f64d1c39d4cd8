import Bytes
import Ledger
import Testing
import Webhooks
import YAML

/// What holds for every scheme of every provider, optional ones too.
@Suite("every scheme of every provider")
struct SchemeTests {
    /// The webhook's line; an issue if the request is not accepted.
    private func line(_ request: InboundRequest, _ source: Source) throws -> Draft {
        let verdict = judge(request, source)
        guard case .accepted(let drafts, _) = verdict else {
            throw Unexpected(what: verdict.summary)
        }
        return try #require(drafts.first)
    }

    struct Unexpected: Error { let what: String }

    @Test("the sample is accepted, and the line says by what", arguments: try Sender.all.get())
    func accepted(sender: Sender) throws {
        let line = try line(sender.request(), sender.source())
        let kind = try #require(line[.authtype])
        let words = [
            "hmac": "hmac-sha", "digest": "sha256", "rsa": "rsa-sha256", "rsa-x509": "rsa-x509",
            "oidc": "oidc, body unsigned", "none": "none",
        ]
        #expect(words[sender.kind].map { kind.hasPrefix($0) } ?? kind.hasSuffix("body unsigned"))
        let names = ["rsa": "key trial", "oidc": "key 1", "rsa-x509": "certificate 1", "none": nil]
        #expect(line[.authid] == names[sender.kind] ?? "SECRET")
    }

    @Test("there are as many as the catalog has, of every kind")
    func count() throws {
        let senders = try Sender.all.get()
        #expect(senders.count >= 80)
        #expect(try Sender.usual.get().count == Set(senders.map(\.provider)).count)
        #expect(Set(senders.map(\.kind)).count == 7)
    }

    @Test("another secret or key is refused", arguments: try Sender.proving.get())
    func otherSecret(sender: Sender) throws {
        let verdict = judge(try sender.request(), try sender.source(salt: 1))
        let words: [Refusal.Word] = [.signatureMismatch, .wrongToken, .unknownKey]
        #expect(verdict.refusal.map { words.contains($0.word) } == true, "\(verdict.summary)")
        #expect(verdict.answer == Answer(status: 401))
    }

    @Test("a header that shows who sends is refused when it is cut, doubled, emptied or missing")
    func spoiledHeader() throws {
        for sender in try Sender.proving.get() {
            guard let name = sender.signatureHeader else { continue }
            let source = try sender.source()
            let request = try sender.request()
            let value = try #require(request[name], "\(sender)")
            for count in [0, 1, value.count / 2, value.count - 1] {
                var cut = request
                cut[name] = String(value.prefix(count))
                #expect(judge(cut, source).refusal?.status == 401, "\(sender), \(count)")
            }
            for other in [value, "", "x"] {
                var doubled = request
                doubled.headers.append((name.uppercased(), other))
                let verdict = judge(doubled, source)
                #expect(verdict.refusal?.word == .doubledHeader, "\(sender) \(verdict.summary)")
                #expect(verdict.answer == Answer(status: 401))
            }
            var missing = request
            missing[name] = nil
            #expect(judge(missing, source).refusal?.status == 401, "\(sender)")
        }
    }

    @Test(
        "an emptied body is refused, and where it is signed as forged",
        arguments: try Sender.proving.get()
    )
    func emptied(sender: Sender) throws {
        var request = try sender.request()
        request.body = []
        let verdict = judge(request, try sender.source())
        let refusal = try #require(verdict.refusal, "\(verdict.summary)")
        let hasBodyTime = sender.entry["timestamp"]?["body"] != nil
        if sender.coversBody, !hasBodyTime { #expect(refusal.word == .signatureMismatch) }
    }

    @Test("a request that shows nothing is refused", arguments: try Sender.usual.get())
    func nothing(sender: Sender) throws {
        guard sender.kind != "none" else { return }
        var request = try sender.request()
        for other in try Sender.all.get() where other.provider == sender.provider {
            for name in [other.signatureHeader, "x-ledger-token"] { request[name ?? ""] = nil }
        }
        request.target = "/hooks/shop"
        let isXML = sender.webhooks["content"]?.text == "xml"
        request.body = Array((isXML ? "<value/>" : "{\"value\":[{}]}").utf8)
        let verdict = judge(request, try sender.source(asksForScheme: false))
        #expect(verdict.refusal?.status == 401, "\(verdict.summary)")
        let isNamed = try !Sender.all.get().contains {
            $0.provider == sender.provider && $0.kind == "none" && !$0.isOptional
        }
        #expect(isNamed, "nobody is believed unasked")
    }

    @Test("what one scheme shows is refused where a source asks for another")
    func otherScheme() throws {
        let senders = try Sender.all.get()
        var count = 0
        for sender in senders where sender.kind != "none" {
            for other in senders
            where other.provider == sender.provider && other.scheme != sender.scheme {
                // None asks for nothing, and a token may stand there without its prefix.
                if other.kind == "none" { continue }
                if sender.kind == "token", other.signatureHeader == sender.signatureHeader {
                    continue
                }
                count += 1
                let request = try sender.request()
                let verdict = judge(request, try other.source())
                #expect(verdict.refusal != nil, "\(sender) as \(other)")
            }
        }
        #expect(count > 60, "\(count)")
    }

    @Test("a signature is refused in another scheme's header")
    func swapped() throws {
        let senders = try Sender.all.get().filter { ["hmac", "digest"].contains($0.kind) }
        var count = 0
        for sender in senders {
            for other in senders
            where other.provider == sender.provider
                && other.signatureHeader != sender.signatureHeader
            {
                var request = try other.request(sender.body)
                let name = try #require(other.signatureHeader)
                let place = try #require(sender.signatureHeader)
                // With the prefix that it came with, and with the other's.
                let value = try #require(try sender.request(request.body)[place])
                let code = value.split(separator: "=").last.map { String($0) } ?? ""
                for value in [value, (other.entry["signature"]?["prefix"]?.text ?? "") + code] {
                    request[name] = value
                    for source in [try other.source(), try sender.source(asksForScheme: false)] {
                        #expect(judge(request, source).refusal?.status == 401, "\(other)")
                    }
                }
                count += 1
            }
        }
        #expect(count >= 10, "\(count)")
    }
}
