internal import Bytes
internal import Ledger

/// The message of an event: CloudEvents 1.0 in HTTP's binary mode, signed by Standard Webhooks.
package struct DeliveryMessage: Sendable {
    /// The headers in their order.
    package let headers: [(name: String, value: String)]
    /// The event's content, byte for byte.
    package let body: [UInt8]

    /// Makes the message of an event, sent at `now`; `cause` reads the event that it is part of.
    ///
    /// - Throws: `Undeliverable`, or what `cause` throws.
    init(
        _ event: StoredEvent,
        signer: DeliverySigner,
        now: Timestamp,
        cause: (UInt64) throws -> StoredEvent
    ) throws {
        let content = try DeliveryContent(event, cause: cause)
        let line = Line(event.line.span)
        var headers = [(name: "ce-specversion", value: "1.0")]
        for (name, attribute) in Self.attributes {
            guard let text = line.text(attribute) else { continue }
            headers.append((name, CloudEventsHeader.encode(text)))
        }
        if let type = content.type { headers.append(("content-type", type)) }
        // The leaf hash is the same over all attempts, and `daybook prove` shows it in the log.
        let id = event.leafHash.description
        let seconds = now.microseconds / 1_000_000
        let signature = signer.signature(id: id, seconds: seconds, body: content.bytes.span)
        headers.append(("webhook-id", id))
        headers.append(("webhook-timestamp", "\(seconds)"))
        headers.append(("webhook-signature", signature))
        let size = headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard size <= DeliveryLimits.headerBytes else {
            throw Undeliverable(
                "its headers take \(size) bytes, at most \(DeliveryLimits.headerBytes) are sent"
            )
        }
        self.headers = headers
        body = content.bytes
    }

    private static let attributes: [(String, Attribute)] = [
        ("ce-id", .id), ("ce-source", .source), ("ce-type", .type), ("ce-time", .time),
        ("ce-subject", .subject), ("ce-sequence", .sequence), ("ce-recordedtime", .recordedtime),
    ]
}

/// Texts as headers have them, by the HTTP binding of CloudEvents 1.0, section 3.1.3.2.
package enum CloudEventsHeader {
    /// Percent-encodes space, `"`, `%` and all that is not printable ASCII, byte by byte of UTF-8.
    package static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "%"), 0...0x20, 0x7F...0xFF:
                output.append(UInt8(ascii: "%"))
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
        return String(repairing: output.span)
    }
}
