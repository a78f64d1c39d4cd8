import Bytes
import Catalog
import Digest
import Testing
import Webhooks
import YAML

/// One scheme of one provider of the catalog: who sends by it, and a source that takes it alone.
///
/// What it is comes from the entry's own text, not from what the module reads in it.
struct Sender: Sendable, CustomTestStringConvertible {
    let provider: String
    /// The scheme's name; `nil` for the only one.
    let scheme: String?
    /// `hmac`, `digest`, `rsa`, `rsa-x509`, `oidc`, `token` or `none`.
    let kind: String
    let isOptional: Bool
    /// What the entry says of webhooks, and of the scheme.
    let webhooks: YAMLNode
    let entry: YAMLNode

    static let url = "https://hooks.example.com/hooks/shop"

    var testDescription: String { provider + (scheme.map { ", \($0)" } ?? "") }

    /// Every scheme of every provider, optional ones too.
    static let all = Result { try read() }
    /// The schemes that providers are believed by unless a source says otherwise, one each.
    static let usual = Result {
        var seen: Set<String> = []
        return try all.get().filter { sender in
            let sample = sender.webhooks["sample"]?["scheme"]?.text
            guard !sender.isOptional, sample == nil || sample == sender.scheme else { return false }
            return seen.insert(sender.provider).inserted
        }
    }
    /// Those that show who sends.
    static let proving = Result { try all.get().filter { $0.kind != "none" } }

    private static func read() throws -> [Sender] {
        var senders: [Sender] = []
        for entry in try embedded.get().systems.all() {
            guard let webhooks = entry.webhooks else { continue }
            if let node = webhooks["scheme"] {
                senders.append(Sender(entry.name, nil, node, webhooks))
            }
            for scheme in try webhooks["schemes"]?.mapping.entries ?? [] {
                senders.append(Sender(entry.name, scheme.name, scheme.value, webhooks))
            }
        }
        return senders
    }

    private init(_ provider: String, _ scheme: String?, _ node: YAMLNode, _ webhooks: YAMLNode) {
        self.provider = provider
        self.scheme = scheme
        kind = Self.kind(node)
        isOptional = node["optional"]?.text == "true"
        self.webhooks = webhooks
        entry = node[kind] ?? node
    }

    private static let kinds = ["hmac", "digest", "rsa", "rsa-x509", "oidc", "token"]

    private static func kind(_ node: YAMLNode) -> String {
        kinds.first { node[$0] != nil } ?? "none"
    }

    /// The kind of a provider's only scheme; empty if there are several or none.
    static func kind(of entry: CatalogEntry?) -> String {
        entry?.webhooks?["scheme"].map { kind($0) } ?? ""
    }

    // MARK: - What it signs

    /// The template of what is signed; empty where nothing is.
    var signed: String { entry["signed"]?.text ?? "" }

    var coversBody: Bool {
        ["{body}", "{crc32}", "{form-pairs}", "{pairs}"].contains { signed.contains($0) }
            || entry["digest"] != nil
    }

    /// Whether it is the fields of a form that count, and not the form's bytes.
    var coversFields: Bool { signed.contains("pairs}") }

    /// The header that has the signature or the token; `nil` if another place has it.
    var signatureHeader: String? {
        switch kind {
        case "token":
            entry["basic"] != nil ? "authorization" : entry["header"]?.oneOrMore.first?.text
        case "oidc": entry["header"]?.text
        default: entry["signature"]?["header"]?.text
        }
    }

    /// The headers that a request cannot have otherwise, the signature's among them.
    var coveredHeaders: [String] {
        var names = signed.matches(of: /\{header:([^}]+)\}/).map { String($0.1) }
        names += [signatureHeader, entry["timestamp"]?["header"]?.text].compactMap { $0 }
        names += [entry["key_id"]?["header"]?.text, entry["algorithm"]?["header"]?.text]
            .compactMap { $0 }
        return Set(names).sorted()
    }

    // MARK: - A source and a request

    /// A secret that every scheme of the provider can use, another for each `salt`.
    func secret(_ salt: Int = 0) -> String {
        let isPrefixed = entry["key"]?["prefix"]?.text == "whsec_"
        for attempt in 0... {
            let hash = SHA256.hash(Array("\(provider) \(salt) \(attempt)".utf8).span)
            var bytes: [UInt8] = []
            hash.append(to: &bytes)
            let text = base64(Array(bytes.prefix(24)))
            // Plain in URLs, too.
            if !text.contains("+"), !text.contains("/") {
                return (isPrefixed ? "whsec_" : "") + text
            }
        }
        return ""
    }

    /// A source that takes this scheme, or with `nil` all that are used unasked.
    func source(
        named name: String? = nil,
        salt: Int = 0,
        asksForScheme: Bool = true,
        and more: String = ""
    ) throws -> Source {
        var members = ["provider: \(provider)", "url: \"\(Self.url)\""]
        if asksForScheme, let scheme = name ?? scheme { members.append("scheme: \(scheme)") }
        switch kind {
        case "rsa": members.append("keys: KEYS")
        case "rsa-x509": members += ["certificates: PEM", "webhook_id: ID"]
        case "oidc": members += ["keys: PEM", "email: EMAIL"]
        case "none": break
        default: members.append("secrets: SECRET")
        }
        let identity = try (salt == 0 ? Identity.payPal : Identity.impostor).get()
        return try WebhooksTests.source(
            "shop: { \(members.joined(separator: ", "))\(more) }",
            [
                "SECRET": secret(salt), "ID": Vendor.webhookID, "EMAIL": "push@example.com",
                "PEM": identity.pem, "KEYS": try identity.jwk("trial"),
            ]
        )
    }

    /// The sample's body as the catalog has it.
    var body: [UInt8] {
        get throws {
            let name = try #require(webhooks["sample"]?["file"]?.text)
            return try #require(try embedded.get().systems.sample(named: name))
        }
    }

    /// The sample's body made so long that nobody looks for a hint why a signature does not fit:
    /// thousands of those would take too long.
    var longBody: [UInt8] {
        get throws {
            let body = try body
            let isForm = webhooks["content"]?.text == "form"
            // To read thousands of long forms would take longer still.
            if isForm, coversFields { return body }
            let space = [UInt8](repeating: isForm ? 0x61 : 0x20, count: 16 << 10)
            return isForm ? body + Array("&fill=".utf8) + space : body + space
        }
    }

    /// The sample as the provider would send it to the source, as the server hands it over.
    func request(
        _ body: [UInt8]? = nil,
        query: String = "",
        at seconds: Int = now - 10
    ) throws -> InboundRequest {
        var request = try SampleRequest.make(
            for: source(),
            body: body ?? self.body,
            url: Self.url + query,
            now: Timestamp(microseconds: Int64(seconds) * 1_000_000),
            key: Array(try Identity.payPal.get().key.utf8)
        )
        let path = try #require(request.target.firstRange(of: "/hooks/"))
        request.target = String(request.target[path.lowerBound...])
        return request
    }
}
