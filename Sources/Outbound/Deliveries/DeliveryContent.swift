internal import Bytes
internal import JSON
internal import Ledger
internal import XML

/// What of an event is sent: its content, and what it says to be.
struct DeliveryContent {
    let bytes: [UInt8]
    /// The value of `content-type`; `nil` without content.
    let type: String?

    /// The content of an event; for one of several that came in one request, its part of `cause`.
    ///
    /// - Throws: `Undeliverable` when there is none to be had, now or later.
    init(
        _ event: StoredEvent,
        cause: (UInt64) throws -> StoredEvent
    ) throws {
        let line = Line(event.line.span)
        guard let part = line.text(.part) else {
            self = try DeliveryContent(whole: event)
            return
        }
        guard let sequence = line.integer(.causationid), let own = line.sequence, sequence < own
        else { throw Undeliverable("the event that it is part of is not in the log before it") }
        let whole = try cause(sequence)
        guard let content = whole.content else {
            throw Undeliverable(
                whole.namesBody
                    ? "the body that it is part of was erased"
                    : "the event that it is part of has no body"
            )
        }
        let text = try Self.jsonText(content, of: whole) ?? content
        guard let range = JSONPart.find(part, in: text.span) else {
            throw Undeliverable("there is nothing at \(part) of the body that it is part of")
        }
        self.bytes = Array(text[range])
        type = "application/json"
    }

    private init(whole event: StoredEvent) throws {
        guard let content = event.content else {
            if event.namesBody { throw Undeliverable("the event's body was erased") }
            self.bytes = []
            type = nil
            return
        }
        self.bytes = content
        let recorded = Line(event.line.span).text(.datacontenttype) ?? ""
        let isHeader =
            (1...256).contains(recorded.utf8.count)
            && recorded.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        type = isHeader ? recorded : "application/octet-stream"
    }

    /// Content as JSON text; `nil` if it is that already.
    ///
    /// As projections have it: nearly all is an object or a list, and those are JSON whatever the
    /// sender calls them.
    private static func jsonText(
        _ content: [UInt8],
        of event: StoredEvent
    ) throws(Undeliverable) -> [UInt8]? {
        if content.first == UInt8(ascii: "{") || content.first == UInt8(ascii: "[") { return nil }
        let recorded = Line(event.line.span).text(.datacontenttype) ?? ""
        let type = recorded.prefix { $0 != ";" && $0 != " " }.lowercased()
        do {
            if type == "application/x-www-form-urlencoded" {
                return try FormFields(content.span).jsonText()
            }
            if type == "text/xml" || type == "application/xml" || type.hasSuffix("+xml") {
                return try XML.jsonText(ofXML: content.span)
            }
        } catch {
            // What such an error quotes is content.
            throw Undeliverable("the body that it is part of cannot be read as \(type)")
        }
        return nil
    }
}

/// Why an event cannot be sent, now or later; the text tells nothing of its content.
struct Undeliverable: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
