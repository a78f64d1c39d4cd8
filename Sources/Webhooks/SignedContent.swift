internal import Bytes
internal import Digest
internal import YAML

/// What a sender signs: a template over the request, such as `{timestamp}.{body}`.
struct SignedContent: Sendable {
    enum Part: Sendable {
        case literal([UInt8])
        case body, timestamp, url, method, crc32, webhookID
        case header(Int)
    }

    private let parts: [Part]

    /// Whether a time is among what is signed.
    let hasTime: Bool
    /// Whether the id that the provider gave the webhook is among what is signed.
    let hasWebhookID: Bool

    /// Reads a template; `hasTime` says whether the scheme says where the signed time is.
    init(
        _ node: YAMLNode,
        _ headers: inout HeaderTable,
        hasTime: Bool
    ) throws(YAMLError) {
        var parts: [Part] = []
        for piece in try Placeholders.split(node) {
            switch piece {
            case .literal(let text): parts.append(.literal(Array(text.utf8)))
            case .place("body"): parts.append(.body)
            case .place("timestamp"): parts.append(.timestamp)
            case .place("url"): parts.append(.url)
            case .place("method"): parts.append(.method)
            case .place("crc32"): parts.append(.crc32)
            case .place("webhook_id"): parts.append(.webhookID)
            case .place(let text) where text.hasPrefix("header:"):
                parts.append(.header(try headers.slot(named: text.dropFirst(7), node)))
            case .place(let text):
                throw node.error(
                    "unknown place {\(text)}",
                    expected: "{body}, {timestamp}, {url}, {method}, {crc32}, {webhook_id} "
                        + "or {header:NAME}"
                )
            }
        }
        self.parts = parts
        self.hasTime = parts.contains { if case .timestamp = $0 { true } else { false } }
        hasWebhookID = parts.contains { if case .webhookID = $0 { true } else { false } }
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

    /// Hands over the content piece by piece, the body without copying it.
    func forEach(
        _ check: borrowing SignatureCheck,
        timestamp: String,
        _ body: (Span<UInt8>) -> Void
    ) throws(Refusal) {
        for part in parts {
            switch part {
            case .literal(let bytes): body(bytes.span)
            case .body: body(check.request.body.span)
            case .timestamp: body(timestamp.utf8Span.span)
            case .url: body(check.url.utf8Span.span)
            case .method: body(check.request.method.utf8Span.span)
            case .webhookID: body(check.source.webhookID.utf8Span.span)
            case .crc32:
                var digits: [UInt8] = []
                Decimal.append(UInt64(CRC32.checksum(check.request.body.span)), to: &digits)
                body(digits.span)
            case .header(let slot):
                let value = try check.slots.required(slot, in: check.request, check.table)
                body(value.utf8Span.span)
            }
        }
    }
}

/// A header's value, or the members of a list in it that begin with a prefix.
struct HeaderField: Sendable {
    let slot: Int
    private let separator: UInt8?
    private let prefix: String
    private let limit: Int

    /// Reads a mapping that may have `others` among its keys; `limit` is the most values.
    init(
        _ node: YAMLNode,
        _ headers: inout HeaderTable,
        and others: [String] = [],
        limit: Int = WebhookLimits.signatures
    ) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["header", "separator", "prefix"] + others)
        self.limit = limit
        let name = try keys.required("header")
        slot = try headers.slot(named: try name.string, name)
        if let node = keys["separator"] {
            guard let text = node.text, text.utf8.count == 1 else {
                throw node.mismatch(expected: "one ASCII character")
            }
            separator = text.utf8.first
        } else {
            separator = nil
        }
        prefix = try keys["prefix"]?.string ?? ""
    }

    /// The values after the prefix, at most as many as may be compared.
    func values(_ check: borrowing SignatureCheck) throws(Refusal) -> [Substring] {
        let text = try check.slots.required(slot, in: check.request, check.table)
        guard let separator else {
            return afterPrefix(text.utf8[...]).map { [$0] } ?? []
        }
        // Bytes, not characters: where a text has combining marks, characters are not what it says.
        var values: [Substring] = []
        var rest = text.utf8[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: separator) ?? rest.endIndex
            let member = rest[..<end].drop { $0 == UInt8(ascii: " ") }
            rest = rest[end...].dropFirst()
            guard let value = afterPrefix(member) else { continue }
            values.append(value)
            if values.count > limit {
                throw Refusal(
                    .malformedSignature,
                    "more than \(limit) signatures in one request"
                )
            }
        }
        return values
    }

    private func afterPrefix(_ member: Substring.UTF8View) -> Substring? {
        guard member.starts(with: prefix.utf8) else { return nil }
        return Substring(member.dropFirst(prefix.utf8.count))
    }
}
