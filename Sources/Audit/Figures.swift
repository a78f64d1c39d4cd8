internal import Bytes
internal import JSON

/// A figure of a report under the name that its place in the report's JSON gives it:
/// `totals.amounts EUR payments net.sum`.
package struct Figure: Hashable, Sendable {
    package let name: String
    /// A number as its digits, a text as it is.
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// The figures of a report's JSON, for people to read and for two reports to be compared by.
package enum Figures {
    /// Members that are figures though they are texts: decimals do not fit JSON's numbers.
    private static let textFigures: Set<String> = ["amount", "highest", "lowest", "sum"]

    /// Every scalar of a document, in its order.
    ///
    /// An object of a list is named by its own texts: `types accepted stripe charge.refunded`.
    package static func list(_ json: Span<UInt8>) throws -> [Figure] {
        var parser = JSONParser()
        return try list(of: parser.parse(json))
    }

    private static func list(of value: JSONValue) -> [Figure] {
        var figures: [Figure] = []
        append(value, named: "", to: &figures)
        return figures
    }

    private static func append(
        _ value: JSONValue,
        named name: String,
        to figures: inout [Figure]
    ) {
        switch value.kind {
        case .object:
            var members = value.members
            while let member = members.next() {
                let inner = name.isEmpty ? member.name : "\(name).\(member.name)"
                append(member.value, named: inner, to: &figures)
            }
        case .array:
            var elements = value.elements
            while let element = elements.next() {
                appendElement(element, of: name, to: &figures)
            }
        default: figures.append(Figure(name: name, value: text(value)))
        }
    }

    private static func appendElement(
        _ element: JSONValue,
        of name: String,
        to figures: inout [Figure]
    ) {
        guard element.kind == .object else {
            append(element, named: name, to: &figures)
            return
        }
        var label = name
        var members = element.members
        while let member = members.next() {
            guard !textFigures.contains(member.name), let text = member.value.string else {
                continue
            }
            label += " \(text)"
        }
        members = element.members
        while let member = members.next() {
            if member.value.kind == .string, !textFigures.contains(member.name) { continue }
            append(member.value, named: "\(label).\(member.name)", to: &figures)
        }
    }

    private static func text(_ value: JSONValue) -> String {
        value.scalarText ?? value.bool.map { "\($0)" } ?? value.double.map { "\($0)" } ?? "null"
    }
}
