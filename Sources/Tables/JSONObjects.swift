import Bytes

/// Writes rows as flat JSON objects (RFC 8259), absent values left out.
///
/// DEL and the C1 controls may stand in JSON strings as they are, but a terminal may obey them, so
/// they are escaped too. Numbers are written in full, also beyond what a double holds exactly.
struct JSONObjects {
    /// `"name":` of every column.
    private let keys: [[UInt8]]

    init(_ columns: [Column]) {
        keys = columns.map { column in
            var key: [UInt8] = []
            Self.append(string: column.name, to: &key)
            key.append(58)
            return key
        }
    }

    func append(_ row: [Cell], to output: inout [UInt8]) {
        output.append(123)
        var isFirst = true
        for (key, cell) in zip(keys, row) {
            if case .absent = cell { continue }
            if !isFirst { output.append(44) }
            isFirst = false
            output.append(span: key.span)
            Self.append(cell, to: &output)
        }
        output.append(125)
    }

    private static func append(_ cell: Cell, to output: inout [UInt8]) {
        switch cell {
        case .text(let text): append(string: text, to: &output)
        case .json(let json): append(json: json.utf8Span.span, to: &output)
        default: _ = cell.appendScalar(to: &output)
        }
    }

    private static func append(string: String, to output: inout [UInt8]) {
        guard needsCare(string.utf8Span.span) else {
            return CanonicalJSON.appendString(string, to: &output)
        }
        var quoted: [UInt8] = []
        CanonicalJSON.appendString(string, to: &quoted)
        append(json: quoted.span, to: &output)
    }

    /// Appends valid JSON as one line: its line breaks are white space, so spaces do as well.
    private static func append(json: Span<UInt8>, to output: inout [UInt8]) {
        for i in json.indices {
            switch json[i] {
            case 10, 13: output.append(32)
            case let byte where byte < 32 && byte != 9 || byte == 0x7f:
                output.append(ascii: "\\u00")
                Hex.append([byte].span, to: &output)
            // C2 80...C2 9F are U+0080...U+009F.
            case 0xc2 where json[i + 1] < 0xa0: output.append(ascii: "\\u00")
            case let byte where byte < 0xa0 && i > 0 && json[i - 1] == 0xc2:
                Hex.append([byte].span, to: &output)
            case let byte: output.append(byte)
            }
        }
    }

    /// Whether there may be DEL or a C1 control; the lead byte C2 has harmless characters as well.
    private static func needsCare(_ utf8: Span<UInt8>) -> Bool {
        for i in utf8.indices where utf8[i] == 0x7f || utf8[i] == 0xc2 { return true }
        return false
    }
}
