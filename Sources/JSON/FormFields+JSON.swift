package import Bytes

extension FormFields {
    /// The form as JSON text, so that JSON Pointers lead through it.
    ///
    /// It is an object of the fields, each name once, in the order in which they are first seen. A
    /// value is a string; one that begins with `{` or `[` and is JSON is that JSON, as it is
    /// written. The values of a repeated field are an array. What is not UTF-8 becomes U+FFFD.
    package func jsonText() -> [UInt8] {
        // With room for the object and an array around it, so that the whole is not too deep.
        var parser = JSONParser(maximumDepth: JSONLimits.depth - 2)
        var places: [[UInt8]: Int] = [:]
        var members: [(name: [UInt8], values: [[UInt8]])] = []
        for field in fields {
            // Names that only repairing makes alike are one field as well.
            let name = Self.quoted(field.name)
            let isJSON = Self.isContainer(field.value, &parser)
            let value = isJSON ? field.value : Self.quoted(field.value)
            if let place = places[name] {
                members[place].values.append(value)
            } else {
                places[name] = members.count
                members.append((name, [value]))
            }
        }
        var output: [UInt8] = []
        var separator = UInt8.openingBrace
        for (name, values) in members {
            output.append(separator)
            output += name
            output.append(.colon)
            if values.count > 1 { output.append(.openingBracket) }
            output += values.joined(separator: [.comma])
            if values.count > 1 { output.append(.closingBracket) }
            separator = .comma
        }
        if members.isEmpty { output.append(.openingBrace) }
        output.append(.closingBrace)
        return output
    }

    private static func quoted(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        if UTF8Check.isValid(text.span) {
            CanonicalJSON.appendString(text.span, to: &output)
        } else {
            CanonicalJSON.appendString(String(repairing: text.span), to: &output)
        }
        return output
    }

    /// Whether a value is an object or an array of JSON.
    private static func isContainer(_ value: [UInt8], _ parser: inout JSONParser) -> Bool {
        guard value.first == .openingBrace || value.first == .openingBracket else { return false }
        do throws(JSONError) {
            _ = try parser.parse(value.span)
            return true
        } catch {
            return false
        }
    }
}
