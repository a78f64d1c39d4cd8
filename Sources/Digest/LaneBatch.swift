package import Bytes
internal import CHashLanes
internal import COpenSSL

/// Messages to be hashed side by side where they lie, such as the records of a transaction.
///
/// Nothing is copied; the compiler sees to it that a batch does not outlive what was appended.
@safe package struct LaneBatch: ~Copyable, ~Escapable {
    private var messages: [CHashLanes_Message] = unsafe []
    private let width: Int32

    /// Starts with no messages.
    ///
    /// - Parameters:
    ///   - capacity: How many messages to make room for at once.
    ///   - width: How many to hash side by side, at most `Lanes.width`: 16, 8 or 1.
    @_lifetime(immortal)
    package init(capacity: Int = 0, width: Int = Lanes.width) {
        precondition(width <= Lanes.width, "this processor has fewer lanes")
        self.width = Int32(width)
        unsafe messages.reserveCapacity(capacity)
    }

    /// How many messages were appended.
    package var count: Int {
        unsafe messages.count
    }

    /// Appends a message.
    @_lifetime(self: copy self, copy message)
    package mutating func append(_ message: Span<UInt8>) {
        unsafe message.withUnsafeBufferPointer {
            unsafe messages.append(CHashLanes_Message(bytes: $0.baseAddress, count: $0.count))
        }
    }

    /// Replaces `hashes` by the SHA-256 of each message, in order.
    package func hashes(into hashes: inout [Hash256]) {
        run(prefix: CHASHLANES_NO_PREFIX, into: &hashes)
    }

    /// Replaces `hashes` by the leaf hash of each message, in order (RFC 6962, section 2.1).
    package func leaves(into hashes: inout [Hash256]) {
        run(prefix: 0x00, into: &hashes)
    }

    /// Replaces `hashes` by the node hash of each message, which must be two children of 32 bytes,
    /// in order (RFC 6962, section 2.1).
    package func nodes(into hashes: inout [Hash256]) {
        run(prefix: 0x01, into: &hashes)
    }

    private func run(prefix: Int32, into hashes: inout [Hash256]) {
        if hashes.count > count { hashes.removeLast(hashes.count - count) }
        hashes.append(contentsOf: repeatElement(.zero, count: count - hashes.count))
        unsafe messages.withUnsafeBufferPointer { messages in
            unsafe hashes.withUnsafeMutableBytes { digests in
                unsafe CHashLanes_sha256(
                    messages.baseAddress,
                    messages.count,
                    prefix,
                    width,
                    COpenSSL_sha256_blocks,
                    digests.baseAddress?.assumingMemoryBound(to: UInt8.self)
                )
            }
        }
    }
}
