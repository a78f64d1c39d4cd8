/// What deliveries may take, with the reason for each bound.
package enum DeliveryLimits {
    /// Rules in a configuration: each keeps a book of its own.
    package static let rules = 256
    /// Attempts at once of one rule: more would be an attack on the destination.
    package static let concurrent = 100
    /// Waits in a schedule; Standard Webhooks' has 9.
    package static let retries = 32
    /// The longest wait between two attempts, in milliseconds: a month, as any longer is forgotten.
    package static let waitMilliseconds = 31 * 86_400_000
    /// How long a destination may keep us away by `Retry-After`, in seconds: a day, so that a slip
    /// of a header is no outage of weeks.
    package static let askedSeconds = 86_400
    /// How long one attempt may take, in milliseconds: a slow destination holds a slot so long.
    package static let timeoutMilliseconds = 1_000...120_000
    /// Secrets that sign side by side: two while one replaces the other, and some room.
    package static let secrets = 8
    /// Bytes of a secret once it is decoded; Standard Webhooks asks for 24 to 64.
    package static let secretBytes = 1_024
    /// Bytes of a destination's URL: what servers take on a request line.
    package static let urlBytes = 2_048
    /// Bytes of a pattern: those of the longest name that intake accepts, and some room.
    package static let patternBytes = 1_024
    /// Bytes of all headers that an event makes: most servers refuse more in one.
    package static let headerBytes = 8_192
    /// Bytes of an answer's body that are recorded: enough to see what went wrong.
    package static let answerBytes = 64 << 10
    /// Bytes of a header of an answer that are recorded.
    static let answerHeaderBytes = 512
    /// Characters of the reason of a failed attempt: it stands in the line.
    static let reasonCharacters = 256
    /// Lines that are folded under one view of the log: a longer one keeps old pages in use.
    static let batch: UInt64 = 1 << 16
    /// Bytes of the derived file: the places of some thousand rules.
    static let markBytes = 4 << 20
    /// How long the log's end is not looked at while nothing else happens, in milliseconds.
    static let pollMilliseconds = 100
    /// How long to wait before what could not be read or recorded is tried again, in milliseconds.
    static let pauseMilliseconds = 1_000
    /// How long the derived file may lag behind, in milliseconds: a start reads so much more.
    static let markMilliseconds: UInt64 = 10_000
}
