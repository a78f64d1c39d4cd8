internal import Bytes
package import Digest
internal import JSON

/// A public key that a provider signs with, and the id by which its signatures name it.
package struct WebKey: Sendable {
    /// The `kid`; `nil` for a key without one, which may be meant by any id.
    package let id: String?
    /// The key itself.
    package let key: RSAKey

    /// Takes a key that is already read.
    package init(id: String?, key: RSAKey) {
        self.id = id
        self.key = key
    }
}

/// Public keys as providers publish them and users pin them.
package enum WebKeys {
    /// Reads a JSON Web Key Set or a single JSON Web Key (RFC 7517), or public keys and
    /// certificates in PEM form (RFC 7468).
    ///
    /// Of a set the RSA keys are taken that may verify RS256 signatures and are neither weak nor
    /// malformed; others are skipped, as section 5 asks. There must be at least one.
    package static func parse(_ bytes: Span<UInt8>) throws(WebKeyError) -> [WebKey] {
        guard bytes.count <= WebhookLimits.webKeySetBytes else {
            throw .tooLarge(byteCount: bytes.count, limit: WebhookLimits.webKeySetBytes)
        }
        let isJSON = firstCharacter(bytes) == UInt8(ascii: "{")
        return isJSON ? try parseJSON(bytes) : try parsePEM(bytes)
    }

    private static func firstCharacter(_ bytes: Span<UInt8>) -> UInt8? {
        let space: [UInt8] = [0x20, 0x09, 0x0a, 0x0d]
        for index in bytes.indices where !space.contains(bytes[index]) { return bytes[index] }
        return nil
    }

    private static func parsePEM(_ bytes: Span<UInt8>) throws(WebKeyError) -> [WebKey] {
        let keys: [RSAKey]
        do throws(DigestError) {
            keys = try RSAKey.parseAll(pem: Array(copying: bytes))
        } catch {
            throw .malformed(reason: "\(error)")
        }
        try requireFew(keys.count)
        return keys.map { WebKey(id: nil, key: $0) }
    }

    private static func parseJSON(_ bytes: Span<UInt8>) throws(WebKeyError) -> [WebKey] {
        var parser = JSONParser(
            maximumDepth: WebhookLimits.tokenDepth,
            maximumBytes: WebhookLimits.webKeySetBytes
        )
        let root: JSONValue
        do throws(JSONError) {
            root = try parser.parse(bytes)
            try root.requireDistinctKeys()
        } catch {
            throw .malformed(reason: "\(error)")
        }
        var found: [WebKey] = []
        var problems: [String] = []
        func take(_ value: JSONValue) {
            do throws(WebKeyProblem) {
                found.append(try WebKey(value))
            } catch {
                problems.append(error.description)
            }
        }
        if let set = root.member("keys") {
            guard set.kind == .array else { throw .malformed(reason: "keys is no array") }
            try requireFew(set.count)
            set.forEachElement { take($0) }
        } else {
            take(root)
        }
        guard !found.isEmpty else {
            throw .noneUsable(count: problems.count, problem: problems.first)
        }
        return found
    }

    private static func requireFew(_ count: Int) throws(WebKeyError) {
        guard count <= WebhookLimits.webKeys else {
            throw .tooMany(count: count, limit: WebhookLimits.webKeys)
        }
    }
}

/// Why a text gives no public keys.
package enum WebKeyError: Error, Equatable {
    /// The text has more bytes than are read.
    case tooLarge(byteCount: Int, limit: Int)
    /// It has more keys than are read, usable or not.
    case tooMany(count: Int, limit: Int)
    /// It is neither a JSON Web Key nor a set of them nor PEM.
    case malformed(reason: String)
    /// None of its `count` keys can verify RS256 signatures; `problem` is what is wrong with the
    /// first.
    case noneUsable(count: Int, problem: String?)
}

extension WebKeyError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit):
            "key set has \(byteCount) bytes, expected at most \(limit)"
        case .tooMany(let count, let limit):
            "key set has \(count) keys, expected at most \(limit)"
        case .malformed(let reason):
            "not a json web key, a set of them, or a public key in pem form: \(reason)"
        case .noneUsable(let count, let problem):
            "none of \(count) keys verifies RS256" + (problem.map { "; the first: \($0)" } ?? "")
        }
    }
}
