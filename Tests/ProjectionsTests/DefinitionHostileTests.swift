import Testing
import YAML

@testable import Projections

@Suite("Hostile definitions")
struct DefinitionHostileTests {
    @Test("a file that is too large is refused before it is parsed")
    func large() {
        let text = "# " + String(repeating: "x", count: 256 << 10)
        #expect(
            Sample.refusal(of: text)
                == "p.yaml:1:1: too large: found 262146 bytes, expected at most 262144"
        )
    }

    @Test("deep nesting is refused", arguments: ["[", "{ a: "])
    func deep(bracket: String) throws {
        let refusal = try #require(
            Sample.refusal(of: "projection: " + String(repeating: bracket, count: 5_000))
        )
        #expect(refusal.hasPrefix("p.yaml:1:"))
        #expect(refusal.contains("too deep"))
    }

    @Test("bytes that are no text are refused")
    func noText() {
        let bytes: [UInt8] = Array("projection: ".utf8) + [0xFF, 0xFE, 0x0A]
        var message: String?
        do { _ = try Definition(yaml: bytes.span, file: "p.yaml") } catch { message = "\(error)" }
        #expect(message?.hasPrefix("p.yaml:1:13: found bytes that are not UTF-8") == true)
    }

    @Test(
        "odd characters are refused where names are short words, and kept where texts are free",
        arguments: [
            ("\u{202E}c", true), ("ｃ", true), ("ç", true), ("e\u{301}", true), ("c\u{200B}", true),
            ("🛒", true), ("\u{130}", true), ("c", false),
        ]
    )
    func names(name: String, isRefused: Bool) {
        let text = Sample.definition(column: "\"\(name)\": { type: text, keep: latest }")
        #expect((Sample.refusal(of: text) != nil) == isRefused)
        let setting = Sample.definition(
            setting: "note: { from: \"/\(name)\", default: \"\(name)\" }"
        )
        #expect(Sample.refusal(of: setting) == nil)
    }

    @Test(
        "control characters are refused in every text that is kept",
        arguments: [
            #"note: { is: "a\nb" }"#, #"note: "/a\u0000""#, #"note: { when: { "/\e": 1 }, is: x }"#,
            #"note: { when: { /x: "\u0085" }, is: x }"#,
            #"refunds: { from: /x, currency: /c, by: "\t{/x}" }"#,
            #"note: { from: /x, map: { "\x7F": a } }"#,
        ]
    )
    func controls(setting: String) {
        let refusal = Sample.refusal(of: Sample.definition(setting: setting))
        #expect(refusal?.contains("found control character 0x") == true, "\(refusal ?? "")")
    }

    @Test("a message quotes no more than a part of a long text, on one line")
    func longMessages() throws {
        let word = String(repeating: "w", count: 900)
        for setting in ["state: { is: \(word) }", "note: \(word)", "\(word): /x"] {
            let refusal = try #require(Sample.refusal(of: Sample.definition(setting: setting)))
            #expect(refusal.count < 300)
            #expect(!refusal.contains("\n"))
        }
    }

    @Test("rules with as many patterns as can be are told apart in good time")
    func patterns() {
        var rules = ""
        for rule in 100..<110 {
            let patterns = (0..<64).map { "a*\($0)*b\(rule)" }.joined(separator: ", ")
            rules += "  - { from: { type: [\(patterns)] }, key: \"{/i}\", set: { note: /x } }\n"
        }
        #expect(Sample.refusal(of: "\(Sample.columns)events:\n\(rules)") == nil)
    }

    @Test("a default definition that is cut or changed anywhere is read or refused with a place")
    func cuts() throws {
        let bytes = Array(try Defaults.text(of: "member-status").utf8)
        for end in stride(from: 0, to: bytes.count, by: 41) {
            expectPlace(Array(bytes[..<end]))
            for byte in [UInt8(ascii: "{"), UInt8(ascii: ":"), UInt8(ascii: "*"), 0x00, 0xC3] {
                var changed = bytes
                changed[end] = byte
                expectPlace(changed)
            }
        }
    }

    private func expectPlace(_ bytes: [UInt8]) {
        do throws(YAMLError) { _ = try Definition(yaml: bytes.span, file: "p.yaml") } catch {
            #expect(error.place.line >= 1 && error.place.column >= 1)
            #expect(!error.what.isEmpty)
        }
    }
}
