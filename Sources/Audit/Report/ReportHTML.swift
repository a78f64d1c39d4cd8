internal import Bytes
internal import Digest

/// Writes a report as one HTML page that needs nothing but itself: no script, no network.
struct ReportHTML {
    private var html = ""
    /// Events that have a place in the page to which others can point.
    private var anchors: Set<UInt64> = []

    /// The digest of the one style sheet that the page allows (CSP Level 3, section 2.3.1).
    private static let styleHash = SHA256.hash(ReportStyle.css.utf8Span.span).withSpan {
        Base64.encode($0)
    }

    /// The page's text.
    static func page(_ document: ReportDocument) -> String {
        var page = ReportHTML()
        page.findAnchors(document)
        page.write(document)
        return page.html
    }

    private mutating func findAnchors(_ document: ReportDocument) {
        for case .table(let table) in document.blocks {
            anchors.formUnion(table.rows.compactMap(\.anchor))
        }
    }

    private mutating func write(_ document: ReportDocument) {
        let title = HTMLText.escape(Self.plain(document.title))
        html += """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'sha256-\(Self.styleHash)'">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>\(ReportStyle.css)</style>
            </head>
            <body>
            <main>
            <header>
            <p class="kicker">\(HTMLText.escape(document.kicker))</p>
            <h1>\(text(document.title))</h1>
            <p class="subtitle">\(text(document.subtitle))</p>
            </header>

            """
        contents(document)
        for block in document.blocks { write(block) }
        html += "<footer>\(text(document.colophon))</footer>\n</main>\n</body>\n</html>\n"
    }

    private mutating func contents(_ document: ReportDocument) {
        html += "<nav aria-label=\"Contents\"><ol>"
        for case .heading(let title, let id) in document.blocks {
            html += "<li><a href=\"#\(id)\">\(HTMLText.escape(title))</a></li>"
        }
        html += "</ol></nav>\n"
    }

    private mutating func write(_ block: ReportBlock) {
        switch block {
        case .heading(let title, let id):
            html += "<h2 id=\"\(id)\">\(HTMLText.escape(title))</h2>\n"
        case .subheading(let title): html += "<h3>\(HTMLText.escape(title))</h3>\n"
        case .paragraph(let words): html += "<p>\(text(words))</p>\n"
        case .figures(let figures): write(figures)
        case .table(let table): write(table)
        case .charts(let charts): write(charts)
        case .list(let items):
            html += "<ul>" + items.map { "<li>\(text($0))</li>" }.joined() + "</ul>\n"
        case .blank(let prompt):
            html += "<div class=\"blank\"><span>\(HTMLText.escape(prompt))</span></div>\n"
        case .terms(let terms):
            html += "<dl>"
            for term in terms {
                html += "<dt>\(HTMLText.escape(term.name))</dt><dd>\(text(term.text))</dd>"
            }
            html += "</dl>\n"
        case .details(let summary, let tables):
            html += "<details><summary>\(HTMLText.escape(summary))</summary>\n"
            for table in tables { write(table) }
            html += "</details>\n"
        }
    }

    private mutating func write(_ figures: [ReportBlock.Figure]) {
        html += "<div class=\"figures\">"
        for figure in figures {
            html += "<div class=\"figure \(figure.tone.rawValue)\">"
            html += "<b>\(HTMLText.escape(figure.value))</b>"
            html += "<span>\(HTMLText.escape(figure.label))</span>"
            html += "<small>\(HTMLText.escape(figure.remark))</small></div>"
        }
        html += "</div>\n"
    }

    private mutating func write(_ table: ReportTable) {
        guard !table.rows.isEmpty else {
            html += "<p class=\"none\">\(HTMLText.escape(table.empty))</p>\n"
            return
        }
        html += "<div class=\"scroll\"><table><thead><tr>"
        let kinds = table.columns.map { column in
            column.isNumber
                ? " class=\"n\""
                : column.isNarrow
                    ? " class=\"w\"" : column.isWide ? " class=\"b\"" : ""
        }
        for (column, kind) in zip(table.columns, kinds) {
            html += "<th scope=\"col\"\(kind)>\(HTMLText.escape(column.title))</th>"
        }
        html += "</tr></thead><tbody>\n"
        for row in table.rows {
            let anchor = row.anchor.map { " id=\"e\($0)\"" } ?? ""
            html += "<tr\(anchor)\(row.isBad ? " class=\"bad\"" : "")>"
            for (cell, kind) in zip(row.cells, kinds) { html += "<td\(kind)>\(text(cell))</td>" }
            html += "</tr>\n"
        }
        html += "</tbody></table></div>\n"
        if !table.footer.isEmpty { html += "<p class=\"below\">\(text(table.footer))</p>\n" }
    }

    private mutating func write(_ charts: [ReportChart]) {
        html += "<div class=\"charts\">\n"
        for chart in charts {
            html += "<figure class=\"chart\"><figcaption><b>\(HTMLText.escape(chart.title))</b>"
            html += "<span>\(HTMLText.escape(chart.unit))</span></figcaption>\n"
            if chart.isEmpty {
                html += "<p class=\"none\">\(HTMLText.escape(chart.empty))</p>"
            } else {
                html += ChartDrawing.svg(chart)
                legend(chart)
            }
            html += "</figure>\n"
        }
        html += "</div>\n<p class=\"below\"><i class=\"shade\"></i> the time of the report"
        if let mark = charts.lazy.compactMap({ $0.mark }).first {
            html += "  <i class=\"pin\">▼</i> \(HTMLText.escape(mark.name))"
        }
        html += "</p>\n"
    }

    private mutating func legend(_ chart: ReportChart) {
        html += "\n<p class=\"legend\">"
        let letter = chart.form == .columns ? "k" : "m"
        for (place, series) in chart.series.enumerated() {
            html += "<span><i class=\"\(letter)\(place + 1)\"></i>\(HTMLText.escape(series.name))"
            html += " <em>\(HTMLText.escape(series.remark))</em></span>"
        }
        html += "</p>"
    }

    // MARK: - Text

    private func text(_ words: [ReportText]) -> String {
        words.map(text).joined()
    }

    private func text(_ word: ReportText) -> String {
        switch word {
        case .plain(let text): HTMLText.escape(text)
        case .strong(let text): "<strong>\(HTMLText.escape(text))</strong>"
        case .faint(let text): "<span class=\"faint\">\(HTMLText.escape(text))</span>"
        case .said(let text): "<bdi>\(HTMLText.escape(text))</bdi>"
        case .aside(let text): "<bdi class=\"faint\">\(HTMLText.escape(text))</bdi>"
        case .code(let text): "<code>\(HTMLText.escape(text))</code>"
        case .event(let sequence):
            anchors.contains(sequence)
                ? "<a href=\"#e\(sequence)\">\(sequence)</a>" : String(sequence)
        case .tag(let text, let tone):
            "<span class=\"tag \(tone.rawValue)\">\(HTMLText.escape(text))</span>"
        case .lineBreak: "<br>"
        }
    }

    /// The words alone, for the page's title.
    private static func plain(_ words: [ReportText]) -> String {
        words.map { word in
            switch word {
            case .plain(let text), .strong(let text), .faint(let text), .said(let text),
                .aside(let text), .code(let text), .tag(let text, _):
                text
            case .event(let sequence): String(sequence)
            case .lineBreak: " "
            }
        }.joined()
    }
}
