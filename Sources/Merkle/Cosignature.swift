import Bytes

/// A witness's signature: the time, and Ed25519 over time and checkpoint (C2SP tlog-cosignature).
///
/// It says: at that time, this was the largest consistent tree I had seen of that log.
package struct Cosignature: Hashable, Sendable {
    /// Seconds since 1970, at most 2^63 - 1.
    package let timestamp: UInt64
    /// The 64 bytes of an Ed25519 signature.
    package let signature: [UInt8]

    /// `nil` if the time or the signature's length is out of range.
    package init?(timestamp: UInt64, signature: [UInt8]) {
        guard timestamp <= UInt64(Int64.max), signature.count == 64 else { return nil }
        self.timestamp = timestamp
        self.signature = signature
    }

    /// Reads the bytes of a note's signature: the time as 64 bits, highest first, and 64 bytes.
    package init?(_ bytes: Span<UInt8>) {
        guard bytes.count == 72, let timestamp = BigEndian.uint64(bytes, at: 0) else { return nil }
        self.init(timestamp: timestamp, signature: [UInt8](copying: bytes.extracting(8...)))
    }

    /// The bytes of the note's signature.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        BigEndian.append(timestamp, to: &output)
        output.append(span: signature.span)
        return output
    }

    /// What a witness signs: the time and the whole text of the note.
    package static func message(timestamp: UInt64, text: Span<UInt8>) -> [UInt8] {
        var message: [UInt8] = []
        message.append(ascii: "cosignature/v1\ntime ")
        Decimal.append(timestamp, to: &message)
        message.append(0x0a)
        message.append(span: text)
        return message
    }
}
