/// Makes a tree of nodes from a reader's events.
///
/// It refuses what our files never need and what can be used against a reader: aliases (which
/// can stand for billions of nodes), tags, keys that are no text, repeated keys, more than one
/// document, and trees that are too deep or too large.
struct YAMLTreeBuilder: ~Copyable {
    private var reader: YAMLEventReader
    private var nodeCount = 0

    init(_ reader: consuming YAMLEventReader) {
        self.reader = reader
    }

    /// The only document of the file.
    mutating func document() throws(YAMLError) -> YAMLNode {
        // The start of the stream, then of the document.
        _ = try reader.next()
        let start = try reader.next()
        guard case .documentStart = start.kind else {
            throw YAMLError(at: start.place, "found nothing", expected: "a document")
        }
        let root = try node(from: reader.next(), depth: 0)
        // The end of the document, then of the stream.
        _ = try reader.next()
        let end = try reader.next()
        guard case .streamEnd = end.kind else {
            throw YAMLError(at: end.place, "found a second document", expected: "one")
        }
        return root
    }

    /// The node that begins with `event`, inside of `depth` others.
    private mutating func node(from event: YAMLEvent, depth: Int) throws(YAMLError) -> YAMLNode {
        try refuseMarks(event)
        nodeCount += 1
        guard nodeCount <= YAMLLimits.nodeCount else {
            throw YAMLError(
                at: event.place,
                "too many values",
                expected: "at most \(YAMLLimits.nodeCount)"
            )
        }
        let content: YAMLNode.Content
        switch event.kind {
        case .sequenceStart:
            try refuseDepth(depth, event)
            content = try .sequence(sequence(depth: depth + 1))
        case .mappingStart:
            try refuseDepth(depth, event)
            content = try .mapping(mapping(depth: depth + 1))
        case .scalar(let text, let isQuoted): content = .scalar(text, isQuoted: isQuoted)
        // libyaml's grammar lets nothing else through here.
        default: throw YAMLError(at: event.place, "found nothing", expected: "a value")
        }
        return YAMLNode(content: content, place: event.place)
    }

    private mutating func sequence(depth: Int) throws(YAMLError) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let event = try reader.next()
            if case .bracket = event.kind { return nodes }
            nodes.append(try node(from: event, depth: depth))
        }
    }

    private mutating func mapping(depth: Int) throws(YAMLError) -> [YAMLNode.Entry] {
        var entries: [YAMLNode.Entry] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try reader.next()
            if case .bracket = event.kind { return entries }
            let key = try node(from: event, depth: depth)
            guard let name = key.text, !key.isNull else {
                throw key.mismatch(expected: "a text as key")
            }
            if let line = lines.updateValue(key.place.line, forKey: name) {
                throw key.error("duplicate key \(YAMLError.quoted(name)), first at line \(line)")
            }
            let value = try node(from: reader.next(), depth: depth)
            entries.append(YAMLNode.Entry(key: key, value: value))
        }
    }

    private func refuseMarks(_ event: YAMLEvent) throws(YAMLError) {
        if case .alias = event.kind {
            let name = YAMLError.quoted("*\(event.anchor ?? "")")
            throw YAMLError(at: event.place, "found alias \(name)", expected: Self.writtenOut)
        }
        if let anchor = event.anchor {
            let name = YAMLError.quoted("&\(anchor)")
            throw YAMLError(at: event.place, "found anchor \(name)", expected: Self.writtenOut)
        }
        if let tag = event.tag {
            let name = YAMLError.quoted(tag)
            throw YAMLError(at: event.place, "found tag \(name)", expected: "a value without tag")
        }
    }

    private static let writtenOut = "each value written out, without anchors and aliases"

    private func refuseDepth(_ depth: Int, _ event: YAMLEvent) throws(YAMLError) {
        guard depth < YAMLLimits.depth else {
            throw YAMLError(
                at: event.place,
                "too deep: found level \(depth + 1)",
                expected: "at most \(YAMLLimits.depth)"
            )
        }
    }
}
