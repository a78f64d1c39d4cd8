/// What is believed of a service, with the reason for each bound.
package enum OutboundLimits {
    /// The longest window, and how far ahead an answer may put a moment.
    ///
    /// The longest that a provider documents is a month; the notation of windows ends at a year.
    package static let horizonSeconds = 366 * 86_400
    /// How long ago a reset may have been: clocks differ, but not by a day.
    package static let pastSeconds = 86_400
    /// The most that an answer may say of any count: more is a mistake, and sums stay exact.
    package static let count = 1_000_000_000_000_000
    /// Calls in a declared window, and the size of a declared bucket: what 32 bits hold, as in a
    /// line's `ratelimit`.
    package static let allowed = Int(UInt32.max)
    /// Calls at once: no provider documents more than some hundreds.
    package static let concurrent = 100_000
    /// Entries in any list of a profile; the longest of the catalog has some ten.
    package static let entries = 64
    /// Limits, and fields that could not be read, in one report: headers come from strangers.
    package static let reported = 64
    /// Bytes of a name that an answer gives a limit.
    package static let nameBytes = 64
    /// Bytes of JSON in a header; Meta's longest has some 4 KiB.
    static let headerJSONBytes = 64 << 10
    /// Nested objects and arrays of JSON in a header; Meta's has 3.
    static let headerJSONDepth = 8
    /// Bytes of the answer of a URL that grants tokens; a token of a few KiB is long.
    static let tokenBytes = 64 << 10
    /// Characters of a path in a line; the whole target stands in the body.
    static let recordedPath = 1024
    /// Nested objects and arrays in which an error code is looked for.
    static let errorDepth = 6
}
