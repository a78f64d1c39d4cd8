/// A JSON object as text, whose members are added in the order of JCS (RFC 8785).
package struct CanonicalObject {
    private var text: [UInt8] = []

    /// Starts without members.
    package init() {}

    /// Adds a member that is a string; none for `nil`.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        begin(name)
        CanonicalJSON.appendString(value, to: &text)
    }

    /// Adds a member that is a number; none for `nil`.
    package mutating func add(_ name: String, _ number: UInt64?) {
        guard let number else { return }
        begin(name)
        Decimal.append(number, to: &text)
    }

    /// Adds a member that is a list of numbers.
    package mutating func add(_ name: String, _ numbers: [UInt64]) {
        begin(name)
        text.append(ascii: "[")
        for (index, number) in numbers.enumerated() {
            if index > 0 { text.append(ascii: ",") }
            Decimal.append(number, to: &text)
        }
        text.append(ascii: "]")
    }

    /// Adds a member that is a list of texts.
    package mutating func add(_ name: String, texts: [String]) {
        begin(name)
        text.append(ascii: "[")
        for (index, item) in texts.enumerated() {
            if index > 0 { text.append(ascii: ",") }
            CanonicalJSON.appendString(item, to: &text)
        }
        text.append(ascii: "]")
    }

    /// Adds a member that is a list of fields, each a list of its name and its value.
    package mutating func add(_ name: String, _ fields: [(name: String, value: String)]) {
        begin(name)
        text.append(ascii: "[")
        for (index, field) in fields.enumerated() {
            text.append(ascii: index > 0 ? ",[" : "[")
            CanonicalJSON.appendString(field.name, to: &text)
            text.append(ascii: ",")
            CanonicalJSON.appendString(field.value, to: &text)
            text.append(ascii: "]")
        }
        text.append(ascii: "]")
    }

    /// Adds a member that is an object.
    package mutating func add(_ name: String, _ object: CanonicalObject) {
        begin(name)
        text.append(contentsOf: object.bytes)
    }

    /// Adds a member whose value is canonical JSON already.
    package mutating func add(_ name: String, json value: [UInt8]) {
        begin(name)
        text.append(contentsOf: value)
    }

    /// The object with the members added so far.
    package var bytes: [UInt8] { (text.isEmpty ? [UInt8(ascii: "{")] : text) + [UInt8(ascii: "}")] }

    private mutating func begin(_ name: String) {
        text.append(ascii: text.isEmpty ? "{" : ",")
        CanonicalJSON.appendString(name, to: &text)
        text.append(ascii: ":")
    }
}
