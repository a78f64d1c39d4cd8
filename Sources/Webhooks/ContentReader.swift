internal import Bytes
internal import Digest
internal import JSON
internal import Ledger

/// The values of one request, or of one of its parts, that its provider's entry points to.
struct ContentReader: ~Escapable {
    private let context: RequestContext
    /// The whole content; `nil` where it is not read.
    private let content: JSONValue?
    /// What pointers start at: the content, or one of its parts.
    private let here: JSONValue?
    /// The pointer of the part; empty for the request itself.
    private let path: String

    /// Reads a request.
    @_lifetime(copy content)
    init(_ context: RequestContext, _ content: JSONValue?) {
        self.context = context
        self.content = content
        here = content
        path = ""
    }

    /// Reads the part of a request at `path`.
    @_lifetime(copy content, copy part)
    init(_ context: RequestContext, _ content: JSONValue, part: JSONValue, at path: String) {
        self.context = context
        self.content = content
        here = part
        self.path = path
    }

    /// A text, or a number as its digits; `nil` where there is none.
    func text(_ source: ValueSource) -> String? {
        switch source {
        case .literal(let text): text
        case .header(let slot): context.slots.value(slot, in: context.request)
        case .query(let name): context.parameter(name)
        case .content(let pointer): Self.scalar(here, pointer)
        case .whole(let pointer): Self.scalar(content, pointer)
        case .above(let levels, let pointer): above(levels, pointer)
        case .hash: hash()
        case .new: AdminEvent.newID()
        case .template(let parts): filled(parts)
        }
    }

    /// The first of several that has a value.
    func text(_ sources: [ValueSource]) -> String? {
        for source in sources {
            if let text = text(source), !text.isEmpty { return text }
        }
        return nil
    }

    /// The first of several times that can be read.
    func time(_ sources: [TimeSource]) -> Timestamp? {
        for source in sources {
            if let time = text(source.source).flatMap({ source.format.read($0) }) { return time }
        }
        return nil
    }

    private func filled(_ parts: [ValueSource]) -> String? {
        var text = ""
        for part in parts {
            guard let value = self.text(part), !value.isEmpty else { return nil }
            text += value
        }
        return text
    }

    private static func scalar(_ value: JSONValue?, _ pointer: JSONPointer) -> String? {
        value?.reach(pointer)?.scalarText
    }

    private func above(_ levels: Int, _ pointer: JSONPointer) -> String? {
        var ancestor = path[...]
        for _ in 0..<levels {
            guard let slash = ancestor.lastIndex(of: "/") else { return nil }
            ancestor = ancestor[..<slash]
        }
        guard let absolute = try? JSONPointer(ancestor + pointer.text) else { return nil }
        return Self.scalar(content, absolute)
    }

    private func hash() -> String? {
        if path.isEmpty { return Self.name(SHA256.hash(context.request.body.span)) }
        var text: [UInt8] = []
        guard let here, (try? here.appendCanonical(to: &text)) != nil else { return nil }
        return Self.name(SHA256.hash(text.span))
    }

    private static func name(_ hash: Hash256) -> String {
        hash.withSpan { "sha256:" + Hex.encode($0) }
    }
}

extension JSONValue {
    /// As `at`, but what stands alone is also the first of itself: an element of XML that could
    /// be repeated is an array only where it is.
    @_lifetime(copy self)
    func reach(_ pointer: JSONPointer) -> JSONValue? {
        if let value = at(pointer) { return value }
        // Most pointers that lead nowhere have no such step: there is nothing to try.
        guard pointer.text.contains("/0") else { return nil }
        let steps = pointer.text.split(separator: "/", omittingEmptySubsequences: false)
        let others = steps.filter { $0 != "0" }
        guard others.count < steps.count,
            let short = try? JSONPointer(others.joined(separator: "/"))
        else { return nil }
        return at(short)
    }
}
