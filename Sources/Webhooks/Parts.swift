internal import JSON
internal import Ledger
internal import YAML

/// Several events in one request: where they are, and how each is named and timed.
struct PartRule: Sendable {
    /// The steps to the parts; a `*` stands for every element.
    let steps: [String]
    let names: EventNames

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["each"] + EventNames.keys)
        let each = try keys.required("each")
        let text = try each.string
        _ = try JSONPointer(text, each)
        // The array itself is named; its elements are meant.
        steps = text.split(separator: "/").map { String($0) } + ["*"]
        names = try EventNames(keys, &headers)
    }
}

/// How an event's id, type, time and subject are found.
struct EventNames: Sendable {
    static let keys = ["id", "type", "time", "subject"]

    let id: [ValueSource]
    let type: [ValueSource]
    let time: [TimeSource]
    let subject: [SubjectRule]

    init(_ keys: YAMLMapping, _ headers: inout HeaderTable) throws(YAMLError) {
        id = try ValueSource.list(try keys.required("id"), &headers)
        type = try ValueSource.list(try keys.required("type"), &headers)
        var time: [TimeSource] = []
        for node in keys["time"]?.oneOrMore ?? [] { time.append(try TimeSource(node, &headers)) }
        self.time = time
        var subject: [SubjectRule] = []
        for node in keys["subject"]?.oneOrMore ?? [] {
            subject.append(try SubjectRule(node, &headers))
        }
        self.subject = subject
    }

    /// What an event of this type is about; `nil` if that cannot be told or is too long.
    func subject(of type: String, _ reader: borrowing ContentReader) -> String? {
        for rule in subject {
            guard let subject = rule.subject(type: type, reader) else { continue }
            return subject.utf8.count <= WebhookLimits.textBytes ? subject : nil
        }
        return nil
    }
}

/// What an event is about, for events of some types.
struct SubjectRule: Sendable {
    /// Patterns in which a `*` stands for any text; none fits all types.
    private let types: [String]
    private let templates: [ValueSource]

    /// Reads a template, or `{ type: GLOB…, is: TEMPLATE… }`.
    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        var templates: [ValueSource] = []
        var types: [String] = []
        if case .mapping = node.content {
            let keys = try node.mapping(allowed: ["type", "is"])
            for node in try keys.required("type").oneOrMore { types.append(try node.string) }
            for node in try keys.required("is").oneOrMore {
                templates.append(try ValueSource.template(node, &headers))
            }
        } else {
            templates.append(try ValueSource.template(node, &headers))
        }
        self.types = types
        self.templates = templates
    }

    /// The subject; `nil` if the rule is for other types or a value is missing.
    func subject(type: String, _ reader: borrowing ContentReader) -> String? {
        guard types.isEmpty || types.contains(where: { globMatches($0, type) }) else { return nil }
        for template in templates {
            if let text = reader.text(template) { return text }
        }
        return nil
    }
}
