internal import Bytes
internal import JSON
internal import YAML

/// Where in its answers, and in which dialect, a service tells of one limit or several.
enum LimitReading: Sendable {
    /// A header for each count; `name` is one that says which limit it is.
    case headers(CountNames, name: String?)
    case ratio(RatioReading)
    case fields(FieldsReading)
    case percent(PercentReading)
    /// Members of an object in the body.
    case body(JSONPointer, CountNames)
    /// A header that names the limit that was hit.
    case problem(header: String)
    /// A member of the body that names it.
    case problemInBody(JSONPointer)

    private static let forms = ["ratio", "fields", "percent", "body", "problem"]

    /// Reads an entry; a key that only one form has tells which it is.
    init(_ node: YAMLNode) throws(YAMLError) {
        let form = try node.mapping.entries.map(\.name).first { Self.forms.contains($0) }
        switch form {
        case "ratio": self = .ratio(try RatioReading(node))
        case "fields": self = .fields(try FieldsReading(node))
        case "percent": self = .percent(try PercentReading(node))
        case "body":
            let keys = try node.mapping(allowed: CountNames.keys + ["body"])
            let pointer = try Self.pointer(try keys.required("body"))
            self = .body(pointer, try CountNames(node, keys, areHeaders: false))
        case "problem":
            let keys = try node.mapping(allowed: ["problem"])
            let place = try keys.required("problem")
            // No header's name has a slash.
            self =
                try place.string.hasPrefix("/")
                ? .problemInBody(try Self.pointer(place))
                : .problem(header: try place.headerName.asciiLowercased)
        default:
            let keys = try node.mapping(allowed: CountNames.keys + ["name"] + Self.forms)
            let name = try keys["name"].map { node throws(YAMLError) in
                try node.headerName.asciiLowercased
            }
            self = .headers(try CountNames(node, keys, areHeaders: true), name: name)
        }
    }

    /// Reads an answer's headers into the report.
    func read(_ headers: NamedValues, at now: Timestamp, into report: inout LimitReport) {
        switch self {
        case .headers(let names, let name):
            let text = name.flatMap { Self.text($0, headers, &report) }
            names.read(headers, name: text, at: now, into: &report)
        case .ratio(let reading): reading.read(headers, into: &report)
        case .fields(let reading): reading.read(headers, at: now, into: &report)
        case .percent(let reading): reading.read(headers, at: now, into: &report)
        case .problem(let header):
            report.problem = report.problem ?? Self.text(header, headers, &report)
        case .body, .problemInBody: break
        }
    }

    /// Reads an answer's body into the report.
    func read(_ root: JSONValue, at now: Timestamp, into report: inout LimitReport) {
        if case .problemInBody(let pointer) = self, let text = root.at(pointer)?.scalarText {
            report.problem = report.problem ?? report.name(text, from: pointer.text)
        }
        guard case .body(let pointer, let names) = self, let object = root.at(pointer) else {
            return
        }
        guard object.kind == .object else {
            report.note(pointer.text, .unexpectedForm)
            return
        }
        var values = NamedValues()
        for name in names.all {
            if let text = object.memberText(name) { values.add(name, text) }
        }
        names.read(values, name: nil, place: pointer.text, at: now, into: &report)
    }

    /// Whether it looks into bodies.
    var readsBody: Bool {
        switch self {
        case .body, .problemInBody: true
        default: false
        }
    }

    private static func pointer(_ node: YAMLNode) throws(YAMLError) -> JSONPointer {
        guard let pointer = try? JSONPointer(try node.string) else {
            throw node.mismatch(expected: "a JSON Pointer such as /extensions/cost")
        }
        return pointer
    }

    private static func text(
        _ header: String,
        _ headers: NamedValues,
        _ report: inout LimitReport
    ) -> String? {
        do {
            return try headers.value(header).flatMap { report.name($0, from: header) }
        } catch {
            report.note(header, error)
            return nil
        }
    }
}

extension JSONValue {
    /// A member that is a text or a number, as text; nothing is in a member of another kind.
    func memberText(_ name: String) -> String? {
        guard let value = member(name) else { return nil }
        return value.scalarText ?? value.double?.description ?? ""
    }
}
