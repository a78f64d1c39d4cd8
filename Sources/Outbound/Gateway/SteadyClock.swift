package import Bytes
internal import POSIX

/// The time of day, which never goes back or jumps while the process runs.
package struct SteadyClock: Sendable {
    private let offset: Int64

    /// Takes the wall clock's word for what time it is.
    package init() {
        offset = Clock.microseconds - Self.elapsed
    }

    /// Now.
    package var now: Timestamp { Timestamp(microseconds: offset + Self.elapsed) }

    private static var elapsed: Int64 { Int64(Clock.monotonicNanoseconds / 1000) }
}

extension Timestamp {
    /// The moment so much later.
    func adding(_ duration: Duration) -> Timestamp {
        Timestamp(microseconds: microseconds + duration.wholeMicroseconds)
    }

    /// How long after an earlier moment this is; negative for a later one.
    func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }
}
