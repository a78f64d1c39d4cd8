internal import Bytes
internal import Digest
internal import JSON

/// Checks requests that were captured, one JSON object each (`daybook hooks verify`).
///
/// Fields: `id`, `provider`, `secret`, `previous_secret`, `public_key_pem`, `webhook_id`, `headers`,
/// `body`, `method`, `url`, `now_unix`, `tolerance_s`. Only the signature and its time are checked;
/// without `now_unix` the signed time counts as now.
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

    private let catalog: Catalog
    private var parser = JSONParser()

    /// Checks by the providers of `catalog`.
    package init(catalog: Catalog) {
        self.catalog = catalog
    }

    /// Checks the request that one line describes.
    package mutating func check(_ line: Span<UInt8>) -> Result {
        do throws(JSONError) {
            let captured = Captured(try parser.parse(line))
            return check(captured)
        } catch {
            return Result(id: "", isValid: false, reason: "not a captured request: \(error)")
        }
    }

    private func check(_ captured: Captured) -> Result {
        func result(_ isValid: Bool, _ reason: String) -> Result {
            Result(id: captured.id, isValid: isValid, reason: reason)
        }
        guard let provider = catalog[captured.provider] else {
            return result(
                false,
                "no provider is called \(captured.provider); see daybook hooks providers"
            )
        }
        if provider.handshakes.contains(where: { $0.matches(captured.request) }) {
            return result(true, "handshake")
        }
        do {
            let certificates = try captured.pem.map { try Certificate.parseAll(pem: $0) } ?? []
            let twoSided = provider.tolerance?.isTwoSided ?? true
            let tolerance = captured.tolerance.map {
                Tolerance(seconds: $0, isTwoSided: twoSided)
            }
            let source = Source(
                capturedFor: provider,
                secrets: captured.secrets,
                certificates: certificates,
                webhookID: captured.webhookID,
                tolerance: tolerance ?? provider.tolerance
            )
            if case .hmac = provider.scheme, source.keys.isEmpty {
                return result(false, "no secret is given, or none in the form of \(provider.name)")
            }
            return try Self.verify(captured, source)
        } catch {
            return result(false, (error as? Refusal)?.reason ?? "\(error)")
        }
    }

    private static func verify(_ captured: Captured, _ source: Source) throws -> Result {
        let provider = source.provider
        let slots = HeaderSlots(captured.request.headers, provider.headers)
        let check = SignatureCheck(
            request: captured.request,
            slots: slots,
            table: provider.headers,
            source: source,
            now: captured.now ?? Timestamp(microseconds: 0),
            url: captured.url,
            certificates: [:]
        )
        switch try provider.scheme.check(check) {
        case .needsCertificate(let url):
            return Result(
                id: captured.id,
                isValid: false,
                reason: "the certificate at \(url) is needed as public_key_pem"
            )
        case .verified(let secret, _, let time):
            if let time, let now = captured.now { try source.tolerance?.check(time, now: now) }
            return Result(
                id: captured.id,
                isValid: true,
                reason: secret.map { "verified by \($0)" } ?? "nothing to verify"
            )
        }
    }
}

/// A captured request as its line describes it.
private struct Captured {
    let id: String
    let provider: String
    let secrets: [[UInt8]]
    let pem: [UInt8]?
    let webhookID: String
    let request: InboundRequest
    let url: String
    let now: Timestamp?
    let tolerance: Int64?

    init(_ value: JSONValue) {
        func text(_ name: String) -> String? { value.member(name)?.string }
        func number(_ name: String) -> Int64? { value.member(name)?.int64 }
        id = value.member("id")?.scalarText ?? ""
        provider = text("provider") ?? ""
        secrets = [text("secret"), text("previous_secret")].compactMap { $0.map { Array($0.utf8) } }
        pem = text("public_key_pem").map { Array($0.utf8) }
        webhookID = text("webhook_id") ?? ""
        url = text("url") ?? ""
        now = number("now_unix").flatMap { Timestamp(unixSeconds: $0) }
        tolerance = number("tolerance_s")
        var headers: [(name: String, value: String)] = []
        value.member("headers")?.forEachMember { member in
            if let text = member.value.scalarText { headers.append((member.name, text)) }
            member.value.forEachElement { element in
                if let text = element.string { headers.append((member.name, text)) }
            }
        }
        request = InboundRequest(
            method: text("method") ?? "POST",
            target: text("url") ?? "",
            headers: headers,
            body: Array((text("body") ?? "").utf8)
        )
    }
}
