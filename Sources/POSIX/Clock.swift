internal import Glibc

/// The machine's clocks.
package enum Clock {
    /// Wall-clock microseconds since 1970-01-01 UTC.
    package static var microseconds: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1000
    }

    /// Nanoseconds since some moment; never goes back.
    package static var monotonicNanoseconds: UInt64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
    }
}
