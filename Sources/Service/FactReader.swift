internal import Bytes
internal import Digest
internal import JSON
internal import Ledger

/// Why a text is no fact that can be appended.
struct FactProblem: Error, CustomStringConvertible {
    let description: String
}

/// Reads CloudEvents (JSON format, version 1.0) as facts.
///
/// `data` becomes the content, byte for byte as it stands in the text; `data_base64` is decoded.
/// Attributes that a line has keep their names, any others go into the body's meta.
struct FactReader: ~Copyable {
    private var parser = JSONParser()
    private var salts = SaltSource()

    /// Attributes that a fact may set; the rest is the log's to say.
    private static let settable: [String: Attribute] = [
        "subject": .subject, "datacontenttype": .datacontenttype, "traceparent": .traceparent,
        "correlationid": .correlationid,
    ]

    /// Reads one CloudEvent.
    mutating func draft(_ text: Span<UInt8>) throws -> Draft {
        var strings: [String: String] = [:]
        var extensions: [(String, [UInt8])] = []
        var content: [UInt8]?
        for (key, range) in try parser.topLevelMembers(text) {
            switch key {
            case "data", "data_base64":
                guard content == nil else {
                    throw problem("\(key) stands twice, or data and data_base64 both")
                }
                let value = text.extracting(range)
                content =
                    key == "data" ? [UInt8](copying: value) : try decode(string(value))
            case _ where Self.isKnown(key):
                guard strings[key] == nil else { throw problem("attribute \(key) stands twice") }
                guard let value = try string(text.extracting(range)) else {
                    throw problem("attribute \(key) is missing: what stands there is not a string")
                }
                strings[key] = value
            default: extensions.append((key, [UInt8](copying: text.extracting(range))))
            }
        }
        return try draft(strings, extensions, content)
    }

    /// Reads a CloudEvent whose attributes, all of them texts, stand apart from its content.
    mutating func draft(
        attributes: [(name: String, value: String)],
        content: [UInt8]
    ) throws -> Draft {
        var strings: [String: String] = [:]
        var extensions: [(String, [UInt8])] = []
        var names: Set<String> = []
        for (name, value) in attributes {
            guard names.insert(name).inserted else {
                throw problem("attribute \(name) stands twice")
            }
            if Self.isKnown(name) {
                strings[name] = value
            } else {
                var text: [UInt8] = []
                CanonicalJSON.appendString(value, to: &text)
                extensions.append((name, text))
            }
        }
        return try draft(strings, extensions, content.isEmpty ? nil : content)
    }

    private mutating func draft(
        _ strings: [String: String],
        _ extensions: [(String, [UInt8])],
        _ content: [UInt8]?
    ) throws -> Draft {
        var draft = try envelope(strings)
        if content != nil || !extensions.isEmpty {
            let meta = try meta(extensions)
            draft.body = body(meta, content ?? [])
        }
        return draft
    }

    /// The text of a JSON string within a document that was found valid; `nil` for another value.
    private mutating func string(_ value: Span<UInt8>) throws -> String? {
        guard value[0] == UInt8(ascii: "\"") else { return nil }
        if value.firstIndex(of: UInt8(ascii: "\\")) == nil {
            return String(repairing: value.extracting(1..<value.count - 1))
        }
        return try parser.parse(value).string
    }

    private static func isKnown(_ key: String) -> Bool {
        ["specversion", "id", "source", "type", "time"].contains(key) || settable[key] != nil
    }

    private func envelope(_ strings: [String: String]) throws -> Draft {
        guard strings["specversion"] == "1.0" else {
            throw problem("specversion is \(quoted(strings["specversion"])), expected \"1.0\"")
        }
        func required(_ name: String) throws -> String {
            guard let value = strings[name], !value.isEmpty else {
                throw problem("attribute \(name) is missing; a CloudEvent needs it as a string")
            }
            guard value.utf8.count <= 1024, !value.utf8.contains(0) else {
                throw problem("attribute \(name) is longer than 1,024 bytes or holds a zero byte")
            }
            return value
        }
        let source = try required("source")
        guard source != AdminEvent.source else {
            throw problem("source \"\(source)\" is the log's own")
        }
        var draft = Draft(
            source: source,
            id: try required("id"),
            type: try required("type"),
            kind: .fact
        )
        if let text = strings["time"] {
            guard let time = Timestamp(rfc3339: text) else {
                throw problem("time \(quoted(text)) is not RFC 3339")
            }
            draft[.time] = time.short
        }
        for (name, attribute) in Self.settable { draft[attribute] = strings[name] }
        return draft
    }

    /// Canonical JSON of the attributes that a line has no place for.
    private mutating func meta(_ extensions: [(String, [UInt8])]) throws -> [UInt8] {
        guard !extensions.isEmpty else { return Array("{}".utf8) }
        var object = Array("{\"extensions\":{".utf8)
        for (index, (key, value)) in extensions.enumerated() {
            if index > 0 { object.append(UInt8(ascii: ",")) }
            CanonicalJSON.appendString(key, to: &object)
            object.append(UInt8(ascii: ":"))
            object.append(contentsOf: value)
        }
        object.append(ascii: "}}")
        return try parser.canonicalized(object.span)
    }

    private mutating func body(_ meta: [UInt8], _ content: [UInt8]) -> Body {
        let salt = salts.next()
        return Body(salt: salt.span, meta: meta.span, content: content.span)
    }

    private func decode(_ text: String?) throws -> [UInt8] {
        guard let text, let bytes = Base64.decode(text.utf8Span.span) else {
            throw problem("data_base64 is not base64")
        }
        return bytes
    }

    /// A fact given by its parts instead of as a CloudEvent.
    mutating func draft(
        type: String,
        source: String,
        id: String?,
        subject: String?,
        data: String?
    ) throws -> Draft {
        var strings = ["specversion": "1.0", "type": type, "source": source]
        strings["id"] = id ?? AdminEvent.newID()
        strings["subject"] = subject
        strings["datacontenttype"] = data == nil ? nil : "application/json"
        var draft = try envelope(strings)
        if let data {
            _ = try parser.parse(data.utf8Span.span)
            draft.body = body(Array("{}".utf8), Array(data.utf8))
        }
        return draft
    }
}

private func problem(_ text: String) -> FactProblem { FactProblem(description: text) }

private func quoted(_ text: String?) -> String {
    text.map { "\"\(String($0.prefix(80)))\"" } ?? "missing"
}
