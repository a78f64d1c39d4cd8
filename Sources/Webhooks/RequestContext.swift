internal import Bytes

/// A request and where in it things are that its provider's entry reads.
struct RequestContext: Sendable {
    private(set) var request: InboundRequest
    let slots: HeaderSlots
    let table: HeaderTable
    /// The URL that the provider posts to, without query; `nil` if only the request tells.
    private let base: String?

    init(_ request: InboundRequest, _ table: HeaderTable, base: String?) {
        self.request = request
        self.table = table
        self.base = base
        slots = HeaderSlots(request.headers, table)
    }

    /// The same request with another body.
    func replacing(body: [UInt8]) -> RequestContext {
        var other = self
        other.request.body = body
        return other
    }

    /// The same request at another URL.
    func replacing(url: String) -> RequestContext {
        var other = self
        other.request.target = url
        return other
    }

    // MARK: - Headers that a source names

    /// Whether there is a header of that name, given in lower case.
    func has(_ name: String?) -> Bool {
        guard let name else { return false }
        return request.headers.contains { $0.name.lowercased() == name }
    }

    /// The value of a header of that name; `nil` unless there is exactly one.
    func value(_ name: String) -> String? {
        let all = request.headers.filter { $0.name.lowercased() == name }
        return all.count == 1 ? all[0].value : nil
    }

    // MARK: - The target

    private var path: Substring {
        Substring(request.target.utf8.prefix { $0 != UInt8(ascii: "?") })
    }

    /// What stands after the first `?`, undecoded; `nil` if there is none.
    private var queryText: Substring? {
        let target = request.target.utf8
        guard let mark = target.firstIndex(of: UInt8(ascii: "?")) else { return nil }
        return Substring(target[target.index(after: mark)...])
    }

    /// What follows `/hooks/SOURCE/` in the path, or in a captured request the path's last part.
    var pathSecret: Substring? {
        guard request.target.hasPrefix("/") else {
            let parts = path.split(separator: "/")
            return parts.count > 2 ? parts.last : nil
        }
        let parts = path.split(separator: "/", maxSplits: 2)
        return parts.count == 3 && parts[0] == "hooks" ? parts[2] : nil
    }

    /// The URL as the provider knows it.
    var url: String {
        // A request that was captured has its URL as its target.
        if !request.target.hasPrefix("/") { return request.target }
        guard let base else {
            let host = slots.value(HeaderTable.host, in: request) ?? "localhost"
            return "https://\(host)\(request.target)"
        }
        let rest = pathSecret.map { "/\($0)" } ?? ""
        return base + rest + (queryText.map { "?\($0)" } ?? "")
    }

    /// The parameters of the URL, decoded, in their order; refused if there are too many.
    func query() throws(Refusal) -> [FormFields.Field] {
        guard let text = queryText else { return [] }
        return try Self.fields(text.utf8Span.span, "the URL")
    }

    /// A parameter's value; `nil` unless it is there exactly once.
    func parameter(_ name: String) -> String? {
        var found: String?
        for field in (try? query()) ?? [] where field.name.elementsEqual(name.utf8) {
            if found != nil { return nil }
            found = String(decoding: field.value, as: UTF8.self)
        }
        return found
    }

    // MARK: - The body

    /// The media type's essence in lower case, without parameters (RFC 9110 section 8.3.1).
    var mediaType: String {
        let text = slots.value(HeaderTable.contentType, in: request) ?? ""
        return text.prefix { $0 != ";" && $0 != " " }.lowercased()
    }

    /// Whether the body is one of HTML's forms by its media type.
    var isForm: Bool { mediaType == "application/x-www-form-urlencoded" }

    /// The fields of a body that is a form, none for any other; refused if there are too many:
    /// what is not read is not signed.
    func form() throws(Refusal) -> [FormFields.Field] {
        isForm ? try Self.fields(request.body.span, "body") : []
    }

    private static func fields(
        _ text: Span<UInt8>,
        _ what: String
    ) throws(Refusal) -> [FormFields.Field] {
        do throws(FormFieldsError) {
            return try FormFields(text).fields
        } catch {
            throw Refusal(.notForm, "\(what): \(error)")
        }
    }

    /// Whether a body is as a condition of a provider's entry has it.
    func hasContent(_ kind: ContentKind) -> Bool {
        switch kind {
        case .form: isForm
        case .json: !isForm
        default: true
        }
    }
}
