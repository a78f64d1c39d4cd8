import Bytes
import Catalog
import Digest
import Webhooks
import YAML

/// A signed request, the source that it is for, and what OpenSSL does of its check.
struct SignedHook {
    /// The kind of scheme, and over what.
    let scheme: String
    let provider: String
    let source: Source
    let request: InboundRequest
    /// `nil` where nothing is signed.
    let primitive: Primitive?
}

/// What a provider that signs with an RSA key of its own has, made for one run.
struct HookIdentity {
    let key: RSASigningKey
    /// The private key and its certificate, as they came.
    let pem: [UInt8]

    init(pem: [UInt8]) throws {
        key = try RSASigningKey(pem: pem)
        self.pem = pem
    }
}

/// Makes requests as providers send them, from the catalog's samples.
struct HookMaker {
    let identity: HookIdentity
    let now: Timestamp
    private let providers: Providers

    init(_ identity: HookIdentity, now: Timestamp) throws {
        self.identity = identity
        self.now = now
        providers = Providers(try Systems())
    }

    private static let origin = "https://daybook.example.com"

    /// Where a provider posts to.
    func url(_ provider: String) -> String { "\(Self.origin)/hooks/\(provider)" }

    /// Seconds since 1970, as most signatures have the time.
    var seconds: Int64 { now.microseconds / 1_000_000 }

    // MARK: - Parts

    /// A source with `entry` besides its provider; what that refers to is in `values`.
    func source(
        _ provider: String,
        _ entry: String,
        _ values: [String: [UInt8]]
    ) throws -> Source {
        let text = "\(provider): { provider: \(provider), \(entry) }"
        let root = try parseYAML(text.utf8Span.span, file: "bench")
        let node = try root.mapping.entries[0]
        return try Source(
            name: node.key,
            node: node.value,
            providers: providers,
            publicURL: Self.origin
        ) { reference in
            guard let value = values[reference] else {
                throw HookFailure("\(provider): nothing is called \(reference)")
            }
            return value
        }
    }

    /// The provider's sample, signed.
    func sample(_ source: Source) throws -> InboundRequest {
        guard let file = source.provider.sample?.file,
            let body = providers.systems.sample(named: file)
        else { throw HookFailure("the catalog has no sample of \(source.provider.name)") }
        return try SampleRequest.make(
            for: source,
            body: body,
            url: url(source.name),
            now: now,
            key: identity.pem
        )
    }

    /// The request as the service gets it.
    func hook(
        _ scheme: String,
        _ source: Source,
        _ request: InboundRequest,
        _ primitive: Primitive?
    ) throws -> SignedHook {
        var request = request
        request.target = String(request.target.dropFirst(Self.origin.count))
        request.set("host", "daybook.example.com")
        request.set("content-length", "\(request.body.count)")
        request.set("accept-encoding", "gzip, deflate")
        let name = source.provider.name
        if let primitive, !primitive.isRight() {
            throw HookFailure("\(scheme), \(name): \(primitive.name) does not fit the request")
        }
        return SignedHook(
            scheme: scheme,
            provider: name,
            source: source,
            request: request,
            primitive: primitive
        )
    }
}

extension InboundRequest {
    /// The value of a header that comes once, by its name in lower case.
    func header(_ name: String) -> String {
        headers.first { $0.name == name }?.value ?? ""
    }

    /// The same as bytes.
    func bytes(of name: String) -> [UInt8] { Array(header(name).utf8) }

    /// Sets a header that comes once.
    mutating func set(_ name: String, _ value: String) {
        headers.removeAll { $0.name == name }
        headers.append((name, value))
    }
}
