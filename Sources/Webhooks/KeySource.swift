internal import Bytes
internal import Digest
internal import YAML

/// Where the public keys of a provider are: pinned in a source, else published at a URL.
struct KeySource: Sendable {
    /// Where the provider publishes them; always the catalog's, never a request's.
    let url: String

    /// What came of looking for the key of a signature.
    enum Finding: Sendable {
        /// The signature is the key's of that name.
        case fits(by: String)
        /// The keys must be fetched first, or again.
        case needs(TrustDocument)
    }

    init(_ node: YAMLNode) throws(YAMLError) {
        url = try node.string
        let host = url.dropping("https://")?.prefix { $0 != "/" } ?? ""
        guard !host.isEmpty, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw node.mismatch(expected: "a URL such as https://keys.example.com/jwks")
        }
    }

    /// Finds the key that made a signature over `message`.
    ///
    /// A key that is named and not here may be a new one, so it is asked for before the request is
    /// refused. Whoever fetches sees to it that this does not happen too often.
    func find(
        _ keyID: String?,
        _ signature: Span<UInt8>,
        _ message: Span<UInt8>,
        _ check: borrowing SignatureCheck
    ) throws(Refusal) -> Finding {
        let search = KeySearch(keyID: keyID)
        let pinned = check.source.webKeys
        if !pinned.isEmpty {
            return .fits(by: try search.find(in: pinned, "pinned", signature, message))
        }
        guard let fetched = check.fetched.keys[url], !fetched.mustRenew(at: check.now) else {
            return .needs(.keys(url: url))
        }
        do throws(Refusal) {
            let keys = fetched.keys
            return .fits(by: try search.find(in: keys, "the provider's", signature, message))
        } catch {
            if error.word == .unknownKey, !fetched.isCurrent(at: check.now) {
                return .needs(.keys(url: url))
            }
            throw error
        }
    }
}

/// The key of one signature, looked for among several.
private struct KeySearch {
    /// The id that the sender gives; any key may be meant without one.
    let keyID: String?

    /// The name of the key that made the signature.
    func find(
        in keys: [WebKey],
        _ whose: String,
        _ signature: Span<UInt8>,
        _ message: Span<UInt8>
    ) throws(Refusal) -> String {
        // A key without an id may have any: PEM has no place for one.
        let candidates = keys.indices.filter {
            keyID == nil || keys[$0].id == nil || keys[$0].id == keyID
        }
        for index in candidates where keys[index].key.verify(signature, message) {
            return "key \(keys[index].id ?? "\(index + 1)")"
        }
        guard keyID == nil || candidates.contains(where: { keys[$0].id == keyID }) else {
            throw Refusal(
                .unknownKey,
                "kid \(shown(keyID)) is not among \(whose) \(keys.count) "
                    + (keys.count == 1 ? "key" : "keys")
            )
        }
        throw Refusal(
            .signatureMismatch,
            candidates.count == 1
                ? "the signature does not fit key \(keys[candidates[0]].id ?? "1")"
                : "the signature does not fit any of \(candidates.count) keys"
        )
    }
}
