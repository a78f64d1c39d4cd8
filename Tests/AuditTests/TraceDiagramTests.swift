import Ledger
import Testing

@testable import Audit
@testable import Projections

@Suite("Drawings of causes and effects") struct TraceDiagramTests {
    /// A webhook that came three times and was forwarded in three attempts.
    private static func log(
        id: String = "e1",
        subject: String = "order:1"
    ) throws
        -> (ActionsLedger, UInt64)
    {
        let log = try ActionsLedger()
        var first = ActionsLedger.order(id, 1, "new", 5, at: 1000)
        first[.subject] = subject
        let sequence = try log.take(first)
        try log.take(first)
        try log.take(first)
        for (number, outcome) in [Outcome.failed, .failed, .succeeded].enumerated() {
            var attempt = Draft(
                source: "to-shop",
                id: "d\(number)",
                type: "webhook.delivery",
                kind: .delivery,
                outcome: outcome
            )
            attempt[.causationid] = "0000000000000000000\(sequence)"
            try log.take(attempt)
        }
        return (log, sequence)
    }

    @Test("a trace counts what came again and what was tried again")
    func resends() throws {
        let (log, sequence) = try Self.log()
        let root = try log.views.trace(sequence)
        #expect(
            root.resends == [
                Resends(what: Resends.redelivered, count: 2, failed: 0),
                Resends(what: "to-shop", count: 3, failed: 2),
            ]
        )
        #expect(
            root.resends.map(TraceDiagram.text) == [
                "redelivered 2×", "to-shop: 3 attempts, 2 failed",
            ]
        )
    }

    @Test("a drawing has a node for each event but redeliveries, and one for each change")
    func mermaid() throws {
        let (log, sequence) = try Self.log()
        let root = try log.views.trace(sequence)
        let text = TraceDiagram.text(root, in: .mermaid)
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.first == "flowchart TD")
        #expect(lines.filter { $0.hasPrefix("e") && !$0.contains(" -") }.count == 5)
        #expect(text.contains("e1 -.-> e1r0") && text.contains("e1 --> e4"))
        #expect(text.contains("redelivered 2"))
        #expect(text.contains(":::asked") && text.contains(":::failed"))
        let dot = TraceDiagram.text(root, in: .dot)
        #expect(dot.hasPrefix("digraph trace {") && dot.hasSuffix("}\n"))
        #expect(dot.contains("e1 -> e6") && dot.contains("penwidth=3"))
    }

    @Test(
        "no text of an event ends a label, opens a tag or begins a command",
        arguments: [
            "\"] --> x[\"", "\"];x->y[label=\"", "<img src=x onerror=alert(1)>", "a\nclick e1 href",
            "a\\", "\\\"", "#quot;", "&quot;&lt;", "`**bold**`", "1. list", "%%{init: {}}%%",
            "\u{2028}x", "\u{1B}[31m", "end", "a;b|c{d}(e)",
        ]
    )
    func hostile(text: String) throws {
        let (log, sequence) = try Self.log(subject: text)
        let root = try log.views.trace(sequence)
        let (calm, place) = try Self.log(subject: "x")
        let known = try calm.views.trace(place)
        for language in TraceDiagram.Language.allCases {
            let drawn = TraceDiagram.text(root, in: language)
            let plain = TraceDiagram.text(known, in: language)
            // Whatever it says, the drawing has the same lines and the same marks of its language.
            #expect(drawn.split(separator: "\n").count == plain.split(separator: "\n").count)
            let marks: Set<Character> = ["<", ">", "[", "]", "{", "}", "(", ")"]
            if language == .mermaid {
                #expect(
                    drawn.filter { marks.contains($0) } == plain.filter { marks.contains($0) }
                )
                #expect(drawn.count { $0 == "\"" } == plain.count { $0 == "\"" })
            } else {
                // Graphviz's strings end at a quote that no backslash takes away.
                #expect(Self.openQuotes(drawn) == Self.openQuotes(plain))
            }
            #expect(!drawn.unicodeScalars.contains("\u{1B}"))
        }
    }

    /// Quotes that begin or end a string of Graphviz.
    private static func openQuotes(_ text: String) -> Int {
        var count = 0
        var isEscaped = false
        for character in text {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                count += 1
            }
        }
        return count
    }

    @Test("what no drawing has room for is counted")
    func limit() throws {
        let log = try ActionsLedger()
        var last = try log.take(ActionsLedger.order("e", 1, "new", 1, at: 1000))
        let first = last
        let count = 600
        for number in 0..<count {
            var draft = Draft(source: "x", id: "x\(number)", type: "x", kind: .fact)
            let digits = String(first)
            draft[.causationid] = String(repeating: "0", count: 20 - digits.count) + digits
            last = try log.take(draft)
        }
        let text = TraceDiagram.text(try log.views.trace(last), in: .dot)
        let nodes = text.split(separator: "\n").filter { $0.contains("[label=") }.count
        #expect(nodes == TraceDiagram.nodeLimit + 1)
        // One node is the order's, one its row.
        #expect(text.contains("and \(count + 2 - TraceDiagram.nodeLimit) more"))
    }
}
