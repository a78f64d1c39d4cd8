import Bytes
import Ledger
import Outbound
import Testing
import YAML

/// Rules as `daybook.yaml` has them.
@Suite struct DeliverRuleTests {
    /// Stands for what a reference refers to.
    private struct Missing: Error, CustomStringConvertible {
        let description = "the environment variable NONE is not set"
    }

    private func rules(_ text: String) throws -> [DeliveryRule] {
        let bytes = Array(text.utf8)
        let node = try parseYAML(bytes.span, file: "daybook.yaml")
        return try DeliveryRule.list(node) { reference in
            if reference == "env:NONE" { throw Missing() }
            return Array(reference.dropFirst("plain:".count).utf8)
        }
    }

    private func rule(_ more: String) throws -> DeliveryRule {
        let text = """
            - name: out
              from: { type: a }
              to: https://shop.example.com/hooks/paid
              secret: plain:secret
            """
        let rules = try rules(text + "\n" + more)
        return try #require(rules.first)
    }

    @Test("a rule is read with the defaults of its schedule")
    func defaults() throws {
        let rule = try rule("")
        #expect(rule.name == "out" && rule.url == "https://shop.example.com/hooks/paid")
        #expect(rule.terms.concurrent == 10 && !rule.terms.isOrdered && !rule.terms.allowsPrivate)
        #expect(rule.terms.timeout == 15_000)
        #expect(rule.terms.retries.first == 5_000 && rule.terms.retries.last == 86_400_000)
        #expect(rule.terms.retries.count == 9)
        #expect(rule.terms.selection.kinds == [.webhook, .fact])
    }

    @Test("everything that a rule may say is read, recorded and read again")
    func whole() throws {
        let rules = try rules(
            """
            - name: out.1
              from: { source: [shop, "s*"], provider: stripe, kind: [call, sync], type: "a.*",
                      subject: "order:\\"1\\"é" }
              to: http://10.0.0.1:8080/hooks?token=hidden
              secrets: ["plain:whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", plain:other]
              ordered: true
              concurrent: 100
              retries: [0s, 250ms, 31d]
              timeout: 2m
              allow_private: true
            """
        )
        let terms = try #require(rules.first?.terms)
        #expect(terms.to == "http://10.0.0.1:8080/hooks")
        #expect(terms.retries == [0, 250, 31 * 86_400_000] && terms.timeout == 120_000)
        let json = terms.canonicalJSON
        let text = String(decoding: json, as: UTF8.self)
        #expect(!text.contains("hidden") && !text.contains("whsec") && !text.contains("other"))
        #expect(DeliveryTerms(json: json.span) == terms)
        #expect(
            text == """
                {"allow_private":true,"concurrent":100,"from":{"kind":["call","sync"],\
                "provider":["stripe"],"source":["shop","s*"],"subject":["order:\\"1\\"é"],\
                "type":["a.*"]},"name":"out.1","ordered":true,"retries":[0,250,2678400000],\
                "timeout":120000,"to":"http://10.0.0.1:8080/hooks"}
                """
        )
    }

    @Test(
        "what is no set of terms is not taken for one",
        arguments: [
            "", "{}", "[]", "null", "{\"name\":\"x\"}", "{\"name\":1,\"to\":[],\"from\":{}}",
        ]
    )
    func noTerms(text: String) {
        let bytes = Array(text.utf8)
        #expect(DeliveryTerms(json: bytes.span) == nil)
    }

    @Test(
        "a rule that cannot be is refused with its place",
        arguments: [
            ("timeout: 500ms", "5:12: found \"500ms\", expected from 1s to 120s"),
            ("timeout: soon", "5:12: found \"soon\", expected a duration"),
            ("timeout: 9223372036854775807d", "5:12: found"),
            ("timeout: 106751991167300d", "5:12: found"),
            ("concurrent: 0", "5:15: found \"0\", expected an integer from 1 to 100"),
            ("concurrent: 101", "5:15"), ("ordered: perhaps", "5:12"),
            ("retries: 5s", "5:12"), ("retries: [32d]", "5:13"), ("retries: [-1s]", "5:13"),
            ("retrie: [1s]", "5:3: unknown key \"retrie\", expected \"retries\""),
            ("secrets: [plain:x]", "5:12: found secret and secrets"),
        ]
    )
    func refused(more: String, problem: String) {
        let error = #expect(throws: YAMLError.self) { try rule("  " + more) }
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test(
        "a destination must be a plain URL, https unless private ones are allowed",
        arguments: [
            "http://shop.example.com/", "ftp://x/", "https://", "https:///x", "https://:443/",
            "https://user:hush@x.example.com/", "https://x.example.com/#a", "https://x/\\u00e9",
            "https://x/ y", "x.example.com", "https://x\\n/", "https://?a",
            "https://x/" + String(repeating: "a", count: 2048),
        ]
    )
    func destinations(url: String) {
        let error = #expect(throws: YAMLError.self) {
            try rules(
                "[{ name: out, from: { type: a }, secret: plain:s, to: \"\(url)\" }]"
            )
        }
        #expect(error?.description.contains("hush") == false)
    }

    @Test(
        "names, conditions and secrets are checked",
        arguments: [
            "name: Out, from: { type: a }, secret: plain:s",
            "name: daybook, from: { type: a }, secret: plain:s",
            "name: out, from: {}, secret: plain:s",
            "name: out, from: { typ: a }, secret: plain:s",
            "name: out, from: { kind: webhooks }, secret: plain:s",
            "name: out, from: { type: [] }, secret: plain:s",
            "name: out, from: { kind: delivery }, secret: plain:s",
            "name: out, from: { kind: delivery, source: 'o*' }, secret: plain:s",
            "name: out, from: { kind: delivery, source: out }, secret: plain:s",
            "name: out, from: { type: a }", "name: out, from: { type: a }, secrets: []",
            "name: out, from: { type: a }, secret: 'plain:'",
            "name: out, from: { type: a }, secret: 'plain:whsec_'",
            "name: out, from: { type: a }, secret: 'plain:whsec_not base64'",
            "name: out, from: { type: a }, secret: env:NONE",
        ]
    )
    func checked(rule: String) {
        let error = #expect(throws: YAMLError.self) {
            try rules("[{ \(rule), to: \"https://x.example.com/\" }]")
        }
        #expect(error?.description.contains("not base64") == false)
        if rule.contains("NONE") { #expect(error?.description.contains("NONE is not set") == true) }
    }

    @Test("two rules may not share a name, nor deliver each other's deliveries in a ring")
    func lists() throws {
        func entry(_ name: String, _ from: String) -> String {
            "{ name: \(name), from: \(from), to: \"https://x.example.com/\", secret: plain:s }"
        }
        #expect(throws: YAMLError.self) {
            try rules("[\(entry("a", "{ type: x }")), \(entry("a", "{ type: y }"))]")
        }
        let ring = [
            entry("a", "{ kind: delivery, source: b }"),
            entry("b", "{ kind: delivery, source: a }"),
        ]
        #expect(throws: YAMLError.self) { try rules("[\(ring[0]), \(ring[1])]") }
        let chain = "[\(ring[0]), \(entry("b", "{ type: x }"))]"
        #expect(try rules(chain).count == 2)
    }
}
