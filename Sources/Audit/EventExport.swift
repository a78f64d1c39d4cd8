internal import Bytes
internal import Digest
internal import JSON
package import Ledger
internal import Tables

/// Events as plain files for other programs: easy to read, and proving nothing by themselves.
package struct EventExport: Sendable {
    /// The form of the file.
    package enum Form: String, Sendable {
        /// One row an event, every attribute a column (RFC 4180).
        case csv
        /// One CloudEvent in JSON a line (CloudEvents JSON format 1.0), with its content.
        case cloudevents
    }

    /// Which events.
    package let selection: EventSelection
    package let form: Form

    package init(_ selection: EventSelection, _ form: Form) {
        self.selection = selection
        self.form = form
    }

    /// The request as one line of text: what the log records, and `rerun` reads.
    package var text: String { "\(selection.text) | as=\(form.rawValue)" }

    /// Reads what `text` gives; `nil` if it is another report's.
    package init?(text: String) throws(AuditProblem) {
        let words = text.split(separator: " ")
        guard words.count >= 2, words[words.count - 2] == "|", let word = words.last,
            word.hasPrefix("as="), let form = Form(rawValue: String(word.dropFirst(3)))
        else { return nil }
        self.init(try EventSelection(text: words.dropLast(2).joined(separator: " ")), form)
    }

    /// How many events the file holds.
    package func count(in snapshot: borrowing Snapshot, size: UInt64) throws -> UInt64 {
        var count: UInt64 = 0
        try selection.forEach(in: snapshot, size: size) { _, _ in
            count += 1
            return true
        }
        return count
    }

    /// Gives the file in pieces to `write`.
    package func write(
        in snapshot: borrowing Snapshot,
        size: UInt64,
        to write: @escaping ([UInt8]) throws -> Void
    ) throws {
        switch form {
        case .csv: try writeRows(snapshot, size, write)
        case .cloudevents: try writeEvents(snapshot, size, write)
        }
    }

    private func writeRows(
        _ snapshot: borrowing Snapshot,
        _ size: UInt64,
        _ write: @escaping ([UInt8]) throws -> Void
    ) throws {
        let attributes = Self.columns
        var writer = RowWriter<any Error>(
            columns: attributes.map { Column($0.name) } + [Column("leafhash")],
            format: .csv,
            write: write
        )
        try selection.forEach(in: snapshot, size: size) { sequence, line in
            var row: [Cell] = []
            for attribute in attributes {
                if attribute == .sequence {
                    row.append(.unsigned(sequence))
                } else if attribute.isInteger {
                    row.append(line.integer(attribute).map { .unsigned($0) } ?? .absent)
                } else {
                    row.append(line.text(attribute).map { .text($0) } ?? .absent)
                }
            }
            row.append(.text(SHA256.leaf(line.bytes).description))
            try writer.add(row)
            return true
        }
        try writer.finish()
    }

    /// What people look for first comes first, then the rest by name.
    private static let columns: [Attribute] = {
        let first: [Attribute] = [
            .sequence, .recordedtime, .time, .source, .type, .kind, .outcome, .subject, .id,
        ]
        return first + Attribute.allCases.filter { !first.contains($0) }
    }()

    private func writeEvents(
        _ snapshot: borrowing Snapshot,
        _ size: UInt64,
        _ write: ([UInt8]) throws -> Void
    ) throws {
        var text: [UInt8] = []
        var parser = JSONParser()
        let range = try selection.range(in: snapshot, size: size)
        var events = try snapshot.events(in: range)
        while try events.next() {
            guard selection.query.matches(events.line) else { continue }
            Self.append(events.line, events.body, &parser, to: &text)
            if text.count > 1 << 16 {
                try write(text)
                text.removeAll(keepingCapacity: true)
            }
        }
        try write(text)
    }

    /// The line with its content as a further member: `data` for JSON, else `data_base64`.
    private static func append(
        _ line: borrowing Line,
        _ record: Span<UInt8>?,
        _ parser: inout JSONParser,
        to text: inout [UInt8]
    ) {
        let bytes = line.bytes
        guard let record, let layout = BodyLayout(record) else {
            text.append(span: bytes)
            return text.append(0x0a)
        }
        text.append(span: bytes.extracting(..<(bytes.count - 1)))
        let content = record.extracting(layout.content)
        if isJSON(content, &parser) {
            text.append(ascii: ",\"data\":")
            // In JSON a line break can only stand between tokens.
            for i in content.indices {
                let byte = content[i]
                text.append(byte == 0x0a || byte == 0x0d ? 0x20 : byte)
            }
        } else {
            text.append(ascii: ",\"data_base64\":\"")
            Base64.append(content, to: &text)
            text.append(ascii: "\"")
        }
        text.append(ascii: "}\n")
    }

    private static func isJSON(_ content: Span<UInt8>, _ parser: inout JSONParser) -> Bool {
        do throws(JSONError) {
            _ = try parser.parse(content)
            return true
        } catch {
            return false
        }
    }
}
