import Testing

@testable import Projections

@Suite("Rules that could both fit one event")
struct DefinitionDisjointnessTests {
    private func refusal(_ first: String, _ second: String) -> String? {
        let rules = [first, second].map { #"  - { \#($0), key: "{/id}", set: { note: /x } }"# }
        return Sample.refusal(of: "\(Sample.columns)events:\n\(rules.joined(separator: "\n"))\n")
    }

    @Test(
        "are refused with both lines, in either order",
        arguments: [
            ("from: { type: a }", "from: { type: a }"),
            ("from: { type: [a, b] }", "from: { type: [c, b] }"),
            ("from: { type: order.* }", "from: { type: order.paid }"),
            ("from: { type: a*c }", "from: { type: \"*bc\" }"),
            ("from: { provider: a }", "from: { type: b }"),
            ("from: { provider: a, type: b }", "from: { type: b }"),
            ("from: { provider: a, type: [b, c] }", "from: { provider: [a, z], type: \"*\" }"),
            ("from: { type: a }", "from: { type: a }, when: { /x: present }"),
            ("from: { type: a }, when: { /x: 1 }", "from: { type: a }, when: { /y: 2 }"),
            ("from: { type: a }, when: { /x: 1 }", "from: { type: a }, when: { /x: present }"),
            ("from: { type: a }, when: { /x: [a, b*] }", "from: { type: a }, when: { /x: bc }"),
            (
                "from: { type: a }, when: { /x: { gt: 1 } }",
                "from: { type: a }, when: { /x: { lt: 2 } }"
            ),
            (
                "from: { type: a }, when: { /x: { gte: 1 } }",
                "from: { type: a }, when: { /x: { lte: 1 } }"
            ),
            (
                "from: { type: a }, when: { /x: [1, 5] }",
                "from: { type: a }, when: { /x: { gt: 4 } }"
            ),
            (
                "from: { type: a }, when: { /x: many }",
                "from: { type: a }, when: { /x: { gt: 4 } }"
            ),
            ("from: { type: a }, when: { /x: absent }", "from: { type: a }, when: { /x: absent }"),
            (
                "from: { type: a }, each: /l, when: { /x: 1 }",
                "from: { type: a }, each: /l, when: { /x: 2 }"
            ),
            (
                "from: { type: a }, each: /l, when: { /x: 1 }",
                "from: { type: a }, when: { /x: 2 }"
            ),
        ]
    )
    func overlapping(first: String, second: String) {
        let message =
            "p.yaml:19:5: the rules at lines 18 and 19 could both fit one event, "
            + "expected \"from\" or \"when\" to tell them apart"
        #expect(refusal(first, second) == message)
        #expect(refusal(second, first) == message)
    }

    @Test(
        "are not those that an attribute or a condition tells apart",
        arguments: [
            ("from: { type: a }", "from: { type: b }"),
            ("from: { type: [a, b] }", "from: { type: [c, d] }"),
            ("from: { type: order.* }", "from: { type: orders.paid }"),
            ("from: { type: a*c }", "from: { type: \"*d\" }"),
            ("from: { provider: a, type: x }", "from: { provider: b, type: x }"),
            ("from: { type: a }, when: { \"@type\": [a, b] }", "from: { type: b }"),
            ("from: { type: a }, when: { /x: present }", "from: { type: a }, when: { /x: absent }"),
            ("from: { type: a }, when: { /x: 1 }", "from: { type: a }, when: { /x: absent }"),
            (
                "from: { type: a }, when: { /x: { gt: 1 } }",
                "from: { type: a }, when: { /x: absent }"
            ),
            ("from: { type: a }, when: { /x: 1 }", "from: { type: a }, when: { /x: [2, 3] }"),
            ("from: { type: a }, when: { /x: a* }", "from: { type: a }, when: { /x: [b*, c] }"),
            ("from: { type: a }, when: { /x: true }", "from: { type: a }, when: { /x: false }"),
            (
                "from: { type: a }, when: { /x: { gt: 1 } }",
                "from: { type: a }, when: { /x: { lt: 1 } }"
            ),
            (
                "from: { type: a }, when: { /x: { gt: 1 } }",
                "from: { type: a }, when: { /x: { lte: 1 } }"
            ),
            (
                "from: { type: a }, when: { /x: { gte: 1, lt: 5 } }",
                "from: { type: a }, when: { /x: { gte: 5 } }"
            ),
            (
                "from: { type: a }, when: { /x: [1, 3] }",
                "from: { type: a }, when: { /x: { gt: 4 } }"
            ),
            ("from: { type: a }, when: { /x: 4 }", "from: { type: a }, when: { /x: { gt: 4 } }"),
            (
                "from: { type: a }, when: { header:A: x }",
                "from: { type: a }, when: { header:a: y }"
            ),
            (
                "from: { type: a }, each: /l, when: { \"@status\": 1 }",
                "from: { type: a }, each: /l, when: { \"@status\": 2 }"
            ),
        ]
    )
    func disjoint(first: String, second: String) {
        #expect(refusal(first, second) == nil)
        #expect(refusal(second, first) == nil)
    }

    @Test("are named as the first such pair")
    func pair() {
        let rules = ["a", "b", "c*", "b", "cd"].map {
            #"  - { from: { type: \#($0) }, key: "{/id}", set: { note: /x } }"#
        }
        let refusal = Sample.refusal(
            of: "\(Sample.columns)events:\n\(rules.joined(separator: "\n"))\n"
        )
        #expect(refusal?.hasPrefix("p.yaml:21:5: the rules at lines 19 and 21 could") == true)
    }

    @Test("are found however patterns are written: by trying all short texts")
    func globs() {
        let pieces = ["", "a", "b", "*"]
        var patterns: Set<String> = []
        for a in pieces { for b in pieces { for c in pieces { patterns.insert(a + b + c) } } }
        // Of two patterns of three pieces that overlap, some text of six letters fits both.
        var texts = [""]
        var last = [""]
        for _ in 0..<6 {
            last = last.flatMap { [$0 + "a", $0 + "b"] }
            texts += last
        }
        let sorted = patterns.sorted()
        let fitting = sorted.map { pattern in
            texts.map { fits($0[...], pattern[...]) }
        }
        for (i, a) in sorted.enumerated() {
            for (j, b) in sorted.enumerated() {
                let common = zip(fitting[i], fitting[j]).contains { $0 && $1 }
                #expect(Glob(a).overlaps(Glob(b)) == common, "\(a) and \(b)")
            }
        }
        #expect(Glob("é*").overlaps(Glob("*é")))
        #expect(!Glob("é").overlaps(Glob("e*")))
    }

    private func fits(_ text: Substring, _ pattern: Substring) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return fits(text, pattern.dropFirst())
                || (!text.isEmpty && fits(text.dropFirst(), pattern))
        }
        return text.first == first && fits(text.dropFirst(), pattern.dropFirst())
    }
}
