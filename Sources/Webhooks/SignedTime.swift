internal import Bytes
internal import JSON
internal import YAML

/// A time that is signed along: in a header, in a member of one, or in the body.
struct SignedTime: Sendable {
    private enum Place: Sendable {
        case header(HeaderField)
        case body(JSONPointer)
    }

    private let place: Place
    let format: TimeFormat

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        if let pointer = node["body"] {
            _ = try node.mapping(allowed: ["body", "as"])
            place = .body(try JSONPointer(try pointer.string, pointer))
        } else {
            place = .header(try HeaderField(node, &headers, and: ["as"]))
        }
        format = try TimeFormat(node["as"])
    }

    /// The header that has it; `nil` if the body does.
    var field: HeaderField? {
        if case .header(let field) = place { field } else { nil }
    }

    /// The text as it is signed, and the moment it means.
    func read(_ check: borrowing SignatureCheck) throws(Refusal) -> (String, Timestamp) {
        let values: [String]
        let name: String
        switch place {
        case .header(let field):
            values = try field.values(check).map { String($0) }
            name = "header \(check.context.table.names[field.slot])"
        case .body(let pointer):
            values = Self.text(at: pointer, in: check.context.request.body).map { [$0] } ?? []
            name = "the body at \(pointer)"
        }
        guard values.count == 1, let time = format.read(values[0]) else {
            throw Refusal(
                .malformedTimestamp,
                values.isEmpty
                    ? "\(name) has no time"
                    : "the signed time is not one \(format.rawValue) time"
            )
        }
        return (values[0], time)
    }

    private static func text(at pointer: JSONPointer, in body: [UInt8]) -> String? {
        var parser = JSONParser()
        guard let value = try? parser.parse(body.span) else { return nil }
        return value.at(pointer)?.scalarText
    }
}
