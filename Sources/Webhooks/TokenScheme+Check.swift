internal import Bytes
internal import Digest
internal import JSON

extension TokenScheme {
    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let candidates = try candidates(check)
        guard !candidates.isEmpty else {
            throw Refusal(.missingToken, "the request has no \(what)")
        }
        var verified: String?
        for live in check.keys {
            guard case .text(let secret) = live.key else { continue }
            var fitsAll = true
            for candidate in candidates where !constantTimeEquals(secret.span, candidate.span) {
                fitsAll = false
            }
            if fitsAll, verified == nil { verified = live.reference }
        }
        guard let verified else {
            throw Refusal(
                .wrongToken,
                candidates.count == 1
                    ? "the \(what) is not the source's" : "not every \(what) is the source's"
            )
        }
        return .verified(by: verified, as: name, at: nil)
    }

    /// What must be equal to a secret, every one of them.
    private func candidates(_ check: borrowing SignatureCheck) throws(Refusal) -> [[UInt8]] {
        let context = check.context
        switch token {
        case .headers(let slots, let prefix):
            var values: [String] = []
            if let name = check.source.tokenHeader {
                guard let value = context.value(name) else {
                    throw Refusal(.missingHeader, "header \(name) is not there exactly once")
                }
                values = [value]
            } else {
                for slot in slots {
                    if context.slots.find(slot, in: context.request) == .missing { continue }
                    let value = try context.slots.required(slot, in: context.request, context.table)
                    values.append(value)
                }
            }
            return values.map { Self.token($0, after: prefix) }
        case .basic(let slot):
            let value = try context.slots.required(slot, in: context.request, context.table)
            let code = Self.token(value, after: "Basic ")
            guard code.count < value.utf8.count, let text = Base64.decode(code.span)
            else { throw Refusal(.malformedToken, "header authorization is not HTTP Basic") }
            return [text]
        case .query(let name): return context.parameter(name).map { [Array($0.utf8)] } ?? []
        case .path: return context.pathSecret.map { [Array($0.utf8)] } ?? []
        case .body(let steps): return try inBody(steps, check)
        }
    }

    /// What follows a prefix, whose case does not matter (RFC 9110 section 11.1); all without it.
    private static func token(_ value: String, after prefix: String) -> [UInt8] {
        let bytes = Array(value.utf8)
        let start = bytes.prefix(prefix.utf8.count)
        let isThere = start.elementsEqual(prefix.utf8) { ASCII.lower($0) == ASCII.lower($1) }
        return isThere ? Array(bytes.dropFirst(start.count)) : bytes
    }

    private func inBody(
        _ steps: [String],
        _ check: borrowing SignatureCheck
    ) throws(Refusal) -> [[UInt8]] {
        let body = check.context.request.body
        let text = try check.source.provider.content.jsonText(body.span) ?? body
        var parser = JSONParser()
        var found: [[UInt8]] = []
        do throws(JSONError) {
            let content = try parser.parse(text.span)
            let isXML = check.source.provider.content == .xml
            content.forEach(steps[...], path: "", isXML: isXML) { value, _ in
                found.append(value?.scalarText.map { Array($0.utf8) } ?? [])
            }
        } catch {
            throw Refusal(.notJSON, "body: \(error)", status: 400)
        }
        return found
    }

    private var what: String {
        switch token {
        case .headers: "token in its header"
        case .basic: "user and password"
        case .query: "secret in its URL"
        case .path: "secret in its path"
        case .body(let steps): "secret at /\(steps.joined(separator: "/"))"
        }
    }
}
