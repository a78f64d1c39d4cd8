internal import Bytes
internal import JSON

/// Fills in the names of rows.
enum Names {
    /// Appends a name; a list in it stands for one of its members.
    static func fill(
        _ template: PlannedTemplate,
        _ reading: Reading,
        member: Int? = nil,
        _ output: inout [UInt8]
    ) throws(Misfit) {
        let text = template.text
        for part in template.parts {
            switch part {
            case .literal(let start, let end):
                output.append(span: text.span.extracting(start..<end))
            case .value(let operand, let path):
                let value = reading.value(operand)
                if value.kind == .array, let member {
                    try append(reading.member(member), template, path, &output)
                } else {
                    try append(value, template, path, &output)
                }
            }
        }
    }

    private static func append(
        _ value: EventValue,
        _ template: PlannedTemplate,
        _ path: Int,
        _ output: inout [UInt8]
    ) throws(Misfit) {
        switch value.kind {
        case .string where !value.text.isEmpty: output.append(span: value.text)
        // A number with a fraction or an exponent names nothing reliably.
        case .number where ExactDecimal.isInteger(value.text): output.append(span: value.text)
        default:
            let found = value.kind == .string ? "an empty text" : value.finding
            throw Misfit(
                template.line,
                "found \(found) at \(template.paths[path]), expected a text or an integer"
            )
        }
    }

    /// Refuses what cannot be a name.
    static func check(_ bytes: Span<UInt8>, from start: Int, _ line: Int) throws(Misfit) {
        guard bytes.count - start <= ViewKey.longestName else {
            throw Misfit(
                line,
                "found a name of \(bytes.count - start) bytes, expected at most "
                    + "\(ViewKey.longestName)"
            )
        }
        for i in start..<bytes.count where bytes[i] < 0x20 || bytes[i] == 0x7F {
            throw Misfit(line, "found a name with control characters, expected none")
        }
    }

    /// Adds the other names of a row: none if a value is absent, one for each member of a list.
    static func addLinks(
        _ template: PlannedTemplate,
        _ reading: Reading,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        for part in template.parts {
            guard case .value(let operand, _) = part else { continue }
            let value = reading.value(operand)
            if !value.isPresent { return }
            if value.kind == .array, let members = reading.list(operand) {
                for member in members {
                    let start = facts.bytes.count
                    try fill(template, reading, member: member, &facts.bytes)
                    try add(from: start, template.line, &facts)
                }
                return
            }
        }
        let start = facts.bytes.count
        try fill(template, reading, &facts.bytes)
        try add(from: start, template.line, &facts)
    }

    private static func add(
        from start: Int,
        _ line: Int,
        _ facts: inout EventFacts
    ) throws(Misfit) {
        try check(facts.bytes.span, from: start, line)
        facts.links.append(start..<facts.bytes.count)
    }
}
