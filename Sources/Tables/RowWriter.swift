import Bytes

/// Writes rows one after another in the format a person or a program asked for.
///
/// Nothing is held but a buffer and, for a table, its first 200 rows, so a result may be of any
/// length. What is written is UTF-8 that a terminal can take: no value can control it.
package struct RowWriter<Failure: Error> {
    /// Rows given so far.
    package private(set) var count = 0

    private let format: OutputFormat
    private let columnCount: Int
    private let objects: JSONObjects
    private let csv: CSVLines
    private var table: TableRows
    private let onRow: () -> Void
    private let write: ([UInt8]) throws(Failure) -> Void
    private var buffer: [UInt8] = []
    private var hasBegun = false

    /// Prepares rows of `columns`; `write` takes pieces of the output in order.
    ///
    /// `width` is the terminal's in columns, `nil` for no limit; it and `colour` are of use to
    /// tables only. `onRow` is told of each row.
    package init(
        columns: [Column],
        format: OutputFormat,
        width: Int? = nil,
        colour: Bool = false,
        onRow: @escaping () -> Void = {},
        write: @escaping ([UInt8]) throws(Failure) -> Void
    ) {
        self.format = format
        self.onRow = onRow
        self.write = write
        columnCount = columns.count
        objects = JSONObjects(columns)
        csv = CSVLines(columns)
        table = TableRows(columns, width: width, colours: Colours(on: colour))
    }

    /// Adds a row: one cell for each column, in their order.
    package mutating func add(_ row: [Cell]) throws(Failure) {
        precondition(row.count == columnCount, "a row has one cell for each column")
        begin()
        switch format {
        case .table: table.append(row, to: &buffer)
        case .json:
            buffer.append(ascii: count > 0 ? ",\n" : "\n")
            objects.append(row, to: &buffer)
        case .ndjson:
            objects.append(row, to: &buffer)
            buffer.append(10)
        case .csv: csv.append(row, to: &buffer)
        }
        count += 1
        onRow()
        if buffer.count >= Limits.bufferBytes { try writeOut() }
    }

    /// Writes out all rows so far, for a reader who waits for the next one.
    ///
    /// A table settles its widths by them.
    package mutating func flush() throws(Failure) {
        begin()
        if format == .table { table.settle(&buffer) }
        try writeOut()
    }

    /// Ends the output; nothing may be added afterwards.
    ///
    /// Tables only: `footer` is a last line, `noRows` stands for the header if there are no rows.
    package mutating func finish(footer: String? = nil, noRows: String? = nil) throws(Failure) {
        begin()
        switch format {
        case .table:
            table.finish(isEmpty: count == 0, footer: footer, noRows: noRows, to: &buffer)
        case .json: buffer.append(ascii: count > 0 ? "\n]\n" : "]\n")
        case .ndjson, .csv: break
        }
        try writeOut()
    }

    private mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        switch format {
        case .json: buffer.append(91)
        case .csv: csv.appendHeader(to: &buffer)
        case .table, .ndjson: break
        }
    }

    private mutating func writeOut() throws(Failure) {
        guard !buffer.isEmpty else { return }
        try write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
