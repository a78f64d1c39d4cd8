import Testing

@testable import Projections

@Suite("Refused: rules")
struct DefinitionRuleRefusalTests {
    static let cases = RefusalCase.list(
        #"""
        { key: "{/id}", set: { note: /x } }
        => 18:5: missing key "from"
        { from: {}, key: "{/id}", set: { note: /x } }
        => 18:13: found no attribute, expected at least one, such as provider
        { from: a, key: "{/id}", set: { note: /x } }
        => 18:13: found "a", expected a mapping
        { from: { typ: a }, key: "{/id}", set: { note: /x } }
        => 18:15: unknown key "typ", expected "type"
        { from: { type: }, key: "{/id}", set: { note: /x } }
        => 18:21: found nothing, expected a text, in which * stands for any
        { from: { type: [] }, key: "{/id}", set: { note: /x } }
        => 18:21: found 0 patterns, expected 1 to 64
        { from: { type: [a, ""] }, key: "{/id}", set: { note: /x } }
        => 18:25: found "", expected a text, in which * stands for any
        { from: { type: { is: a } }, key: "{/id}", set: { note: /x } }
        => 18:21: found a mapping, expected a text, in which * stands for any
        { from: { kind: cal }, key: "{/id}", set: { note: /x } }
        => 18:21: found "cal", expected "call"
        { from: { outcome: duplicate }, key: "{/id}", set: { note: /x } }
        => 18:24: found "duplicate", expected one of accepted, succeeded, failed, rejected
        { from: { outcome: rejected }, key: "{/id}", set: { note: "@type" } }
        => 18:5: found /id in a rule for rejected events, expected attributes only: anybody can \#
        send what is rejected
        { from: { outcome: [accepted, rejected] }, key: "{@id}", at: /t, set: { note: "@type" } }
        => 18:5: found /t in a rule for rejected events, expected attributes only: anybody can \#
        send what is rejected
        { from: { outcome: rejected }, key: "{@id}", set: { note: { text: "{header:x}" } } }
        => 18:5: found header:x in a rule for rejected events, expected attributes only: \#
        anybody can send what is rejected
        { from: { outcome: rejected }, key: "{@id}", when: { request:/x: 1 }, set: { note: "@id" } }
        => 18:5: found request:/x in a rule for rejected events, expected attributes only: \#
        anybody can send what is rejected
        { from: { outcome: rejected }, key: "{@id}", link: "p:{@id}", set: { note: "@type" } }
        => 18:50: found "link" in a rule for rejected events, expected none: anybody can send \#
        what is rejected
        { from: { type: a }, set: { note: /x } }
        => 18:5: missing key "key"
        { from: { type: a }, key: item, set: { note: /x } }
        => 18:31: found "item", expected a template with a place, such as "woo-{/id}"
        { from: { type: a }, key: "{id}", set: { note: /x } }
        => 18:31: found "{id}", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        { from: { type: a }, key: "x-{@subjct}", set: { note: /x } }
        => 18:31: found "x-{@subjct}", expected "x-{@subject}"
        { from: { type: a }, key: "{}", set: { note: /x } }
        => 18:31: found "{}", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        { from: { type: a }, key: {/id}, set: { note: /x } }
        => 18:31: found a mapping, expected a template in quotes such as "woo-{/id}"
        { from: { type: a }, key: \#
        "{/a}{/b}{/c}{/d}{/e}{/f}{/g}{/h}{/i}{/j}{/k}{/l}{/m}{/n}{/o}{/p}{/q}" }
        => 18:31: found 17 places in a template, expected at most 16
        { from: { type: a }, key: "{/id}" }
        => 18:5: missing key "set", expected "set", "link" or both
        { from: { type: a }, key: "{/id}", set: {} }
        => 18:45: found 0 settings, expected 1 to 64
        { from: { type: a }, key: "{/id}", set: [note] }
        => 18:45: found a list, expected a mapping
        { from: { type: a }, key: "{/id}", sets: { note: /x } }
        => 18:40: unknown key "sets", expected "set"
        { from: { type: a }, key: "{/id}", link: "{/x}" }
        => 18:46: found "{/x}", expected a template that begins with a kind of name, such as \#
        "pi:{/id}"
        { from: { type: a }, key: "{/id}", link: "pi{/x}" }
        => 18:46: found "pi{/x}", expected a template that begins with a kind of name, such as \#
        "pi:{/id}"
        { from: { type: a }, key: "{/id}", link: ":{/x}" }
        => 18:46: found ":{/x}", expected a template that begins with a kind of name, such as \#
        "pi:{/id}"
        { from: { type: a }, key: "{/id}", link: "pi:x" }
        => 18:46: found "pi:x", expected a template that begins with a kind of name, such as \#
        "pi:{/id}"
        { from: { type: a }, key: "{/id}", link: [] }
        => 18:46: found 0 links, expected 1 to 16
        { from: { type: a }, key: "{/id}", link: ["a:{/x}", b] }
        => 18:57: found "b", expected a template that begins with a kind of name, such as \#
        "pi:{/id}"
        { from: { type: a }, key: "{/id}", each: x, set: { note: /x } }
        => 18:46: found "x", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        { from: { type: a }, key: "{/id}", each: "@type", set: { note: /x } }
        => 18:46: found "@type", expected the path of a list: a /POINTER or @ratelimit
        { from: { type: a }, key: "{/id}", each: header:a, set: { note: /x } }
        => 18:46: found "header:a", expected the path of a list: a /POINTER or @ratelimit
        { from: { type: a }, key: "{/id}", at: now, set: { note: /x } }
        => 18:44: found "now", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        { from: { type: a }, key: "{/id}", at: { from: /x, as: unixms }, set: { note: /x } }
        => 18:60: found "unixms", expected "unix-ms"
        { from: { type: a }, key: "{/id}", at: { as: unix }, set: { note: /x } }
        => 18:44: missing key "from"
        { from: { type: a }, key: "{/id}", at: { from: /x, format: unix }, set: { note: /x } }
        => 18:56: unknown key "format", expected one of from, as
        { from: { type: a }, key: "{/id}", when: present, set: { note: /x } }
        => 18:46: found "present", expected a mapping
        { from: { type: a }, key: "{/id}", when: { status: paid }, set: { note: /x } }
        => 18:48: found "status", expected a path: /POINTER, @ATTRIBUTE, header:NAME, \#
        request:/POINTER or response:/POINTER
        { from: { type: a }, key: "{/id}", when: { /x: { gte: 5, lt: 3 } }, set: { note: /x } }
        => 18:52: no number passes this test, expected bounds that meet
        [from]
        => 18:5: found a list, expected a mapping
        x
        => 18:5: found "x", expected a mapping
        """#
    )

    @Test("each slip is told with its place and what was expected", arguments: cases)
    func refusal(of refused: RefusalCase) {
        let text = Sample.definition(rule: refused.fragment)
        #expect(Sample.refusal(of: text) == "p.yaml:\(refused.message)")
    }
}
