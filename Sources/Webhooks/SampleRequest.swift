package import Bytes
internal import Digest

/// A provider's sample as the provider itself would send it: signed, and new each time.
package struct SampleRequest {
    /// Why a sample cannot be signed.
    package enum Problem: Error, Sendable, CustomStringConvertible {
        /// Only the provider has the private key.
        case needsPrivateKey(provider: String)
        /// The provider's entry has no sample.
        case noSample
        /// The source has no secret that the scheme can use.
        case noSecret
        /// The sample and the scheme do not go together.
        case refused(String)

        /// One line for people, with what to do.
        package var description: String {
            switch self {
            case .needsPrivateKey(let provider):
                "only \(provider) can sign as itself; pin a public key of your own in a trial "
                    + "source and give its private key with --key"
            case .noSample: "the provider's entry has no sample"
            case .noSecret: "the source has no secret to sign with"
            case .refused(let reason): "the sample cannot be signed: \(reason)"
            }
        }
    }

    private let source: Source
    private let named: NamedScheme
    private let now: Timestamp
    private var request: InboundRequest

    /// The request to `source` with `body`, the sample's, at the moment `now`.
    ///
    /// `url` is where the provider posts to, without query, which some schemes sign; `key` is a
    /// private key in PEM, for providers that sign with one of their own.
    package static func make(
        for source: Source,
        body: [UInt8],
        url: String,
        now: Timestamp,
        key: [UInt8]? = nil
    ) throws(Problem) -> InboundRequest {
        var sample = try SampleRequest(source, body, url, now)
        do {
            try sample.sign(try key.map { try RSASigningKey(pem: $0) })
        } catch let problem as Problem {
            throw problem
        } catch {
            throw .refused((error as? Refusal)?.text ?? "\(error)")
        }
        return sample.request
    }

    private init(
        _ source: Source,
        _ body: [UInt8],
        _ url: String,
        _ now: Timestamp
    ) throws(Problem) {
        guard let sample = source.provider.sample else { throw .noSample }
        let schemes = source.schemes.map(\.named)
        guard let named = schemes.first(where: { $0.name == sample.scheme }) ?? schemes.first else {
            throw .noSecret
        }
        self.source = source
        self.named = named
        self.now = now
        var headers = [(name: "content-type", value: sample.contentType)] + sample.headers
        var body = body
        for text in sample.fresh {
            let other = Self.another(text)
            body = Self.replacing(text, by: other, in: body)
            for index in headers.indices where headers[index].value == text {
                headers[index].value = other
            }
        }
        request = InboundRequest(
            method: "POST",
            target: sample.query.isEmpty ? url : "\(url)?\(sample.query)",
            headers: headers,
            body: body
        )
        if let (slot, value) = named.wantedHeader {
            set(source.provider.headers.names[slot], value)
        }
    }

    // MARK: - Something new

    /// A text of the same length and the same kinds of characters; what says the kind of an id,
    /// such as `evt_`, stays.
    private static func another(_ text: String) -> String {
        var random = Random.fill(text.utf8.count)
        let kind = text.utf8.firstIndex(of: UInt8(ascii: "_")) ?? text.startIndex
        let bytes = text.utf8[kind...].map { (byte: UInt8) -> UInt8 in
            let chance = random.popLast() ?? 0
            switch byte {
            case 0x30: return 0x30
            case 0x31...0x39: return 0x31 + chance % 9
            case 0x61...0x66: return 0x61 + chance % 6
            case 0x67...0x7a: return 0x67 + chance % 20
            case 0x41...0x46: return 0x41 + chance % 6
            case 0x47...0x5a: return 0x47 + chance % 20
            default: return byte
            }
        }
        return text[..<kind] + String(decoding: bytes, as: UTF8.self)
    }

    private static func replacing(_ text: String, by other: String, in body: [UInt8]) -> [UInt8] {
        String(decoding: body, as: UTF8.self).replacing(text, with: other).utf8.map { $0 }
    }

    // MARK: - Signatures

    private mutating func sign(_ key: RSASigningKey?) throws {
        switch named.scheme {
        case .hmac(let scheme): try sign(scheme)
        case .digest(let scheme):
            guard let secret = source.firstSecret else { throw Problem.noSecret }
            let digest = try withCheck { check throws(Refusal) in try scheme.digest(check, secret) }
            add(scheme.signature, Hex.encode(digest.span))
        case .token(let scheme): try add(scheme)
        case .rsa(let scheme):
            guard let key else { throw Problem.needsPrivateKey(provider: source.provider.name) }
            if let slot = scheme.keyIDSlot {
                let name = source.provider.headers.names[slot]
                set(name, source.webKeys.first?.id ?? "trial")
            }
            try sign(scheme.message, key)
        case .oidc(let scheme):
            guard let key else { throw Problem.needsPrivateKey(provider: source.provider.name) }
            let token = try scheme.sample(
                audience: source.audience ?? "",
                email: source.email,
                at: now,
                keyID: source.webKeys.first?.id ?? "trial",
                key: key
            )
            set(source.provider.headers.names[scheme.slot], token)
        case .rsaX509(let scheme):
            guard let key else { throw Problem.needsPrivateKey(provider: source.provider.name) }
            try sign(scheme.message, key)
        case .none: break
        }
    }

    private mutating func sign(_ message: SignedMessage, _ key: RSASigningKey) throws {
        let time = message.time?.format.write(now) ?? ""
        if let field = message.time?.field { add(field, time) }
        let bytes = try withCheck { check throws(Refusal) in
            try message.bytes(check, timestamp: time)
        }
        let signature = try key.sign(bytes.span)
        add(message.signature, Base64.encode(signature.span))
    }

    private mutating func sign(_ scheme: HMACScheme) throws {
        guard let secret = source.firstSecret, case .shared(let key)? = scheme.key(secret) else {
            throw Problem.noSecret
        }
        if let name = scheme.bodyDigest {
            let hash = SHA256.hash(request.body.span)
            let mark = request.target.contains("?") ? "&" : "?"
            request.target += "\(mark)\(name)=\(hash.withSpan { Hex.encode($0) })"
        }
        let field = scheme.message.time?.field
        var time = scheme.message.time?.format.write(now) ?? ""
        if let signed = scheme.message.time, field == nil {
            // The body has it already.
            time = try withCheck { check throws(Refusal) in try signed.read(check).0 }
        }
        let shares = field?.slot == scheme.message.signature.slot
        if let field, !shares { add(field, time) }
        let code = try withCheck { check throws(Refusal) in
            try scheme.code(key, check, timestamp: time)
        }
        let signature = scheme.encodings.encode(code)
        if let field, shares {
            let separator = field.separatorText ?? ""
            add(scheme.message.signature, signature, after: "\(field.prefix)\(time)\(separator)")
        } else {
            add(scheme.message.signature, signature)
        }
    }

    private mutating func add(_ scheme: TokenScheme) throws {
        guard let secret = source.firstSecret else { throw Problem.noSecret }
        let text = String(decoding: secret, as: UTF8.self)
        switch scheme.token {
        case .headers(let slots, let prefix):
            let name = source.tokenHeader ?? source.provider.headers.names[slots[0]]
            set(name, prefix + text)
        case .basic: set("authorization", "Basic \(Base64.encode(secret.span))")
        case .query(let name):
            let mark = request.target.contains("?") ? "&" : "?"
            request.target += "\(mark)\(name)=\(Self.escaped(secret))"
        case .path:
            let query = request.target.firstIndex(of: "?") ?? request.target.endIndex
            request.target.insert(contentsOf: "/\(text)", at: query)
        case .body:
            guard let place = source.provider.sample?.secret else { return }
            request.body = Self.replacing(place, by: text, in: request.body)
        }
    }

    /// All but letters, digits and `-._~` percent-encoded (RFC 3986 section 2.1).
    private static func escaped(_ bytes: [UInt8]) -> String {
        var text = ""
        for byte in bytes {
            text +=
                ASCII.isUnreserved(byte)
                ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte].span)
        }
        return text
    }

    private mutating func add(_ field: HeaderField, _ value: String, after: String = "") {
        let name = source.provider.headers.names[field.slot]
        set(name, after + field.prefix + value + field.suffix)
    }

    /// The sample may show a header that the signing makes anew.
    private mutating func set(_ name: String, _ value: String) {
        request.headers.removeAll { $0.name.lowercased() == name }
        request.headers.append((name, value))
    }

    private func withCheck<R>(
        _ body: (borrowing SignatureCheck) throws(Refusal) -> R
    ) throws(Refusal) -> R {
        let check = SignatureCheck(
            context: RequestContext(request, source.provider.headers, base: nil),
            source: source,
            keys: [],
            now: now,
            fetched: FetchedTrust()
        )
        return try body(check)
    }
}
