internal import YAML

/// A header's value, or the members of a list in it that begin with a prefix.
struct HeaderField: Sendable {
    let slot: Int
    private let separator: UInt8?
    /// The beginnings of which the first that fits is taken off; what begins with none is left out.
    private let prefixes: [String]
    private let limit: Int
    /// A member that must be there besides; `nil` for none.
    private let member: String?

    /// Reads a mapping that may have `others` among its keys; `limit` is the most values.
    init(
        _ node: YAMLNode,
        _ headers: inout HeaderTable,
        and others: [String] = [],
        limit: Int = WebhookLimits.signatures
    ) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "separator", "prefix", "with"] + others)
        self.limit = limit
        let name = try keys.required("header")
        slot = try headers.slot(named: try name.string, name)
        if let node = keys["separator"] {
            guard let text = node.text, text.utf8.count == 1 else {
                throw node.mismatch(expected: "one ASCII character")
            }
            separator = text.utf8.first
        } else {
            separator = nil
        }
        member = try keys["with"]?.string
        var prefixes: [String] = []
        for node in keys["prefix"]?.oneOrMore ?? [] { prefixes.append(try node.string) }
        self.prefixes = prefixes.isEmpty ? [""] : prefixes
    }

    /// The first prefix, as a sender writes it.
    var prefix: String { prefixes[0] }
    /// What a sender appends to the last member.
    var suffix: String { member.map { (separatorText ?? "") + $0 } ?? "" }
    /// What stands between the members of a list, if the header is one.
    var separatorText: String? { separator.map { String(UnicodeScalar($0)) } }

    /// The values after the prefix, at most as many as may be compared.
    func values(_ check: borrowing SignatureCheck) throws(Refusal) -> [Substring] {
        let context = check.context
        let text = try context.slots.required(slot, in: context.request, context.table)
        guard let separator else {
            return afterPrefix(text.utf8[...]).map { [$0] } ?? []
        }
        // Bytes, not characters: where a text has combining marks, characters are not what it says.
        var values: [Substring] = []
        var hasMember = member == nil
        var rest = text.utf8[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: separator) ?? rest.endIndex
            let member = rest[..<end].drop { $0 == UInt8(ascii: " ") }
            rest = rest[end...].dropFirst()
            hasMember = hasMember || member.elementsEqual(self.member?.utf8 ?? "".utf8)
            guard let value = afterPrefix(member) else { continue }
            values.append(value)
            if values.count > limit {
                throw Refusal(
                    .malformedSignature,
                    "more than \(limit) signatures in one request"
                )
            }
        }
        guard hasMember else {
            let name = context.table.names[slot]
            throw Refusal(.unknownAlgorithm, "header \(name) has no member \(member ?? "")")
        }
        return values
    }

    private func afterPrefix(_ member: Substring.UTF8View) -> Substring? {
        for prefix in prefixes where member.starts(with: prefix.utf8) {
            return Substring(member.dropFirst(prefix.utf8.count))
        }
        return nil
    }
}
