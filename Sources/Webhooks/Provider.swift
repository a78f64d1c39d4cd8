internal import Bytes
internal import Ledger
internal import YAML

/// A provider's entry in the catalog: how it signs, names and times its webhooks.
package final class Provider: Sendable {
    /// The name that sources refer to.
    package let name: String
    /// What it is, in a sentence.
    package let about: String
    /// Other names it goes by.
    let also: [String]
    let headers: HeaderTable
    let scheme: Scheme
    let tolerance: Tolerance?
    /// Whether a body must be JSON.
    let isJSON: Bool
    let id: [ValueSource]
    let type: [ValueSource]
    let time: [TimeSource]
    let subject: [SubjectRule]
    let handshakes: [Handshake]
    /// The status of the answer to an accepted webhook.
    let status: Int

    /// Reads an entry.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "provider", "about", "also", "aliases", "scheme", "tolerance", "content", "id", "type",
            "time", "subject", "handshakes", "status",
        ])
        name = try keys.required("provider").string
        about = try keys.required("about").string
        var also: [String] = []
        for node in keys["also"]?.oneOrMore ?? [] { also.append(try node.string) }
        self.also = also
        var aliases: [HeaderTable.Alias] = []
        for entry in try keys["aliases"]?.mapping.entries ?? [] {
            aliases.append(.init(prefix: entry.name, other: try entry.value.string))
        }
        var headers = HeaderTable(aliases: aliases)
        scheme = try Scheme(try keys.required("scheme"), &headers)
        if let node = keys["tolerance"] {
            tolerance = try Tolerance(node)
            try scheme.requireTime(node)
        } else {
            tolerance = nil
        }
        isJSON = try keys["content"]?.word(of: ["json", "any"]) != "any"
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
        var handshakes: [Handshake] = []
        for node in keys["handshakes"]?.oneOrMore ?? [] { handshakes.append(try Handshake(node)) }
        self.handshakes = handshakes
        status = try keys["status"]?.integer(in: 200...299) ?? 200
        self.headers = headers
    }
}

/// What an event is about, for events of some types.
struct SubjectRule: Sendable {
    /// Patterns in which a `*` stands for any text; none fits all types.
    private let types: [String]
    private let templates: [TextTemplate]

    /// Reads a template, or `{ type: GLOB…, is: TEMPLATE… }`.
    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        var templates: [TextTemplate] = []
        var types: [String] = []
        if case .mapping = node.content {
            let keys = try node.mapping(allowed: ["type", "is"])
            for node in try keys.required("type").oneOrMore { types.append(try node.string) }
            for node in try keys.required("is").oneOrMore {
                templates.append(try TextTemplate(node, &headers))
            }
        } else {
            templates.append(try TextTemplate(node, &headers))
        }
        self.types = types
        self.templates = templates
    }

    /// The subject; `nil` if the rule is for other types or a value is missing.
    func subject(type: String, _ reader: borrowing ContentReader) -> String? {
        guard types.isEmpty || types.contains(where: { globMatches($0, type) }) else { return nil }
        for template in templates {
            if let text = template.fill(reader) { return text }
        }
        return nil
    }
}

/// An unsigned question that a provider asks before it sends.
struct Handshake: Sendable {
    private let method: String
    /// The beginning of header names of which there must be none.
    private let without: String?
    /// A form field that must be there, with digits alone.
    private let field: String?
    let status: Int

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["when", "answer"])
        let when = try keys.required("when").mapping(allowed: ["method", "without", "form"])
        method = try when["method"]?.string ?? "POST"
        without = try when["without"].map { node throws(YAMLError) in
            let pattern = try node.string
            guard pattern.hasSuffix("*") else { throw node.mismatch(expected: "such as x-wc-*") }
            return pattern.dropLast().lowercased()
        }
        field = try when["form"].map { node throws(YAMLError) in
            let entries = try node.mapping.entries
            guard entries.count == 1, entries[0].value.text == "digits" else {
                throw node.error("found another form", expected: "{ NAME: digits }")
            }
            return entries[0].name
        }
        let answer = try keys.required("answer").mapping(allowed: ["status"])
        status = try answer.required("status").integer(in: 200...299)
    }

    /// Whether a request is this question.
    func matches(_ request: borrowing InboundRequest) -> Bool {
        guard request.method == method, request.body.count <= 256 else { return false }
        if let without {
            guard !request.headers.contains(where: { $0.name.lowercased().hasPrefix(without) })
            else { return false }
        }
        guard let field else { return true }
        let name = Array("\(field)=".utf8)
        let value = request.body.dropFirst(name.count)
        return request.body.starts(with: name) && !value.isEmpty
            && value.allSatisfy { $0 &- 0x30 < 10 }
    }
}
