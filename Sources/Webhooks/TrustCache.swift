package import Bytes
internal import Digest

/// What was fetched of providers, and when what is to be fetched again: decides, and fetches
/// nothing itself.
package struct TrustCache: Sendable {
    private struct Failure: Sendable {
        let problem: String
        let at: Timestamp
    }

    /// What was fetched so far.
    package private(set) var fetched = FetchedTrust()
    private var failures: [TrustDocument: Failure] = [:]

    /// Starts with nothing.
    package init() {}

    /// The most bytes that `document` may have.
    package static func byteLimit(of document: TrustDocument) -> Int {
        switch document {
        case .certificates: WebhookLimits.certificateBytes
        case .keys: WebhookLimits.webKeySetBytes
        }
    }

    /// Whether `document`, which somebody needs, is to be fetched now.
    ///
    /// A certificate never changes under its URL, so one that is here serves for good. Keys do
    /// change; whoever asks has found that what is here does not do. Each URL is tried at most once
    /// a minute, whatever is asked and whether it succeeds or fails.
    package func mustFetch(_ document: TrustDocument, at now: Timestamp) -> Bool {
        switch document {
        case .certificates(let url) where fetched.certificates[url] != nil: return false
        case .keys(let url):
            if let keys = fetched.keys[url] { return keys.mayRetry(at: now) }
            fallthrough
        case .certificates:
            guard let failure = failures[document] else { return true }
            return FetchedKeys.isOver(WebhookLimits.fetchRetrySeconds, since: failure.at, at: now)
        }
    }

    /// Why the last try to fetch `document` failed; `nil` if it did not.
    package func problem(of document: TrustDocument) -> String? { failures[document]?.problem }

    /// Takes the bytes that `document` was found to have; the problem if they are of no use.
    package mutating func take(
        _ bytes: [UInt8],
        of document: TrustDocument,
        at now: Timestamp
    ) -> String? {
        do {
            switch document {
            case .certificates(let url):
                let chain = try Certificate.parseAll(pem: bytes)
                if fetched.certificates.count >= WebhookLimits.fetchedDocuments {
                    fetched.certificates.removeAll()
                }
                fetched.certificates[url] = chain
            case .keys(let url):
                let keys = try WebKeys.parse(bytes.span)
                if fetched.keys.count >= WebhookLimits.fetchedDocuments { fetched.keys.removeAll() }
                fetched.keys[url] = FetchedKeys(keys, at: now)
            }
            failures[document] = nil
            return nil
        } catch {
            fail(document, "\(error)", at: now)
            return "\(error)"
        }
    }

    /// Notes that `document` could not be fetched; keys that are here stay as they are.
    package mutating func fail(_ document: TrustDocument, _ problem: String, at now: Timestamp) {
        if case .keys(let url) = document { fetched.keys[url]?.triedAt = now }
        // A sender names the URLs of certificates, within the provider's domain.
        if failures.count >= WebhookLimits.fetchedDocuments { failures.removeAll() }
        failures[document] = Failure(problem: problem, at: now)
    }
}
