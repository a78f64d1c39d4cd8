import Bytes
import Digest
import Webhooks

extension HookMaker {
    /// One webhook for each kind of scheme.
    func all() throws -> [SignedHook] {
        [
            try hmac("hmac-sha256 of body", "shopify", .sha256) { $0.body },
            try hmac("hmac-sha256 of time, body", "stripe", .sha256) { request in
                Array("\(seconds).".utf8) + request.body
            },
            try base64Key(),
            try ed25519(),
            try hmac("hmac-sha1 of url, form", "twilio", .sha1, formMessage),
            try hmac(
                "hmac-sha512 of time, body",
                "convoy",
                .sha512,
                entry: "scheme: advanced-sha512"
            ) { request in
                Array("\(seconds),".utf8) + request.body
            },
            try digest(),
            try rsa(
                "rsa-sha256 of time, body",
                "shipstation-v2",
                "keys: keys",
                header: "x-shipengine-rsa-sha256-signature"
            ) { request in
                Array("\(request.header("x-shipengine-timestamp")).".utf8) + request.body
            },
            try rsa(
                "rsa-x509 of time, crc32",
                "paypal",
                "certificates: certificate, webhook_id: id",
                header: "paypal-transmission-sig",
                payPalMessage
            ),
            try bearer(),
            try token("token in a header", "okta", Hex.encode(Random.fill(24).span)),
            try token("basic", "pipedrive", "daybook:\(Hex.encode(Random.fill(16).span))"),
        ]
    }

    // MARK: - Shared secrets

    /// A webhook with an HMAC of what `message` makes of it, in hex or base64 at a header's end.
    private func hmac(
        _ scheme: String,
        _ provider: String,
        _ algorithm: HashAlgorithm,
        entry: String = "",
        secret: String = Hex.encode(Random.fill(32).span),
        key: [UInt8]? = nil,
        _ message: (InboundRequest) throws -> [UInt8]
    ) throws -> SignedHook {
        let secret = Array(secret.utf8)
        let entry = entry.isEmpty ? "secrets: secret" : "\(entry), secrets: secret"
        let source = try source(provider, entry, ["secret": secret])
        let request = try sample(source)
        let message = try message(request)
        let bytes = key ?? secret
        let key = HMACKey(algorithm, key: bytes.span)
        var code = key.start()
        code.update(message.span)
        let signature = code.finish()
        try require(signature, in: request, scheme)
        return try hook(
            scheme,
            source,
            request,
            Primitive(function: .hmac(algorithm, key), message: message, signature: signature)
        )
    }

    /// Sees to it that the primitive signs what the request's signature signs.
    private func require(
        _ signature: [UInt8],
        in request: InboundRequest,
        _ scheme: String
    ) throws {
        let texts = [Hex.encode(signature.span), Base64.encode(signature.span)]
        let isThere = request.headers.contains { header in
            texts.contains { header.value.hasSuffix($0) }
        }
        guard isThere else { throw HookFailure("\(scheme): the sample has another signature") }
    }

    private func base64Key() throws -> SignedHook {
        let key = Random.fill(32)
        return try hmac(
            "hmac-sha256 of id, time, body",
            "standard",
            .sha256,
            secret: "whsec_\(Base64.encode(key.span))",
            key: key,
            standardMessage
        )
    }

    private func standardMessage(_ request: InboundRequest) -> [UInt8] {
        Array("\(request.header("webhook-id")).\(seconds).".utf8) + request.body
    }

    /// The URL, then each field's name and value, sorted by name.
    private func formMessage(_ request: InboundRequest) throws -> [UInt8] {
        let fields = try FormFields(request.body.span).fields.sorted {
            $0.name.lexicographicallyPrecedes($1.name)
        }
        return fields.reduce(into: Array(request.target.utf8)) { $0 += $1.name + $1.value }
    }

    /// The secret and the body, hashed without more ado.
    private func digest() throws -> SignedHook {
        let scheme = "sha256 of secret, body"
        let secret = Array(Hex.encode(Random.fill(18).span).utf8)
        let source = try source("hubspot", "scheme: v1, secrets: secret", ["secret": secret])
        var request = try sample(source)
        request.set("x-hubspot-signature-version", "v1")
        let message = secret + request.body
        let signature = Hash.hash(.sha256, message.span)
        try require(signature, in: request, scheme)
        return try hook(
            scheme,
            source,
            request,
            Primitive(function: .sha256, message: message, signature: signature)
        )
    }

    private func token(
        _ scheme: String,
        _ provider: String,
        _ secret: String
    ) throws -> SignedHook {
        let source = try source(provider, "secrets: secret", ["secret": Array(secret.utf8)])
        return try hook(scheme, source, try sample(source), nil)
    }

    // MARK: - Public keys

    private func ed25519() throws -> SignedHook {
        let key = try SigningKey.generate()
        let publicKey = key.publicKey
        let text = Base64.encode(publicKey.span)
        func source(_ secret: String) throws -> Source {
            try self.source("standard", "secrets: secret", ["secret": Array(secret.utf8)])
        }
        // Samples of this provider are signed with a shared secret: only the signature is another.
        var request = try sample(try source("whsec_\(text)"))
        let message = standardMessage(request)
        let signature = try key.sign(message.span)
        request.set("webhook-signature", "v1a,\(Base64.encode(signature.span))")
        let primitive = Primitive(
            function: .ed25519(try VerifyingKey(publicKey: publicKey)),
            message: message,
            signature: signature
        )
        return try hook("ed25519 of id, time, body", source("whpk_\(text)"), request, primitive)
    }

    /// A webhook that a provider's RSA key signs, with the signature in base64 in `header`.
    private func rsa(
        _ scheme: String,
        _ provider: String,
        _ entry: String,
        header: String,
        _ message: (InboundRequest) -> [UInt8]
    ) throws -> SignedHook {
        let source = try source(provider, entry, try publicParts)
        let request = try sample(source)
        let primitive = try signed(message(request), Base64.decode(request.bytes(of: header).span))
        return try hook(scheme, source, request, primitive)
    }

    private func bearer() throws -> SignedHook {
        let source = try source("google-pubsub", "keys: keys, email: email", try publicParts)
        let request = try sample(source)
        let token = request.header("authorization").drop { $0 != " " }.dropFirst()
        let parts = token.split(separator: ".")
        guard parts.count == 3 else { throw HookFailure("the sample has no token") }
        let primitive = try signed(
            Array("\(parts[0]).\(parts[1])".utf8),
            Base64.decode(parts[2].utf8Span.span, padding: .refused, alphabet: .url)
        )
        return try hook("oidc, token only", source, request, primitive)
    }

    /// What sources of providers with an RSA key refer to.
    private var publicParts: [String: [UInt8]] {
        get throws {
            [
                "keys": try identity.key.publicPEM,
                "certificate": identity.pem,
                "id": Array(Self.webhookID.utf8),
                "email": Array("push@bench-project.iam.gserviceaccount.com".utf8),
            ]
        }
    }

    private static let webhookID = "1JE4291016473214C"

    private func payPalMessage(_ request: InboundRequest) -> [UInt8] {
        let id = request.header("paypal-transmission-id")
        let time = request.header("paypal-transmission-time")
        let sum = CRC32.checksum(request.body.span)
        return Array("\(id)|\(time)|\(Self.webhookID)|\(sum)".utf8)
    }

    private func signed(_ message: [UInt8], _ signature: [UInt8]?) throws -> Primitive {
        guard let signature else { throw HookFailure("the sample's signature is not base64") }
        return Primitive(
            function: .rsa(identity.key.publicKey),
            message: message,
            signature: signature
        )
    }
}
