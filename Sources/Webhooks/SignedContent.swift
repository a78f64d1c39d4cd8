internal import Bytes
internal import Digest
internal import YAML

/// What a sender signs: a template over the request, such as `{timestamp}.{body}`.
struct SignedContent: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case body, timestamp, url, method, crc32, webhookID
        /// The secret itself, where a plain hash is taken.
        case secret
        case header(Int)
        case query(String)
        /// The fields of a form, sorted by name: each name and its value, one after the other.
        case formPairs
        /// The same of the URL's parameters and a form's fields together.
        case pairs
        /// The body unless it is a form.
        case nonFormBody
    }

    private static let places: [(name: String, part: Part)] = [
        ("body", .body), ("timestamp", .timestamp), ("url", .url), ("method", .method),
        ("crc32", .crc32), ("webhook_id", .webhookID), ("secret", .secret),
        ("form-pairs", .formPairs), ("pairs", .pairs), ("non-form-body", .nonFormBody),
    ]

    private let parts: [Part]
    /// The template as it was written.
    let text: String

    /// Whether a time is among what is signed.
    let hasTime: Bool
    /// Whether the id that the provider gave the webhook is among what is signed.
    let hasWebhookID: Bool
    /// Whether the URL is among what is signed.
    let hasURL: Bool

    /// Reads a template; `hasTime` says whether the scheme says where the signed time is, and
    /// `isKeyed` whether the secret is the key rather than part of what is hashed.
    init(
        _ node: YAMLNode,
        _ headers: inout HeaderTable,
        hasTime: Bool,
        isKeyed: Bool = true
    ) throws(YAMLError) {
        var parts: [Part] = []
        for piece in try Placeholders.split(node) {
            switch piece {
            case .literal(let text): parts.append(.literal(Array(text.utf8)))
            case .place(let text): parts.append(try Self.part(text, node, &headers))
            }
        }
        self.parts = parts
        text = try node.string
        self.hasTime = parts.contains { if case .timestamp = $0 { true } else { false } }
        hasWebhookID = parts.contains { if case .webhookID = $0 { true } else { false } }
        hasURL = parts.contains { if case .url = $0 { true } else { false } }
        let hasSecret = parts.contains { if case .secret = $0 { true } else { false } }
        guard hasSecret != isKeyed else {
            throw node.error(
                isKeyed ? "the secret is the key already" : "the secret is not in what is hashed",
                expected: isKeyed ? "no {secret} in it" : "{secret} in it"
            )
        }
        // Unsigned, a time proves nothing; unknown, it cannot be checked.
        if self.hasTime, !hasTime {
            throw node.error(
                "{timestamp} is signed, but the scheme has no timestamp",
                expected: "one such as { header: NAME, as: unix }"
            )
        }
        if hasTime, !self.hasTime {
            throw node.error(
                "the scheme has a timestamp that is not signed",
                expected: "{timestamp} in it"
            )
        }
    }

    private static func part(
        _ text: String,
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> Part {
        if let place = places.first(where: { $0.name == text }) { return place.part }
        if let name = text.dropping("header:") {
            return .header(try headers.slot(named: name, node))
        }
        if let name = text.dropping("query:") { return .query(String(name)) }
        let known = places.map { "{\($0.name)}" }.joined(separator: ", ")
        throw node.error(
            "unknown place {\(text)}",
            expected: "\(known), {header:NAME} or {query:NAME}"
        )
    }

    /// Hands over the content piece by piece, the body without copying it.
    func forEach(
        _ check: borrowing SignatureCheck,
        timestamp: String,
        url: String? = nil,
        secret: [UInt8] = [],
        _ body: (Span<UInt8>) -> Void
    ) throws(Refusal) {
        let context = check.context
        let request = context.request
        for part in parts {
            switch part {
            case .literal(let bytes): body(bytes.span)
            case .body: body(request.body.span)
            case .nonFormBody: if !context.isForm { body(request.body.span) }
            case .timestamp: body(timestamp.utf8Span.span)
            case .url:
                let url = url ?? context.url
                body(url.utf8Span.span)
            case .method: body(request.method.utf8Span.span)
            case .webhookID: body(check.source.webhookID.utf8Span.span)
            case .secret: body(secret.span)
            case .crc32:
                var digits: [UInt8] = []
                Decimal.append(UInt64(CRC32.checksum(request.body.span)), to: &digits)
                body(digits.span)
            case .header(let slot):
                let value = try context.slots.required(slot, in: request, context.table)
                body(value.utf8Span.span)
            case .query(let name):
                guard let value = context.parameter(name) else {
                    throw Refusal(.missingParameter, "the URL has no single parameter \(name)")
                }
                body(value.utf8Span.span)
            case .formPairs:
                // Else a signature over no field at all would do for any other body.
                guard context.isForm || request.body.isEmpty else {
                    throw Refusal(.notForm, "the body is no form, and else nothing of it is signed")
                }
                Self.forEachSorted(try context.form(), body)
            case .pairs: Self.forEachSorted(try context.query() + context.form(), body)
            }
        }
    }

    /// Names in order, and of one name each value once, in order, as Twilio's libraries have it.
    private static func forEachSorted(_ fields: [FormFields.Field], _ body: (Span<UInt8>) -> Void) {
        let sorted = fields.sorted {
            $0.name == $1.name
                ? $0.value.lexicographicallyPrecedes($1.value)
                : $0.name.lexicographicallyPrecedes($1.name)
        }
        for (index, field) in sorted.enumerated() {
            if index > 0, sorted[index - 1] == field { continue }
            body(field.name.span)
            body(field.value.span)
        }
    }
}
