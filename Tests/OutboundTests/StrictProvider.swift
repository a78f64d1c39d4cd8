import Outbound

/// A provider that judges calls by the moments at which they arrived, in microseconds.
struct StrictProvider {
    let limits: ServiceLimits
    private(set) var arrivals: [Int64] = []

    init(_ limits: ServiceLimits) {
        self.limits = limits
    }

    mutating func take(at moment: Int64) {
        arrivals.append(moment)
    }

    /// How many arrived in the window of a length that ends now, both ends counted.
    func count(within length: Int64, at now: Int64) -> Int {
        arrivals.reversed().prefix { now - $0 <= length }.count
    }

    /// Every limit that was exceeded, in words.
    func exceeded() -> [String] {
        let arrivals = arrivals.sorted()
        var exceeded: [String] = []
        for window in limits.windows {
            let rate = window.rate
            let length = Int64(rate.window.seconds) * 1_000_000
            // Both ends of a window that slides are in it: the strictest reading.
            for index in arrivals.indices.dropFirst(rate.count)
            where arrivals[index] - arrivals[index - rate.count] <= length {
                exceeded.append("sliding \(rate) at \(arrivals[index])")
                break
            }
            for phase in stride(from: 0, to: length, by: Int(length / 7)) {
                let counts = Dictionary(grouping: arrivals) { ($0 + phase) / length }
                if counts.values.contains(where: { $0.count > rate.count }) {
                    exceeded.append("aligned \(rate) from \(phase)")
                }
            }
        }
        if let bucket = limits.bucket {
            let leak = Double(bucket.restore.window.seconds) * 1e6 / Double(bucket.restore.count)
            var (fill, last) = (0.0, arrivals.first ?? 0)
            for arrival in arrivals {
                fill = max(0, fill - Double(arrival - last) / leak) + 1
                last = arrival
                if fill > Double(bucket.size) + 1e-6 {
                    exceeded.append("bucket of \(bucket.size) at \(arrival)")
                    break
                }
            }
        }
        return exceeded
    }
}
