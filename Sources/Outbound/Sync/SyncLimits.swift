/// What is believed of schedules and reports, with the reason for each bound.
package enum SyncLimits {
    /// Syncs in one configuration; houses have some tens.
    package static let schedules = 1000
    /// Bytes of a schedule: all sixty minutes written out are some 170.
    package static let cronBytes = 512
    /// How far ahead a due time is looked for: 40 years are the longest time in which 29 February
    /// does not fall on a given weekday, around years such as 2100.
    package static let searchDays = 40 * 366
    /// Bytes of a time zone's file; the largest have some 4 KiB.
    package static let zoneBytes = 64 << 10
    /// Bytes of a time zone's name; the longest has 32.
    package static let zoneNameBytes = 64
    /// The longest grace in seconds: what is later than a week is not late but forgotten.
    package static let graceSeconds = 7 * 86_400
    /// The grace in seconds where none is configured.
    package static let usualGraceSeconds = 30 * 60
    /// How many microseconds before its due time a run may begin: clocks differ, and schedulers
    /// start early.
    package static let leadMicroseconds: Int64 = 5 * 60 * 1_000_000
    /// Due times of one sync that are judged one by one after a time in which nobody watched.
    package static let judged = 1000
    /// Bytes of what a report says in words that stand in the line; the body has all of it.
    package static let messageBytes = 1024
    /// Bytes of an id that a report gives itself.
    package static let idBytes = 256
    /// Nested objects and arrays in a report's details.
    package static let depth = 16
}
