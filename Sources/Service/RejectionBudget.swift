/// How much of what is refused may be recorded, so that garbage cannot fill the disk.
///
/// A bucket of bytes for each source, refilled slowly: an attack is recorded in full at first and
/// then counted; the count is recorded, too (`daybook.rejections.dropped`).
package struct RejectionBudget: Sendable {
    /// Bytes a source may have recorded at once: some ten thousand forged webhooks.
    package static let capacity = 64 << 20
    /// Bytes a second by which the bucket refills: 1.4 GB a day at the most.
    package static let refillPerSecond = 16 << 10
    /// What an event costs besides its body: its line, its place in tiles and index.
    package static let eventCost = 1024

    private struct Bucket: Sendable {
        var bytes: Double
        var time: UInt64
        var dropped: UInt64 = 0
    }

    private var buckets: [String: Bucket] = [:]

    package init() {}

    /// Whether a rejected event of `bodyBytes` may be recorded now; if not, it is counted.
    ///
    /// The source is a configured one's name, or ours for unknown ones, never a sender's word;
    /// `now` is in monotonic nanoseconds.
    package mutating func admit(source: String, bodyBytes: Int, now: UInt64) -> Bool {
        var bucket = buckets[source] ?? Bucket(bytes: Double(Self.capacity), time: now)
        let elapsed = Double(now - min(now, bucket.time)) / 1e9
        bucket.bytes = min(
            Double(Self.capacity),
            bucket.bytes + elapsed * Double(Self.refillPerSecond)
        )
        bucket.time = now
        let cost = Double(Self.eventCost + bodyBytes)
        let isAdmitted = bucket.bytes >= cost
        if isAdmitted { bucket.bytes -= cost } else { bucket.dropped += 1 }
        buckets[source] = bucket
        return isAdmitted
    }

    /// The counts of what was not recorded since the last call, by source.
    package mutating func takeDropped() -> [(source: String, count: UInt64)] {
        let dropped = buckets.filter { $0.value.dropped > 0 }
            .map { (source: $0.key, count: $0.value.dropped) }
            .sorted { $0.source < $1.source }
        for entry in dropped { buckets[entry.source]?.dropped = 0 }
        return dropped
    }
}
