internal import Bytes

/// Whether a request is its provider's, by the schemes that its source takes.
///
/// The first scheme whose place in the request is filled decides; those that look at the same
/// place are all tried, and one must fit. So a sender cannot choose a weaker scheme by adding to
/// what a stronger one looks at.
enum Verification {
    /// What verified a request.
    struct Proof: Sendable {
        /// The reference of the secret or certificate, never its value; `nil` if nothing did.
        let by: String?
        /// The line's `authtype`.
        let kind: String
    }

    enum Result: Sendable {
        case verified(Proof)
        /// What the provider publishes at a URL must be had first.
        case needs(TrustDocument)
    }

    static func run(
        _ context: RequestContext,
        _ source: Source,
        _ now: Timestamp,
        _ fetched: FetchedTrust,
        tolerance: Tolerance?
    ) throws(Refusal) -> Result {
        let fitting = source.schemes.filter { $0.named.applies(to: context, source) }
        guard let first = fitting.first else { throw missing(context, source) }
        let tried = fitting.filter { $0.named.place == first.named.place }
        var refusals: [Refusal] = []
        for scheme in tried {
            do throws(Refusal) {
                return try check(scheme, context, source, now, fetched, tolerance)
            } catch {
                refusals.append(error)
            }
        }
        throw worst(refusals)
    }

    /// What a request would have to have that no scheme applies to.
    private static func missing(_ context: RequestContext, _ source: Source) -> Refusal {
        var names: [String] = []
        for scheme in source.schemes {
            let name = scheme.named.place.words(context.table)
            if !names.contains(name) { names.append(name) }
        }
        let text = names.joined(separator: " or ")
        if names.count == 1, let place = source.schemes.first?.named.place,
            case .headers = place, !place.isFilled(in: context)
        {
            return Refusal(.missingHeader, "\(text) is missing")
        }
        return Refusal(.missingSignature, "the request is not signed as expected: in \(text)")
    }

    private static func check(
        _ live: Source.LiveScheme,
        _ context: RequestContext,
        _ source: Source,
        _ now: Timestamp,
        _ fetched: FetchedTrust,
        _ tolerance: Tolerance?
    ) throws(Refusal) -> Result {
        let check = SignatureCheck(
            context: context,
            source: source,
            keys: live.keys,
            now: now,
            fetched: fetched
        )
        switch try live.named.scheme.check(check) {
        case .needs(let document): return .needs(document)
        case .verified(let by, let kind, let time):
            if let time { try tolerance?.check(time, now: now) }
            return .verified(Proof(by: by, kind: kind))
        }
    }

    /// The refusal that says most: a time out of bounds comes after a signature that fits.
    private static func worst(_ refusals: [Refusal]) -> Refusal {
        let order: [Refusal.Word] = [.tooOld, .tooNew, .signatureMismatch, .wrongToken]
        for word in order {
            if let refusal = refusals.first(where: { $0.word == word }) { return refusal }
        }
        return refusals[0]
    }
}
