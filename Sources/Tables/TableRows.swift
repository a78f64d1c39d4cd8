import Bytes

/// Writes rows as aligned columns, with widths chosen from the first rows and then kept.
struct TableRows {
    private let columns: [Column]
    private let width: Int?
    private let colours: Colours
    /// The first rows, until there is a layout.
    private var window: [[Shown]] = []
    private var layout: TableLayout?

    init(_ columns: [Column], width: Int?, colours: Colours) {
        self.columns = columns
        self.width = width.map { max(1, $0) }
        self.colours = colours
    }

    mutating func append(_ row: [Cell], to output: inout [UInt8]) {
        let shown = row.map { Shown(harmless: TerminalText.harmless($0.plainText)) }
        if let layout {
            return append(line(shown, layout), to: &output)
        }
        window.append(shown)
        if window.count == Limits.windowRows { settle(&output) }
    }

    /// Chooses the widths by the rows so far, unless they are chosen, and writes header and rows.
    mutating func settle(_ output: inout [UInt8]) {
        guard self.layout == nil else { return }
        let titles = columns.map { Shown(harmless: TerminalText.harmless($0.title)) }
        let natural = columns.indices.map { i in
            window.reduce(titles[i].width) { max($0, $1[i].width) }
        }
        let layout = TableLayout(columns, natural: natural, width: width)
        self.layout = layout
        append(colours.bold(line(titles, layout)), to: &output)
        for row in window { append(line(row, layout), to: &output) }
        window = []
    }

    /// Ends the table: `noRows` takes the place of the header if there are none.
    mutating func finish(
        isEmpty: Bool,
        footer: String?,
        noRows: String?,
        to output: inout [UInt8]
    ) {
        if isEmpty, let noRows {
            append(remark: noRows, to: &output)
        } else {
            settle(&output)
        }
        if let footer { append(remark: footer, to: &output) }
        guard let hidden = layout?.hidden, !hidden.isEmpty else { return }
        let names = hidden.map { columns[$0].title }.joined(separator: ", ")
        append(remark: "too narrow for: " + names, to: &output)
    }

    private func append(remark: String, to output: inout [UInt8]) {
        let text = TerminalText.harmless(remark)
        append(colours.dim(TerminalText.shortened(text, to: width ?? .max)), to: &output)
    }

    private func append(_ line: String, to output: inout [UInt8]) {
        output.append(span: line.utf8Span.span)
        output.append(10)
    }

    /// Lays out one line; a value that is too wide for its column pushes the next ones to the right
    /// as far as they can be shortened.
    private func line(_ cells: [Shown], _ layout: TableLayout) -> String {
        var line = ""
        var position = 0
        for place in layout.places where cells[place.column].width > 0 {
            let column = columns[place.column]
            var start = position == 0 ? place.start : max(place.start, position + Limits.gap)
            let room = room(place, of: layout, from: start)
            let cell = cells[place.column]
                .shortened(to: room, at: column.shrinking == .middle ? .middle : .end)
            if column.alignment == .right { start = max(start, place.end - cell.width) }
            line += String(repeating: " ", count: start - position) + cell.text
            position = start + cell.width
        }
        return line
    }

    /// How wide a value may be that starts at `start`.
    private func room(_ place: TableLayout.Place, of layout: TableLayout, from start: Int) -> Int {
        let column = columns[place.column]
        guard let width else { return .max }
        let most = width - start - place.reserve
        if place.isLast || column.shrinking == .keep { return most }
        // Pushed by a wide value, a column keeps its width as long as the line has room to spare.
        let pushed = min(place.width, place.end + layout.slack - start)
        return min(most, max(pushed, Limits.minimumColumn))
    }
}
