internal import JSON

/// The members of an admin event's content or meta that are texts or whole numbers, as texts.
///
/// What is no JSON object, or is erased, has none: lists of what happened must not end at it.
enum ContentMembers {
    static func read(_ bytes: [UInt8]?) -> [String: String] {
        guard let bytes else { return [:] }
        var parser = JSONParser()
        do {
            return read(of: try parser.parse(bytes.span))
        } catch {
            return [:]
        }
    }

    private static func read(of value: JSONValue) -> [String: String] {
        var texts: [String: String] = [:]
        var members = value.members
        while let member = members.next() {
            if let text = member.value.scalarText {
                texts[member.name] = text
            } else if member.value.kind == .array {
                texts[member.name] = list(member.value)
            }
        }
        return texts
    }

    private static func list(_ value: JSONValue) -> String {
        var items: [String] = []
        var elements = value.elements
        while let element = elements.next() {
            if let text = element.scalarText { items.append(text) }
        }
        return items.joined(separator: ", ")
    }
}
