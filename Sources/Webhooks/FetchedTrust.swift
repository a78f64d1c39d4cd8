package import Bytes
package import Digest

/// Something that a provider publishes at a URL of its own, to check its signatures with.
package enum TrustDocument: Hashable, Sendable {
    /// A certificate with its chain, leaf first, in PEM form.
    case certificates(url: String)
    /// Public keys: a JSON Web Key Set (RFC 7517) or PEM.
    case keys(url: String)

    /// Where it is published.
    package var url: String {
        switch self {
        case .certificates(let url), .keys(let url): url
        }
    }
}

extension TrustDocument: CustomStringConvertible {
    /// What it is and where: `the keys at https://keys.example.com/jwks`.
    package var description: String {
        switch self {
        case .certificates(let url): "the certificate at \(url)"
        case .keys(let url): "the keys at \(url)"
        }
    }
}

/// What was fetched of providers so far.
package struct FetchedTrust: Sendable {
    /// Certificates, leaf first, by URL.
    package var certificates: [String: [Certificate]]
    /// Public keys by URL.
    package var keys: [String: FetchedKeys]

    /// Starts with what is known already.
    package init(certificates: [String: [Certificate]] = [:], keys: [String: FetchedKeys] = [:]) {
        self.certificates = certificates
        self.keys = keys
    }
}

/// Public keys as a provider published them, and when.
package struct FetchedKeys: Sendable {
    /// The keys of the last fetch that succeeded, in the provider's order.
    package var keys: [WebKey]
    /// When they were fetched.
    package var fetchedAt: Timestamp
    /// When they were last fetched or tried to be: `fetchedAt` or later.
    package var triedAt: Timestamp

    /// Takes keys that were just fetched.
    package init(_ keys: [WebKey], at now: Timestamp) {
        self.keys = keys
        fetchedAt = now
        triedAt = now
    }

    /// Whether they are to be fetched again before anything is checked with them.
    ///
    /// After an hour they are, because a provider withdraws a key by no longer publishing it. If
    /// the provider cannot be reached, they serve on until they are a day old.
    func mustRenew(at now: Timestamp) -> Bool {
        if Self.isOver(WebhookLimits.keysKeptSeconds, since: fetchedAt, at: now) { return true }
        return Self.isOver(WebhookLimits.keysRenewedSeconds, since: fetchedAt, at: now)
            && mayRetry(at: now)
    }

    /// Whether the last try is long enough ago for another one.
    func mayRetry(at now: Timestamp) -> Bool {
        Self.isOver(WebhookLimits.fetchRetrySeconds, since: triedAt, at: now)
    }

    /// Whether they are so new that a key which is not among them does not exist.
    func isCurrent(at now: Timestamp) -> Bool {
        !Self.isOver(WebhookLimits.fetchRetrySeconds, since: fetchedAt, at: now)
    }

    /// Whether that many seconds have passed; also if the clock was set back behind `start`.
    static func isOver(_ seconds: Int64, since start: Timestamp, at now: Timestamp) -> Bool {
        let microseconds = now.microseconds - start.microseconds
        return microseconds < 0 || microseconds >= seconds * 1_000_000
    }
}
