extension Provider {
    /// What a person must know of the webhooks, a name and a sentence each.
    package var facts: [(name: String, text: String)] {
        var facts: [(name: String, text: String)] = []
        func add(_ name: String, _ text: String?) {
            if let text, !text.isEmpty { facts.append((name, text)) }
        }
        for named in schemes {
            let name = schemes.count == 1 ? "" : "\(named.name): "
            let choice = named.isOptional ? " (only with scheme: \(named.name))" : ""
            add("signed", name + named.scheme.words(headers) + choice)
        }
        add("secret", guide.secret)
        add("tolerance", tolerance?.words)
        if !handshakes.isEmpty {
            let words = handshakes.map { $0.words }.joined(separator: "; ")
            add("handshake", "\(words), answered by itself and recorded")
        }
        if !parts.isEmpty {
            add("parts", "several events in one request; each is recorded and deduplicated")
        }
        add("answer", guide.answerWithin.map { "\(answer.status), expected within \($0)" })
        add("retries", guide.retries)
        return facts
    }

    /// The kinds of the schemes that are used unasked: `hmac-sha256`, `token`.
    package var schemeNames: [String] {
        var names: [String] = []
        for named in schemes where !named.isOptional {
            let name = named.scheme.kind
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// The entry of `daybook.yaml` that takes these webhooks, on one line.
    ///
    /// Secrets are references to environment variables named after the source.
    package func sourceEntry(named name: String) -> String {
        let stem = String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
        var fields = ["provider: \(self.name)"]
        let schemes = schemes.filter { !$0.isOptional }.map(\.scheme)
        if schemes.contains(where: \.usesSecrets) { fields.append("secrets: [env:\(stem)_SECRET]") }
        if schemes.contains(where: { $0.signed?.hasWebhookID == true }) {
            fields.append("webhook_id: env:\(stem)_WEBHOOK_ID")
        }
        if schemes.contains(where: { if case .oidc = $0 { true } else { false } }) {
            fields.append("audience: https://hooks.example.com/hooks/\(name)")
            fields.append("email: env:\(stem)_EMAIL")
        }
        if handshakes.contains(where: { $0.verified != nil }) {
            fields.append("verify_token: env:\(stem)_VERIFY_TOKEN")
        }
        return "\(name): { \(fields.joined(separator: ", ")) }"
    }

    /// What follows the source's name in the URL to give to the provider.
    package var urlSuffix: String {
        for named in schemes where !named.isOptional {
            guard case .token(let scheme) = named.scheme else { continue }
            if scheme.isPath { return "/SECRET" }
            if let name = scheme.parameter { return "?\(name)=SECRET" }
        }
        return ""
    }
}

extension Scheme {
    /// The kind in a word.
    var kind: String {
        switch self {
        case .hmac, .digest, .rsaX509, .rsa, .none: name
        case .oidc: "oidc"
        case .token: "token"
        }
    }

    /// How a request shows that it is the provider's, for people.
    fileprivate func words(_ headers: HeaderTable) -> String {
        switch self {
        case .hmac(let scheme):
            let header = headers.names[scheme.message.signature.slot]
            let key = scheme.takesVerbatim ? "" : ", the secret decoded from base64"
            return
                "\(name) over \(scheme.message.signed.text), \(scheme.encodings.words), in \(header)\(key)"
        case .digest(let scheme):
            let header = headers.names[scheme.signature.slot]
            return "sha256 over \(scheme.signed.text), hex, in \(header)"
        case .rsaX509(let scheme):
            return "RSA with SHA-256 over \(scheme.message.signed.text), by certificate"
        case .rsa(let scheme):
            return "RSA with SHA-256 over \(scheme.message.signed.text), by published keys"
        case .oidc(let scheme):
            return "a bearer token in \(headers.names[scheme.slot]) says who sends, not what"
        case .token(let scheme): return scheme.words(headers)
        case .none: return "not at all: recorded as unauthenticated"
        }
    }
}

extension TokenScheme {
    fileprivate func words(_ headers: HeaderTable) -> String {
        let what =
            switch token {
            case .headers(let slots, let prefix):
                "\"\(prefix)SECRET\" in \(slots.map { headers.names[$0] }.joined(separator: " or "))"
            case .basic: "HTTP Basic, the secret is user:password"
            case .query(let name): "the secret in the URL's parameter \(name)"
            case .path: "the secret at the end of the URL"
            case .body(let steps): "the secret in the body at /\(steps.joined(separator: "/"))"
            }
        return "\(what): it says who sends, not what"
    }
}

extension Tolerance {
    fileprivate var words: String {
        "the signed time may be \(seconds) s old" + (isTwoSided ? " or ahead" : "")
    }
}
