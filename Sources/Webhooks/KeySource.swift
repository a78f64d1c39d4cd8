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
        let pinned = check.source.webKeys
        if !pinned.isEmpty {
            let search = KeySearch(keyID, in: pinned)
            if let name = search.signer(signature, message) { return .fits(by: name) }
            throw search.refusal("pinned")
        }
        guard let fetched = check.fetched.keys[url], !fetched.mustRenew(at: check.now) else {
            return .needs(.keys(url: url))
        }
        let search = KeySearch(keyID, in: fetched.keys)
        if let name = search.signer(signature, message) { return .fits(by: name) }
        guard search.hasNamedKey || fetched.isCurrent(at: check.now) else {
            return .needs(.keys(url: url))
        }
        throw search.refusal("published")
    }
}

/// The key of one signature, looked for among several.
private struct KeySearch {
    private let keyID: String?
    private let count: Int
    /// The keys that may be meant, each with its name.
    private let candidates: [(name: String, key: RSAKey)]
    /// Whether the sender named a key that is among them: then no other can have signed.
    let hasNamedKey: Bool

    /// Looks for the key with `keyID`, or for any if the sender names none.
    init(_ keyID: String?, in keys: [WebKey]) {
        self.keyID = keyID
        count = keys.count
        // A key without an id may have any: PEM has no place for one.
        candidates = keys.enumerated()
            .filter { keyID == nil || $0.element.id == nil || $0.element.id == keyID }
            .map { ("key \($0.element.id ?? "\($0.offset + 1)")", $0.element.key) }
        hasNamedKey = keyID != nil && keys.contains { $0.id == keyID }
    }

    /// The name of the key that made the signature; `nil` if none did.
    func signer(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> String? {
        for (name, key) in candidates where key.verify(signature, message) { return name }
        return nil
    }

    /// Why no key made the signature; `kind` says which keys were looked through.
    func refusal(_ kind: String) -> Refusal {
        if candidates.isEmpty {
            return Refusal(
                .unknownKey,
                "kid \(shown(keyID)) is not among the \(count) \(kind) "
                    + (count == 1 ? "key" : "keys")
            )
        }
        return Refusal(
            .signatureMismatch,
            candidates.count == 1
                ? "the signature does not fit \(kind) \(candidates[0].name)"
                : "the signature does not fit any of \(candidates.count) \(kind) keys"
        )
    }
}
