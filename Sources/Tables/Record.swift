import Bytes

/// One record on its own, each value under its name, as `daybook show` prints it.
package enum Record {
    /// Renders a record: aligned `title: value` lines as a table, one object as JSON.
    ///
    /// `row` has one cell for each column; as a table absent ones are left out. Values are whole,
    /// whatever the terminal's width, so that they can be copied; CSV is a header and a line.
    package static func render(
        columns: [Column],
        row: [Cell],
        format: OutputFormat,
        colour: Bool = false
    ) -> [UInt8] {
        precondition(row.count == columns.count, "a record has one cell for each column")
        var output: [UInt8] = []
        switch format {
        case .table: appendLines(columns, row, Colours(on: colour), to: &output)
        case .json, .ndjson:
            JSONObjects(columns).append(row, to: &output)
            output.append(10)
        case .csv:
            let csv = CSVLines(columns)
            csv.appendHeader(to: &output)
            csv.append(row, to: &output)
        }
        return output
    }

    private static func appendLines(
        _ columns: [Column],
        _ row: [Cell],
        _ colours: Colours,
        to output: inout [UInt8]
    ) {
        let present = zip(columns, row).filter { $0.1 != .absent }
        let titles = present.map { Shown(harmless: TerminalText.harmless($0.0.title) + ":") }
        let widest = titles.reduce(0) { max($0, $1.width) }
        for (title, (_, cell)) in zip(titles, present) {
            let value = TerminalText.harmless(cell.plainText)
            let padding = value.isEmpty ? 0 : widest - title.width + 1
            let line = colours.bold(title.text) + String(repeating: " ", count: padding) + value
            output.append(span: line.utf8Span.span)
            output.append(10)
        }
    }
}
