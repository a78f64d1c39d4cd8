internal import YAML

/// One of the schemes that a provider may use, by the name that a source's `scheme:` asks for.
struct NamedScheme: Sendable {
    let name: String
    let scheme: Scheme
    /// Where a request has what it checks.
    let place: SchemePlace
    /// Whether only a source that names it uses it.
    let isOptional: Bool
    /// Whether a source may name another header for it.
    private let takesOwnHeader: Bool
    private let condition: RequestCondition?

    /// Reads a provider's `scheme:` or `schemes:`.
    static func all(
        _ webhooks: YAMLMapping,
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> [NamedScheme] {
        if let one = webhooks["scheme"] {
            guard webhooks["schemes"] == nil else {
                throw one.error("found scheme and schemes", expected: "one of the two")
            }
            return [NamedScheme("default", try Scheme(one, &headers))]
        }
        var schemes: [NamedScheme] = []
        for entry in try webhooks.required("schemes").mapping.entries {
            schemes.append(try NamedScheme(entry.name, entry.value, &headers))
        }
        guard schemes.contains(where: { !$0.isOptional }) else {
            throw node.error("every scheme is optional", expected: "one that is used unasked")
        }
        return schemes
    }

    /// Refuses a tolerance where no scheme signs a time: nobody would ever look at it.
    static func requireTime(
        _ schemes: [NamedScheme],
        _ tolerance: YAMLNode
    ) throws(YAMLError) {
        guard schemes.contains(where: { $0.scheme.signed?.hasTime == true }) else {
            throw tolerance.error(
                "found a tolerance, but no time is signed",
                expected: "none here"
            )
        }
    }

    private init(_ name: String, _ scheme: Scheme) {
        self.name = name
        self.scheme = scheme
        place = scheme.place
        takesOwnHeader = scheme.sourceKeys.contains("header")
        isOptional = false
        condition = nil
    }

    private init(
        _ name: String,
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) {
        self.name = name
        scheme = try Scheme(node, &headers, and: ["when", "optional"])
        place = scheme.place
        takesOwnHeader = scheme.sourceKeys.contains("header")
        isOptional = try node["optional"]?.boolean ?? false
        condition = try node["when"].map { node throws(YAMLError) in
            try RequestCondition(node, &headers)
        }
    }

    /// A header that requests for this scheme have, and its value; `nil` if there is none.
    var wantedHeader: (slot: Int, value: String)? { condition?.header }

    /// Whether a request is one for this scheme.
    func applies(to context: RequestContext, _ source: Source) -> Bool {
        // A source may have its token in a header of its own choice.
        let isOwn = takesOwnHeader && context.has(source.tokenHeader)
        let isThere = place.isFilled(in: context) || isOwn
        return isThere && condition?.holds(for: context) != false
    }
}

/// `{ header: NAME, is: TEXT }`, `{ query: NAME }`, `{ no_query: NAME }` or `{ content: form }`.
struct RequestCondition: Sendable {
    private enum Kind: Sendable {
        case header(Int, String)
        case query(String, isThere: Bool)
        case content(ContentKind)
    }

    private let kind: Kind

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "is", "query", "no_query", "content"])
        if let name = keys["header"] {
            let slot = try headers.slot(named: try name.string, name)
            kind = .header(slot, try keys.required("is").string)
        } else if let name = keys["query"] {
            kind = .query(try name.string, isThere: true)
        } else if let name = keys["no_query"] {
            kind = .query(try name.string, isThere: false)
        } else {
            let word = try keys.required("content").word(of: ["form", "json"])
            kind = .content(ContentKind(rawValue: word) ?? .any)
        }
    }

    /// The header that must be there, and its value; `nil` if the condition is another.
    var header: (slot: Int, value: String)? {
        if case .header(let slot, let text) = kind { (slot, text) } else { nil }
    }

    func holds(for context: RequestContext) -> Bool {
        switch kind {
        case .header(let slot, let text): context.slots.value(slot, in: context.request) == text
        case .query(let name, let isThere): (context.parameter(name) != nil) == isThere
        case .content(let kind): context.hasContent(kind)
        }
    }
}
