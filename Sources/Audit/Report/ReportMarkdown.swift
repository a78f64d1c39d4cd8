internal import Bytes
internal import Tables

/// Writes a report as Markdown (CommonMark with GitHub's tables).
///
/// What events and people say stands in code spans, in which nothing is obeyed; our own words are
/// plain.
struct ReportMarkdown {
    private var markdown = ""

    /// The document's text.
    static func text(_ document: ReportDocument) -> String {
        var writer = ReportMarkdown()
        writer.write(document)
        return writer.markdown
    }

    private mutating func write(_ document: ReportDocument) {
        markdown += "# \(text(document.title))\n\n\(escape(document.kicker))  \n"
        markdown += "\(text(document.subtitle))\n"
        for block in document.blocks { write(block) }
        markdown += "\n---\n\n\(text(document.colophon))\n"
    }

    private mutating func write(_ block: ReportBlock) {
        markdown += "\n"
        switch block {
        case .heading(let title, _): markdown += "## \(escape(title))\n"
        case .subheading(let title): markdown += "### \(escape(title))\n"
        case .paragraph(let words): markdown += "\(text(words))\n"
        case .figures(let figures):
            write(
                ReportTable(
                    columns: [.number("figure"), .text("what"), .text("remark")],
                    rows: figures.map { figure in
                        .init(cells: [
                            [.strong(figure.value)], [.plain(figure.label)],
                            [.plain(figure.remark)],
                        ])
                    }
                )
            )
        case .table(let table): write(table)
        case .charts(let charts): for chart in charts { write(chart) }
        case .list(let items): for item in items { markdown += "- \(text(item))\n" }
        case .blank(let prompt): markdown += "> ✎ _\(escape(prompt))_\n"
        case .terms(let terms):
            for term in terms { markdown += "- \(escape(term.name)): \(text(term.text))\n" }
        case .details(let summary, let tables):
            markdown += "**\(escape(summary))**\n"
            for table in tables {
                markdown += "\n"
                write(table)
            }
        }
    }

    private mutating func write(_ table: ReportTable) {
        guard !table.rows.isEmpty else {
            markdown += "_\(escape(table.empty))_\n"
            return
        }
        let titles = table.columns.map { column in
            (column.isSaid ? Self.span(column.title) : escape(column.title))
                .replacing("|", with: "\\|")
        }
        markdown += "| " + titles.joined(separator: " | ") + " |\n"
        markdown += "|" + table.columns.map { $0.isNumber ? " ---: |" : " --- |" }.joined() + "\n"
        for row in table.rows {
            let cells = row.cells.map { text($0).replacing("|", with: "\\|") }
            markdown += "| " + cells.joined(separator: " | ") + " |\n"
        }
        if !table.footer.isEmpty { markdown += "\n\(text(table.footer))\n" }
    }

    /// A line of blocks for each series: what a drawing would show.
    private mutating func write(_ chart: ReportChart) {
        markdown += "**\(escape(chart.title))** (\(escape(chart.unit)))\n\n"
        guard !chart.isEmpty else {
            markdown += "_\(escape(chart.empty))_\n\n"
            return
        }
        let width =
            chart.series.map { TerminalText.width(TerminalText.harmless($0.name)) }.max() ?? 0
        markdown += "```text\n"
        for series in chart.series {
            let name = TerminalText.harmless(series.name).replacing("`", with: "'")
            let pad = String(repeating: " ", count: width - TerminalText.width(name))
            let remark = TerminalText.harmless(series.remark).replacing("`", with: "'")
            markdown += "\(name)\(pad)  \(Self.blocks(series.values, chart))  \(remark)\n"
        }
        let pad = String(repeating: " ", count: width)
        markdown += "\(pad)  \(Self.stretch(chart))\n```\n"
        markdown += "\(escape(chart.buckets.time(0).short)) to "
        markdown += "\(escape(chart.buckets.end.short)); each sign is "
        markdown += "\(escape(chart.buckets.widthText)), the incident is underlined.\n\n"
    }

    private static func blocks(_ values: [Int64?], _ chart: ReportChart) -> String {
        let signs = Array("▁▂▃▄▅▆▇█")
        let axis: ChartAxis
        switch chart.form {
        case .columns: axis = ChartAxis(counts: max(1, values.compactMap { $0 }.max() ?? 1))
        case .lines: axis = ChartAxis(durations: 0...max(1, chart.greatest))
        }
        return String(
            values.map { value in
                guard let value, value > 0 || chart.form == .lines else { return "·" }
                return signs[Int(axis.height(of: value, within: 7))]
            }
        )
    }

    private static func stretch(_ chart: ReportChart) -> String {
        String(
            (0..<chart.buckets.count).map { bucket in
                let start = chart.buckets.time(bucket).microseconds
                let isIn =
                    start < chart.stretch.upperBound
                    && start + chart.buckets.width > chart.stretch.lowerBound
                return isIn ? "▔" : " "
            }
        )
    }

    // MARK: - Text

    private func text(_ words: [ReportText]) -> String {
        words.map(text).joined()
    }

    private func text(_ word: ReportText) -> String {
        switch word {
        case .plain(let text), .faint(let text): escape(text)
        case .strong(let text): text.isEmpty ? "" : "**\(escape(text))**"
        case .said(let text), .aside(let text), .code(let text): Self.span(text)
        case .event(let sequence): String(sequence)
        case .tag(let text, _): escape(text)
        case .lineBreak: "<br>"
        }
    }

    /// A code span: its fence is longer than any run of backticks within.
    static func span(_ text: String) -> String {
        let harmless = TerminalText.harmless(text)
        guard harmless.contains(where: { $0 != " " }) else { return "" }
        var longest = 0
        var run = 0
        for character in harmless.unicodeScalars {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: longest + 1)
        return longest == 0 ? fence + harmless + fence : "\(fence) \(harmless) \(fence)"
    }

    private func escape(_ text: String) -> String {
        var escaped = ""
        for character in TerminalText.harmless(text).unicodeScalars {
            if "\\`*_[]<>#~&".unicodeScalars.contains(character) { escaped += "\\" }
            escaped.unicodeScalars.append(character)
        }
        return escaped
    }
}
