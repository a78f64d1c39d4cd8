internal import Bytes
internal import JSON
internal import Ledger
internal import YAML

/// Reads the events that a case is given, by provider shape.
///
/// An event says attributes of its line (`provider`, `type`, …; `id`, `kind`, `outcome` and
/// `source` have defaults), `recorded`, and its body: `body` as a tree that becomes JSON, or `raw`
/// as a text, or `request` and `response` of a call, with `headers`, of which Content-Type says
/// what a `raw` text is; `erased: true` takes the body away.
///
/// One of several events that came in one request says `part`, a JSON Pointer to what of the body
/// it is: `{ provider: xero, type: INVOICE.UPDATE, part: /events/0, body: { events: […] } }`. It is
/// a fact then; `body` or `raw`, `headers` and `erased` are those of the whole request, which is
/// not folded itself.
struct GivenReader {
    /// A day's first second, from which events without `recorded` are recorded a second each.
    private static let start: Int64 = 1_795_219_200_000_000

    /// The attributes that an event may say, by their names in the file.
    private static let attributes = EventAttribute.allCases.filter { $0 != .recordedtime }
    private static let content = ["body", "raw", "request", "response"]
    static let keys =
        attributes.map(\.rawValue) + ["recorded", "headers", "erased", "part"] + content

    /// Reads an event; `place` counts from 0.
    static func event(
        _ node: YAMLNode,
        place: Int
    ) throws(YAMLError) -> (event: GivenEvent, recorded: Int64) {
        let keys = try node.mapping(allowed: Self.keys)
        var attributes = try written(keys)
        let part = try part(keys)
        attributes[.part] = part.map { .text($0) }
        let said = attributes[.kind].flatMap { Kind(rawValue: $0.text) }
        let kind = said ?? (part == nil ? .webhook : .fact)
        let outcome = attributes[.outcome].flatMap { Outcome(rawValue: $0.text) } ?? kind.outcome
        attributes[.kind] = .text(kind.rawValue)
        if attributes[.id] == nil { attributes[.id] = .text("e\(place + 1)") }
        if attributes[.type] == nil {
            guard let type = kind.type else { throw node.error("missing key \"type\"") }
            attributes[.type] = .text(type)
        }
        if attributes[.source] == nil {
            guard let source = attributes[.provider] ?? attributes[.service] else {
                throw node.error(
                    "missing key \"source\"",
                    expected: "\"provider\", \"service\" or \"source\""
                )
            }
            attributes[.source] = source
        }
        let recorded =
            try keys["recorded"]?.moment(Self.timeForm) ?? start + Int64(place) * 1_000_000
        attributes[.recordedtime] = .text(Timestamp(microseconds: recorded).rfc3339)
        let headers = try headers(keys["headers"])
        // As intake does.
        if let type = headers.first(where: { $0.name.lowercased() == "content-type" })?.value,
            type.utf8.count <= DefinitionLimits.textLength
        {
            attributes[.datacontenttype] = .text(type)
        }
        let (body, content) = try body(keys, headers)
        let isErased = try keys["erased"]?.boolean ?? false
        if part != nil, body == nil, !isErased {
            throw node.error("missing key \"body\"", expected: "the body that it is part of")
        }
        // Attributes are so short that a line of the log can hold them all.
        let event = GivenEvent(
            attributes,
            outcome: outcome,
            body: isErased ? body ?? GivenBody.seal([], headers: [], lengths: nil) : body,
            content: content,
            isErased: isErased
        )
        return (event, recorded)
    }

    static let timeForm = "a time such as 2026-11-21T10:00:00Z"

    /// The attributes that are said.
    private static func written(
        _ keys: YAMLMapping
    ) throws(YAMLError) -> [Attribute: GivenEvent.AttributeValue] {
        var attributes: [Attribute: GivenEvent.AttributeValue] = [:]
        for attribute in Self.attributes {
            guard let node = keys[attribute.rawValue] else { continue }
            let value: GivenEvent.AttributeValue
            switch attribute {
            case .kind: value = .text(try node.word(of: Kind.allCases.map(\.rawValue)))
            case .outcome: value = .text(try node.word(of: Outcome.allCases.map(\.rawValue)))
            case .time:
                let time = try node.moment(timeForm)
                value = .text(Timestamp(microseconds: time).short)
            case _ where attribute.attribute.isInteger:
                value = .number(UInt64(try node.integer(in: 0...Int(Int32.max))))
            default: value = .text(try node.keptText("a text"))
            }
            attributes[attribute.attribute] = value
        }
        return attributes
    }

    /// The pointer of an event that is part of another; `nil` for one that is not.
    private static func part(_ keys: YAMLMapping) throws(YAMLError) -> String? {
        guard let node = keys["part"] else { return nil }
        try keys.refuse(["request", "response"], "beside \"part\"", expected: "\"body\"")
        let form = "a pointer such as /events/0"
        let text = try node.keptText(form, mayBeEmpty: true)
        guard (try? JSONPointer(text)) != nil else { throw node.mismatch(expected: form) }
        return text
    }

    private static func body(
        _ keys: YAMLMapping,
        _ headers: [(name: String, value: String)]
    ) throws(YAMLError) -> (body: Body?, content: [UInt8]?) {
        if let raw = keys["raw"] {
            try keys.refuse(
                ["body", "request", "response"],
                "beside \"raw\"",
                expected: "one of them"
            )
            let text = try raw.string
            let content = Array(text.utf8)
            return (GivenBody.seal(content, headers: headers, lengths: nil), content)
        }
        if let body = keys["body"] {
            try keys.refuse(["request", "response"], "beside \"body\"", expected: "one of them")
            let content = body.json
            return (GivenBody.seal(content, headers: headers, lengths: nil), content)
        }
        let request = keys["request"]?.json
        let response = keys["response"]?.json
        guard request != nil || response != nil else {
            guard !headers.isEmpty else { return (nil, nil) }
            return (GivenBody.seal([], headers: headers, lengths: nil), [])
        }
        let content = (request ?? []) + (response ?? [])
        let lengths = (request?.count ?? 0, response?.count ?? 0)
        return (GivenBody.seal(content, headers: headers, lengths: lengths), content)
    }

    private static func headers(
        _ node: YAMLNode?
    ) throws(YAMLError) -> [(name: String, value: String)] {
        guard let node else { return [] }
        var headers: [(name: String, value: String)] = []
        for entry in try node.entries(atMost: CaseLimits.headerCount, of: "headers") {
            headers.append((entry.name, try entry.value.string))
        }
        return headers
    }
}

extension GivenEvent.AttributeValue {
    fileprivate var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        }
    }
}

extension Kind {
    /// What becomes of an event of this kind if nothing goes wrong.
    fileprivate var outcome: Outcome {
        switch self {
        case .webhook, .fact, .admin: .accepted
        case .call, .delivery, .sync: .succeeded
        }
    }

    /// The type of all events of this kind, if they have one.
    fileprivate var type: String? {
        switch self {
        case .call: "api.call"
        case .delivery: "webhook.delivery"
        case .webhook, .sync, .fact, .admin: nil
        }
    }
}
