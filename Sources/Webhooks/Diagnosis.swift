internal import Bytes
internal import Digest

/// Looks for the mistake behind a signature that does not fit, for whoever reads the log.
///
/// Only what providers and gateways really get wrong is tried, and only for small bodies: whoever
/// forges requests must not cost more than whoever sends them.
struct Diagnosis: ~Copyable {
    let context: RequestContext
    let source: Source
    let now: Timestamp

    /// What would have fitted; `nil` if nothing that is tried does.
    func hint() -> String? {
        // What can be put right by a word in the configuration comes first.
        if let hint = optionalHint() { return hint }
        for live in source.schemes where live.named.applies(to: context, source) {
            if let hint = encodingHint(live) ?? secretHint(live) ?? bodyHint(live)
                ?? contentHint(live) ?? urlHint(live)
            {
                return hint
            }
        }
        return nil
    }

    private func check(_ keys: [Source.Key], _ context: RequestContext) -> SignatureCheck {
        SignatureCheck(
            context: context,
            source: source,
            keys: keys,
            now: now,
            fetched: FetchedTrust()
        )
    }

    private func fits(_ named: NamedScheme, _ keys: [Source.Key], _ context: RequestContext) -> Bool
    {
        let check = check(keys, context)
        guard case .verified = try? named.scheme.check(check) else { return false }
        return true
    }

    // MARK: - How the signature is written, and over what

    private func encodingHint(_ live: Source.LiveScheme) -> String? {
        guard case .hmac(var scheme) = live.named.scheme else { return nil }
        let expected = scheme.encodings.words
        scheme.encodings = .all
        let check = check(live.keys, context)
        guard case .verified = try? scheme.check(check) else { return nil }
        return "signature matches, but is written otherwise: this provider writes \(expected)"
    }

    private func contentHint(_ live: Source.LiveScheme) -> String? {
        guard case .hmac(let scheme) = live.named.scheme else { return nil }
        let check = check(live.keys, context)
        guard let codes = try? scheme.codes(check) else { return nil }
        let time = (try? scheme.message.time?.read(check))?.0 ?? ""
        let body = context.request.body
        let others: [(String, [UInt8])] = [
            ("{body}", body), ("{timestamp}.{body}", Array("\(time).".utf8) + body),
            ("{timestamp}{body}", Array(time.utf8) + body),
        ]
        for (text, message) in others where text != scheme.message.signed.text {
            for case .shared(let key) in live.keys.map(\.key) {
                var mac = key.start()
                mac.update(message.span)
                if codes.contains(mac.finish()) {
                    return
                        "signature is over \(text): this provider signs \(scheme.message.signed.text)"
                }
            }
        }
        return nil
    }

    // MARK: - The secret

    private func secretHint(_ live: Source.LiveScheme) -> String? {
        guard case .hmac(let scheme) = live.named.scheme else { return nil }
        for secret in source.secrets {
            let decoded = Self.decoded(secret.bytes)
            let others: [([UInt8]?, String)] = [
                (
                    scheme.takesVerbatim ? decoded : secret.bytes,
                    scheme.takesVerbatim
                        ? "the secret decoded from base64: this provider uses it verbatim"
                        : "the secret taken verbatim: this provider decodes it from base64"
                ),
                (Self.trimmed(secret.bytes), "the secret without the white space around it"),
            ]
            for (bytes, what) in others {
                guard let bytes, !bytes.isEmpty, bytes != secret.bytes || !scheme.takesVerbatim
                else { continue }
                let key = SchemeKey.shared(HMACKey(scheme.algorithm, key: bytes.span))
                if fits(live.named, [Source.Key(reference: "", key: key)], context) {
                    return "signature matches \(what)"
                }
            }
        }
        return nil
    }

    private static func decoded(_ secret: [UInt8]) -> [UInt8]? {
        let prefix = Array("whsec_".utf8)
        let text = secret.starts(with: prefix) ? secret[prefix.count...] : secret[...]
        return Base64.decode(text.span, padding: .optional)
    }

    private static func trimmed(_ secret: [UInt8]) -> [UInt8]? {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (9...13).contains($0) }
        let trimmed = Array(secret.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
        return trimmed == secret ? nil : trimmed
    }

    // MARK: - The body

    private func bodyHint(_ live: Source.LiveScheme) -> String? {
        let body = context.request.body
        let others: [([UInt8], String)] = [
            (
                BodyForms.withoutSpace(body),
                "body was re-serialised: signature matches without white space"
            ),
            (
                BodyForms.escaped(body),
                "signature matches the body with other than ASCII characters as \\u escapes"
            ),
            (body + [10], "signature matches the body with a line end after it"),
            (
                body.last == 10 ? Array(body.dropLast()) : body,
                "signature matches the body without its last line end"
            ),
        ]
        for (other, hint) in others where other != body {
            if fits(live.named, live.keys, context.replacing(body: other)) { return hint }
        }
        return nil
    }

    // MARK: - The URL

    private func urlHint(_ live: Source.LiveScheme) -> String? {
        guard live.named.scheme.signed?.hasURL == true else { return nil }
        let url = context.url
        var others: [String] = []
        if url.hasPrefix("https:") { others.append("http:" + url.dropFirst(6)) }
        if url.hasPrefix("http:") { others.append("https:" + url.dropFirst(5)) }
        others.append(url.hasSuffix("/") ? String(url.dropLast()) : url + "/")
        let bare = String(url.prefix { $0 != "?" })
        if bare != url { others.append(bare) }
        for other in others where fits(live.named, live.keys, context.replacing(url: other)) {
            return "signature matches the URL \(other.prefix { $0 != "?" }); set the source's url"
        }
        return nil
    }

    // MARK: - Other schemes

    /// Whether a scheme fits that the source would have to ask for.
    private func optionalHint() -> String? {
        for named in source.provider.schemes
        where !source.schemes.contains(where: { $0.named.name == named.name }) {
            if case .none = named.scheme { continue }
            let keys = source.secrets.compactMap { secret in
                named.scheme.key(secret.bytes).map { Source.Key(reference: "", key: $0) }
            }
            if named.applies(to: context, source), fits(named, keys, context) {
                return "signature matches scheme \(named.name): name it in the source's scheme"
            }
        }
        return nil
    }
}

/// Other ways to write a body that a careless gateway makes of it.
enum BodyForms {
    /// JSON without the white space between its parts.
    static func withoutSpace(_ body: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(body.count)
        var isString = false
        var isEscaped = false
        for byte in body {
            if isString {
                output.append(byte)
                if !isEscaped, byte == UInt8(ascii: "\"") { isString = false }
                isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            } else if ![0x20, 0x09, 0x0a, 0x0d].contains(byte) {
                output.append(byte)
                isString = byte == UInt8(ascii: "\"")
            }
        }
        return output
    }

    /// Every character beyond ASCII as `\u` and four lower-case digits, in UTF-16.
    static func escaped(_ body: [UInt8]) -> [UInt8] {
        if body.allSatisfy({ $0 < 0x80 }) { return body }
        var output: [UInt8] = []
        for unit in String(decoding: body, as: UTF8.self).utf16 {
            if unit < 0x80 {
                output.append(UInt8(unit))
            } else {
                let digits = String(unit, radix: 16)
                output.append(contentsOf: Array("\\u".utf8))
                output.append(contentsOf: String(repeating: "0", count: 4 - digits.count).utf8)
                output.append(contentsOf: digits.utf8)
            }
        }
        return output
    }
}

extension Refusal {
    /// The same with what would have fitted, where that can be told at a small price.
    func explained(
        _ context: RequestContext,
        _ source: Source,
        _ now: Timestamp
    ) -> Refusal {
        let words: [Word] = [.signatureMismatch, .malformedSignature]
        guard words.contains(word), context.request.body.count <= WebhookLimits.diagnosedBytes
        else {
            return self
        }
        let diagnosis = Diagnosis(context: context, source: source, now: now)
        guard let hint = diagnosis.hint() else { return self }
        return Refusal(word, "\(text); \(hint)", status: status)
    }
}
