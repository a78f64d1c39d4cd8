internal import Bytes
internal import JSON

/// Checks requests that were captured, one JSON object each (`daybook hooks verify`).
///
/// Fields: `id`, `provider`, `use_scheme`, `secret`, `previous_secret`, `public_key_pem`,
/// `public_jwk`, `webhook_id`, `expected` (`aud`, `email`), `headers`, `content_type`, `body`,
/// `method`, `url`, `now_unix`, `tolerance_s`. Only the signature and its time are checked; without
/// `now_unix` the signed time counts as now.
package struct CapturedCheck: ~Copyable {
    /// What a request was found to be.
    package struct Result: Sendable {
        /// The request's `id`.
        package let id: String
        /// Whether it would pass.
        package let isValid: Bool
        /// Why it would not, or what it is.
        package let reason: String

        /// `{"id":…,"result":"valid"|"invalid","reason":…}` and a line end.
        package var line: [UInt8] {
            var line: [UInt8] = []
            line.append(ascii: "{\"id\":")
            CanonicalJSON.appendString(id, to: &line)
            line.append(ascii: isValid ? ",\"result\":\"valid\"" : ",\"result\":\"invalid\"")
            line.append(ascii: ",\"reason\":")
            CanonicalJSON.appendString(reason, to: &line)
            line.append(ascii: "}\n")
            return line
        }
    }

    private let providers: Providers
    private var parser = JSONParser()

    /// Checks by the providers of the catalog.
    package init(providers: Providers) {
        self.providers = providers
    }

    /// Checks the request that one line describes.
    package mutating func check(_ line: Span<UInt8>) -> Result {
        do throws(JSONError) {
            let captured = CapturedRequest(try parser.parse(line))
            return check(captured)
        } catch {
            return Result(id: "", isValid: false, reason: "not a captured request: \(error)")
        }
    }

    private func check(_ captured: CapturedRequest) -> Result {
        do {
            guard let provider = try providers.provider(named: captured.provider) else {
                throw Problem("no provider is called \(captured.provider); see daybook providers")
            }
            let source = try Source(captured: captured, provider)
            let reason = try Self.verify(captured, source)
            return Result(id: captured.id, isValid: true, reason: reason)
        } catch {
            let reason = (error as? Refusal)?.reason ?? "\(error)"
            return Result(id: captured.id, isValid: false, reason: reason)
        }
    }

    /// What a request is found to be; refuses it or says what is missing.
    private static func verify(_ captured: CapturedRequest, _ source: Source) throws -> String {
        let provider = source.provider
        let context = RequestContext(captured.request, provider.headers, base: nil)
        if let answer = try provider.unsignedReply(to: context, source) {
            return described(answer)
        }
        if source.needsSecret {
            throw Problem("no secret is given, or none in the form of \(provider.name)")
        }
        let isToken = source.schemes.contains {
            if case .oidc = $0.named.scheme { true } else { false }
        }
        if isToken, captured.now == nil {
            throw Problem("now_unix is not given, and a bearer token is good for an hour only")
        }
        // Without a moment to check at, the signed time counts as now.
        let now = captured.now ?? Timestamp(microseconds: 0)
        let tolerance = captured.now == nil ? nil : source.tolerance
        let result: Verification.Result
        do throws(Refusal) {
            result = try Verification.run(
                context,
                source,
                now,
                FetchedTrust(),
                tolerance: tolerance
            )
        } catch {
            throw error.explained(context, source, now)
        }
        switch result {
        case .needs(let document):
            throw Problem("\(document) is needed as public_key_pem or public_jwk")
        case .verified(let proof):
            return try signedAnswer(context, source)
                ?? proof.by.map { "verified by \($0)" } ?? "nothing to verify"
        }
    }

    /// What a signed question is answered.
    private static func signedAnswer(_ context: RequestContext, _ source: Source) throws -> String?
    {
        guard source.provider.handshakes.contains(where: \.isSigned) else { return nil }
        let body = context.request.body
        var parser = JSONParser()
        guard let content = try? parser.parse(body.span) else { return nil }
        return try source.provider.signedReply(to: context, content, source).map(described)
    }

    private static func described(_ answer: Answer) -> String {
        let body = String(decoding: answer.body.prefix(200), as: UTF8.self)
        return "handshake, answered \(answer.status)" + (body.isEmpty ? "" : " \(body)")
    }

    private struct Problem: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }
}
