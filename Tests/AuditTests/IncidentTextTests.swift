import Bytes
import DaybookTesting
import Ledger
import Projections
import Testing

@testable import Audit

@Suite("The text of an incident report") struct IncidentTextTests {
    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</title></style><b>",
        "&lt;&amp;", "' onclick='x", "]]><!--", "javascript:alert(1)", "a\nb\r\n# c",
        "\u{202E}drawkcab",
        "`|` ``x`` |", "[x](javascript:alert\\(1\\))", "![x](http://evil.example/)", "| --- |",
    ]

    /// A log in which every text that an event can say is hostile.
    private static func log(_ texts: [String]) throws -> (IncidentLog, Timestamp) {
        let log = try IncidentLog()
        let since = log.now
        for (place, text) in texts.enumerated() {
            var call = Draft(
                source: text,
                id: "\(text)\(place)",
                type: text,
                kind: .call,
                outcome: .failed
            )
            for attribute in [
                Attribute.service, .method, .path, .reason, .correlationid, .subject, .authid,
            ] { call[attribute] = text }
            call[.subject] = "order:\(text)"
            try log.take(call, log.order("\(place)", "pending"), log.refused("stripe", text))
        }
        return (log, since)
    }

    @Test("what events and people say is shown in HTML and never obeyed")
    func html() throws {
        let (log, since) = try Self.log(Self.hostile)
        var query = try log.query(Self.hostile[0], since: since)
        query.title = Self.hostile[1]
        let page = try log.text(query)
        for piece in [
            "<script", "<img", "onerror=alert(1)>", "<b>a", "<!--", "\u{202E}",
            "javascript:alert(1)\"",
            "' onclick", "href=\"http", "url(", "@import",
        ] {
            #expect(!page.contains(piece), "\(piece)")
        }
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(page.contains("&amp;lt;&amp;amp;"))
        #expect(page.contains("default-src 'none'"))
        // Every element that is opened is closed: nothing from outside opened one.
        for element in ["table", "tr", "td", "bdi", "span", "p", "svg", "div", "a", "details"] {
            let opened = Self.count("<\(element)>", page) + Self.count("<\(element) ", page)
            #expect(opened == Self.count("</\(element)>", page), "\(element)")
        }
    }

    @Test("in Markdown it stands in code spans that it cannot leave")
    func markdown() throws {
        let (log, since) = try Self.log(Self.hostile)
        var query = try log.query(since: since)
        query.form = .markdown
        let text = try log.text(query)
        #expect(!text.contains("\u{202E}"))
        var isFenced = false
        for line in text.split(separator: "\n") {
            if line.hasPrefix("```") { isFenced.toggle() }
            if isFenced { continue }
            #expect(!line.hasPrefix("# c"))
            let rest = Self.withoutSpans(line)
            for piece in ["<script", "<img", "](", "onerror", "<!--", "<b>"] {
                #expect(!rest.contains(piece), "\(line)")
            }
        }
    }

    @Test("a code span's fence is longer than every run of backticks in it")
    func spans() {
        #expect(ReportMarkdown.span("a") == "`a`")
        #expect(ReportMarkdown.span("a`b") == "`` a`b ``")
        #expect(ReportMarkdown.span("``") == "``` `` ```")
        #expect(ReportMarkdown.span("a\nb") == "`a↵b`")
        #expect(ReportMarkdown.span(" ") == "")
        var chance = SeededChance(seed: 3)
        for _ in 0..<200 {
            let length = Int.random(in: 1...12, using: &chance)
            let text = String((0..<length).map { _ in "`a |".randomElement(using: &chance) ?? "a" })
            let span = ReportMarkdown.span("x\(text)")
            #expect(Self.withoutSpans(span[...]).isEmpty, "\(span)")
        }
    }

    @Test(
        "redacted, it has no text that somebody could have put a name in",
        arguments: IncidentQuery.Form.allCases
    )
    func redacted(form: IncidentQuery.Form) throws {
        let log = try IncidentLog()
        let since = log.now
        var call = log.call("xero", 500, thread: "thread-annabella")
        call[.path] = "/customers/annabella"
        call[.reason] = "annabella did not pay"
        call[.authid] = "annabella"
        call[.subject] = "customer:annabella@example.com"
        var named = log.order("annabella", "processing")
        named[.correlationid] = "thread-annabella"
        var person = AdminEvent.draft(type: "daybook.delivery.paused")
        person.sign(by: .user("annabella"))
        person[.reason] = "annabella is on holiday"
        var fact = Draft(
            source: "annabella@example.com",
            id: "annabella-1",
            type: "annabella left",
            kind: .fact,
            outcome: .failed
        )
        fact[.subject] = "Annabella Smith"
        try log.take(
            named,
            log.payment("pi_annabella", order: "annabella"),
            call,
            person,
            fact,
            log.refused("stripe", "signature-mismatch: annabella sent it"),
            log.refused("stripe", "annabella")
        )
        var query = try log.query(since: since)
        query.subjects = ["*annabella*", "Annabella*"]
        query.isRedacted = true
        query.form = form
        let views = try log.views()
        let report = try log.report(query, views)
        let record = try log.record(
            report,
            views,
            actor: .user("annabella"),
            purpose: "for annabella"
        )
        let text = String(decoding: report.text(record), as: UTF8.self)
        #expect(!text.lowercased().contains("annabella"), "\(Self.around("annabella", text))")
        #expect(text.contains("order #"))
        #expect(text.contains("signature-mismatch"))
        query.isRedacted = false
        let whole = try log.report(query, views)
        let open = String(decoding: whole.text(record), as: UTF8.self)
        #expect(open.contains("annabella@example.com"))
    }

    // MARK: - Helpers

    private static func count(_ piece: String, _ text: String) -> Int {
        text.split(separator: piece, omittingEmptySubsequences: false).count - 1
    }

    /// The 60 characters around each place of a piece.
    private static func around(_ piece: String, _ text: String) -> [String] {
        let parts = text.lowercased().split(separator: piece, omittingEmptySubsequences: false)
        return zip(parts, parts.dropFirst()).map { "\($0.suffix(60))[…]\($1.prefix(60))" }
    }

    /// A line less its code spans, as CommonMark finds them (section 6.1).
    private static func withoutSpans(_ line: Substring) -> String {
        var rest = ""
        var left = line[...]
        while let start = left.firstIndex(of: "`") {
            rest += left[..<start]
            let fence = left[start...].prefix { $0 == "`" }
            var scan = left[fence.endIndex...]
            var end: Substring.Index?
            while let tick = scan.firstIndex(of: "`") {
                let run = scan[tick...].prefix { $0 == "`" }
                if run.count == fence.count {
                    end = run.endIndex
                    break
                }
                scan = scan[run.endIndex...]
            }
            guard let end else {
                rest += fence
                left = left[fence.endIndex...]
                continue
            }
            left = left[end...]
        }
        return rest + left
    }
}
