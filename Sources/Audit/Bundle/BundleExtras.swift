package import Bytes

/// What a bundle holds besides the log's own events.
package struct BundleExtras: Sendable {
    /// The newest anchors at sizes that the bundle covers, oldest first.
    package var anchors: [Anchor] = []
    /// The witness policy in use (C2SP tlog-policy).
    package var policy: [UInt8]?

    /// What others said of the log's head at some size.
    package struct Anchor: Sendable {
        /// `witness`: a cosigned checkpoint; `rfc3161`: a time stamp (DER TimeStampResp).
        package let kind: String
        /// The event that recorded it.
        package let sequence: UInt64
        /// The tree size it is about.
        package let size: UInt64
        /// When it was recorded.
        package let time: Timestamp
        /// The note or the time stamp itself.
        package let content: [UInt8]

        package init(
            kind: String,
            sequence: UInt64,
            size: UInt64,
            time: Timestamp,
            content: [UInt8]
        ) {
            self.kind = kind
            self.sequence = sequence
            self.size = size
            self.time = time
            self.content = content
        }
    }

    /// Anchors of each kind that go into a bundle: the newest say all that older ones do.
    private static let newest = 3

    /// Nothing.
    package init() {}

    /// The newest of the anchors that a log tells of, and the policy that is in use.
    package init(anchors: [Audit.Anchor], policy: [UInt8]?) {
        self.policy = policy
        for kind in [AnchorKind.witness, .timestamp] {
            for anchor in anchors.filter({ $0.kind == kind }).suffix(Self.newest) {
                guard let content = anchor.content else { continue }
                self.anchors.append(
                    Anchor(
                        kind: kind == .witness ? "witness" : "rfc3161",
                        sequence: anchor.sequence,
                        size: anchor.size,
                        time: anchor.recorded,
                        content: content
                    )
                )
            }
        }
        self.anchors.sort { $0.sequence < $1.sequence }
    }
}
