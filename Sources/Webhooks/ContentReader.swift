internal import Bytes
internal import JSON

/// The values of one request that its provider's entry points to.
struct ContentReader: ~Escapable {
    private let request: InboundRequest
    private let slots: HeaderSlots
    /// The parsed body; `nil` where it is not JSON.
    private let body: JSONValue?

    @_lifetime(copy body)
    init(_ request: InboundRequest, _ slots: HeaderSlots, _ body: JSONValue?) {
        self.request = request
        self.slots = slots
        self.body = body
    }

    /// A header's value, a string, or a number as its digits; `nil` for anything else.
    func text(_ source: ValueSource) -> String? {
        switch source {
        case .literal(let text): return text
        case .header(let slot): return slots.value(slot, in: request)
        case .body(let pointer):
            guard let value = body?.at(pointer) else { return nil }
            return value.scalarText
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
}
