/// Counts of events in buckets of time, which are aligned to 1970-01-01T00:00:00Z.
///
/// Buckets of several widths are kept apart; what is shown is of the narrowest.
struct Window: Equatable {
    /// A bucket with events.
    struct Bucket: Equatable {
        /// In microseconds.
        let width: Int64
        /// Where it begins, in widths since 1970.
        let index: Int64
        var count: UInt64

        /// Where it begins, in microseconds since 1970.
        var start: Int64 { index * width }
    }

    /// By width, then time.
    private(set) var buckets: [Bucket] = []
    private(set) var last = Held.none.stamp

    /// Takes an event; its bucket is `width` microseconds wide.
    mutating func add(width: Int64, _ stamp: Stamp) {
        add(Bucket(width: width, index: Self.index(stamp.at, width), count: 1))
        last.raise(to: stamp)
    }

    mutating func merge(_ other: Window) {
        for bucket in other.buckets { add(bucket) }
        last.raise(to: other.last)
    }

    /// The count of the bucket that contains a moment.
    func count(at moment: Int64) -> UInt64 {
        guard let width = buckets.first?.width else { return 0 }
        let wanted = Bucket(width: width, index: Self.index(moment, width), count: 0)
        let place = place(of: wanted)
        guard place < buckets.count, Self.order(buckets[place], wanted) == 0 else { return 0 }
        return buckets[place].count
    }

    /// The bucket that counted most, the earliest of several.
    var peak: Bucket? {
        var peak: Bucket?
        for bucket in shown where bucket.count > peak?.count ?? 0 { peak = bucket }
        return peak
    }

    /// How many buckets reached so many hundredths of `allowed`.
    func reached(percent: Int128, of allowed: Int128) -> Int {
        shown.count { Int128($0.count) * 100 >= percent * allowed }
    }

    private var shown: ArraySlice<Bucket> { buckets.prefix { $0.width == buckets[0].width } }

    private mutating func add(_ bucket: Bucket) {
        let place = place(of: bucket)
        if place < buckets.count, Self.order(buckets[place], bucket) == 0 {
            buckets[place].count += bucket.count
        } else {
            buckets.insert(bucket, at: place)
        }
    }

    private func place(of bucket: Bucket) -> Int {
        var (low, high) = (0, buckets.count)
        // Most events are in the newest bucket or after it.
        if let last = buckets.last, Self.order(last, bucket) < 0 { return high }
        while low < high {
            let middle = (low + high) / 2
            if Self.order(buckets[middle], bucket) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func order(_ a: Bucket, _ b: Bucket) -> Int {
        (a.width, a.index) == (b.width, b.index)
            ? 0 : (a.width, a.index) < (b.width, b.index) ? -1 : 1
    }

    private static func index(_ moment: Int64, _ width: Int64) -> Int64 {
        // Rounds towards the past before 1970 too.
        moment % width < 0 ? moment / width - 1 : moment / width
    }

    static func == (a: Window, b: Window) -> Bool { a.buckets == b.buckets }

    init() {}

    init(buckets: [Bucket], last: Stamp) {
        self.buckets = buckets
        self.last = last
    }
}
