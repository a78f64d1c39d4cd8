internal import Bytes
internal import YAML

/// A time that is signed along, in a header or a member of one.
struct SignedTime: Sendable {
    private let field: HeaderField
    private let format: TimeFormat

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        field = try HeaderField(node, &headers, and: ["as"])
        format = try TimeFormat(node["as"])
    }

    /// The text as it is signed, and the moment it means.
    func read(_ check: borrowing SignatureCheck) throws(Refusal) -> (String, Timestamp) {
        let values = try field.values(check)
        guard values.count == 1, let time = format.read(String(values[0])) else {
            throw Refusal(
                .malformedTimestamp,
                values.isEmpty
                    ? "header \(check.table.names[field.slot]) has no time"
                    : "the signed time is not one \(format.rawValue) time"
            )
        }
        return (String(values[0]), time)
    }
}
