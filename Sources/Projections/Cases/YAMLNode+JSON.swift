internal import Bytes
internal import YAML

extension YAMLNode {
    /// The tree as JSON: plain scalars that JSON knows as numbers, booleans or null are those, as
    /// they are written; all others are texts.
    var json: [UInt8] {
        var output: [UInt8] = []
        appendJSON(to: &output)
        return output
    }

    private func appendJSON(to output: inout [UInt8]) {
        switch content {
        case .scalar(let text, let isQuoted):
            switch scalar {
            case .null: output.append(contentsOf: "null".utf8)
            case .boolean(let isTrue):
                output.append(contentsOf: (isTrue ? "true" : "false").utf8)
            default:
                if !isQuoted, JSONNumber.isOne(text.utf8Span.span) {
                    output.append(contentsOf: text.utf8)
                } else {
                    CanonicalJSON.appendString(text, to: &output)
                }
            }
        case .sequence(let nodes):
            output.append(UInt8(ascii: "["))
            for (place, node) in nodes.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                node.appendJSON(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .mapping(let entries):
            output.append(UInt8(ascii: "{"))
            for (place, entry) in entries.enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                CanonicalJSON.appendString(entry.name, to: &output)
                output.append(UInt8(ascii: ":"))
                entry.value.appendJSON(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        }
    }
}

/// The grammar of JSON's numbers (RFC 8259 section 6).
enum JSONNumber {
    static func isOne(_ text: Span<UInt8>) -> Bool {
        var place = 0
        func byte() -> UInt8 { place < text.count ? text[place] : 0 }
        func digits() -> Int {
            let start = place
            while byte() &- UInt8(ascii: "0") < 10 { place += 1 }
            return place - start
        }
        if byte() == UInt8(ascii: "-") { place += 1 }
        let startsWithZero = byte() == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !startsWithZero else { return false }
        if byte() == UInt8(ascii: ".") {
            place += 1
            guard digits() > 0 else { return false }
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            place += 1
            if byte() == UInt8(ascii: "+") || byte() == UInt8(ascii: "-") { place += 1 }
            guard digits() > 0 else { return false }
        }
        return place == text.count
    }
}
