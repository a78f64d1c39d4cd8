/// How often each integer was said, in buckets of value, and of time if only the last while counts.
///
/// As in an HDR histogram a bucket is a 32nd of a power of two, so that its middle is at most a
/// 64th (1.6 %) off what it stands for; integers below 64 have a bucket each. All is integer
/// arithmetic: a logarithm of fractions could differ between machines, and digests with it.
struct Histogram: Equatable {
    /// The slices of time that are kept: the newest and those before it.
    static let slices: Int64 = 12

    /// A bucket with values.
    struct Bucket: Equatable {
        /// The slice of time, in slices since 1970; 0 where all time counts.
        let slice: Int64
        /// The bucket's number, negative for negative values: the order of values.
        let value: Int64
        var count: UInt64
    }

    /// How wide a slice of time is, in microseconds; 0 where all time counts.
    let slice: Int64
    /// By slice, then value.
    private(set) var buckets: [Bucket] = []
    private(set) var last = Held.none.stamp

    init(slice: Int64) { self.slice = slice }

    init(slice: Int64, buckets: [Bucket], last: Stamp) {
        self.slice = slice
        self.buckets = buckets
        self.last = last
    }

    mutating func add(_ value: Int64, _ stamp: Stamp) {
        add(Bucket(slice: place(of: stamp.at), value: Self.bucket(of: value), count: 1))
        last.raise(to: stamp)
    }

    mutating func merge(_ other: Histogram) {
        for bucket in other.buckets { add(bucket) }
        last.raise(to: other.last)
    }

    /// How many values count at a moment, in microseconds since 1970.
    func count(at moment: Int64) -> UInt64 { shown(at: moment).reduce(0) { $0 + $1.count } }

    /// The middle of the bucket of the least value that so many hundredths of the values that count
    /// at a moment do not exceed (nearest rank); `nil` if none counts.
    func percentile(_ percent: Int, at moment: Int64) -> Int128? {
        let shown = shown(at: moment).sorted { $0.value < $1.value }
        let total = shown.reduce(0) { $0 + $1.count }
        let rank = (UInt128(total) * UInt128(percent) + 99) / 100
        var passed: UInt128 = 0
        for bucket in shown {
            passed += UInt128(bucket.count)
            if passed >= rank { return Self.middle(of: bucket.value) }
        }
        return nil
    }

    /// What a column shows at a moment: its count, or the median of its values.
    func value(of keep: Keep, at moment: Int64) -> ColumnValue? {
        guard keep == .quantiles else { return .integer(Int128(count(at: moment))) }
        return percentile(50, at: moment).map { .integer($0) }
    }

    // MARK: - Slices

    private func place(of moment: Int64) -> Int64 {
        guard slice > 0 else { return 0 }
        // Rounds towards the past before 1970 too.
        return moment % slice < 0 ? moment / slice - 1 : moment / slice
    }

    /// The slice that a moment is in and those before it.
    private func shown(at moment: Int64) -> ArraySlice<Bucket> {
        guard slice > 0 else { return buckets[...] }
        let newest = place(of: moment)
        let kept = buckets.drop { $0.slice <= newest - Self.slices }
        return kept.prefix { $0.slice <= newest }
    }

    /// What is older than the slices before the newest is dropped: whatever comes first, that
    /// leaves those near the newest of all.
    private mutating func add(_ bucket: Bucket) {
        if let newest = buckets.last?.slice {
            if bucket.slice <= newest - Self.slices { return }
            if bucket.slice > newest {
                let kept = buckets.firstIndex { $0.slice > bucket.slice - Self.slices }
                buckets.removeFirst(kept ?? buckets.count)
            }
        }
        var (low, high) = (0, buckets.count)
        while low < high {
            let middle = (low + high) / 2
            let other = buckets[middle]
            if (other.slice, other.value) < (bucket.slice, bucket.value) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low < buckets.count, buckets[low].slice == bucket.slice,
            buckets[low].value == bucket.value
        {
            buckets[low].count += bucket.count
        } else {
            buckets.insert(bucket, at: low)
        }
    }

    static func == (a: Histogram, b: Histogram) -> Bool { a.buckets == b.buckets }
}

// MARK: - Values

extension Histogram {
    /// The number of a value's bucket.
    static func bucket(of value: Int64) -> Int64 {
        let size = value.magnitude
        var bucket = Int64(truncatingIfNeeded: size)
        if size >= 64 {
            // What is left when all but the six highest bits are cut off.
            let cut = 58 - size.leadingZeroBitCount
            bucket = Int64(cut * 32) + Int64(truncatingIfNeeded: size >> UInt64(cut))
        }
        return value < 0 ? -bucket : bucket
    }

    /// The middle of a bucket, rounded down.
    static func middle(of bucket: Int64) -> Int128 {
        let number = Int128(bucket.magnitude)
        var size = number
        if number >= 64 {
            let cut = number / 32 - 1
            let width = Int128(1) << cut
            size = (number - cut * 32) * width + (width - 1) / 2
        }
        return bucket < 0 ? -size : size
    }
}
