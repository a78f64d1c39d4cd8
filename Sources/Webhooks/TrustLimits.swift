/// What tokens, keys and their fetching may cost, with the reason for each bound.
extension WebhookLimits {
    /// Bytes of a token; those of providers have about one thousand.
    static let tokenBytes = 8 << 10
    /// Nested containers in a token or a key; those of providers have two or three.
    static let tokenDepth = 16
    /// Seconds by which the clocks of issuer and receiver may differ.
    static let tokenLeewaySeconds: Int64 = 30
    /// Seconds from a token's making to its end: Google's live for an hour, and one that lives for
    /// longer than a day is as good as a password.
    static let tokenLifeSeconds: Int64 = 86_400
    /// Bytes of a key's id.
    static let keyIDBytes = 256
    /// Bytes of a text by somebody else in a reason.
    static let shownBytes = 128
    /// Keys in a set: without an id all are tried, and each costs up to half a millisecond.
    static let webKeys = 64
    /// Bytes of a set; each key with its certificates has up to 4,000.
    static let webKeySetBytes = 256 << 10
    /// Bytes of a certificate with its chain.
    static let certificateBytes = 64 << 10
    /// Seconds after which keys are fetched again, in case the provider withdrew one.
    static let keysRenewedSeconds: Int64 = 3600
    /// Seconds for which keys serve while they cannot be fetched again.
    static let keysKeptSeconds: Int64 = 86_400
    /// Seconds between two tries to fetch from one URL, whoever asks.
    static let fetchRetrySeconds: Int64 = 60
    /// Documents of one kind that are kept.
    static let fetchedDocuments = 64
}
