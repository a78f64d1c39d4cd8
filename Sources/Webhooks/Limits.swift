internal import JSON

/// What one webhook may cost, with the reason for each bound.
package enum WebhookLimits {
    /// Bytes of a body that a source takes unless its configuration says otherwise.
    ///
    /// The largest that shops send, products with thousands of variants, have a few million.
    package static let bodyBytes = 4 << 20
    /// The most bytes that a source's configuration may allow: what the JSON parser takes.
    package static let bodyBytesCeiling = JSONLimits.byteCount
    /// Bytes of a body that is kept with a rejected request or a handshake: nobody vouches for
    /// these, so they must not fill the disk.
    package static let rejectedBodyBytes = 16 << 10
    /// Bytes of an id or a type: more is no name, and lines must stay small.
    package static let nameBytes = 256
    /// Bytes of a subject or a media type; a longer one is left out.
    package static let textBytes = 512
    /// Signatures in one request that are compared; providers send one for each live secret.
    package static let signatures = 64
    /// Signatures by public keys in one request: each costs a tenth of a millisecond to check.
    package static let publicKeySignatures = 8
    /// Seconds in a tolerance: a longer one is none.
    package static let toleranceSeconds = 7 * 86_400
    /// Events in one request; providers send 1,000 at most.
    package static let parts = 2_000
    /// Bytes of an unsigned question's body.
    static let questionBytes = 4 << 10
    /// Bytes of a challenge that is sent back.
    static let echoBytes = 2 << 10
    /// Bytes of a body for which a signature that does not fit is looked into.
    static let diagnosedBytes = 16 << 10
    /// Such bodies that one intake looks into in a second.
    static let diagnosesPerSecond = 20
    /// Headers that a provider's entry may read.
    static let headers = 32
}
