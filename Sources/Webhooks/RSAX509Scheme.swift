internal import Bytes
internal import Digest
internal import YAML

/// RSA (PKCS #1 v1.5, SHA-256) with the key of an X.509 certificate, as PayPal signs.
///
/// The certificate is pinned in the source's configuration, or named by a URL within the
/// provider's own domain, fetched, and trusted if a chain leads to an authority of the system.
struct RSAX509Scheme: Sendable {
    /// The line's `authtype`.
    static let name = "rsa-x509"

    let message: SignedMessage
    private let algorithm: (slot: Int, name: String)
    private let certificateSlot: Int
    private let domains: [String]

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        let keys = try node.mapping(allowed: SignedMessage.keys + ["algorithm", "certificate"])
        message = try SignedMessage(keys, &headers)
        let algorithm = try keys.required("algorithm").mapping(allowed: ["header", "is"])
        let algorithmName = try algorithm.required("header")
        self.algorithm = (
            try headers.slot(named: try algorithmName.string, algorithmName),
            try algorithm.required("is").string
        )
        let certificate = try keys.required("certificate").mapping(allowed: ["header", "domains"])
        let certificateName = try certificate.required("header")
        certificateSlot = try headers.slot(named: try certificateName.string, certificateName)
        var domains: [String] = []
        for node in try certificate.required("domains").list { domains.append(try node.string) }
        self.domains = domains
    }

    func check(_ check: borrowing SignatureCheck) throws(Refusal) -> Scheme.Proof {
        let name = try check.required(algorithm.slot)
        guard name == algorithm.name else {
            throw Refusal(.unknownAlgorithm, "the algorithm is not \(algorithm.name)")
        }
        let url = try check.required(certificateSlot)
        let host = try checkURL(url)
        let stamp = try message.time?.read(check)
        guard let text = try message.signature.values(check).first,
            let signature = Base64.decode(text.utf8Span.span)
        else {
            throw Refusal(.malformedSignature, "the signature is not base64")
        }
        let message = try message.bytes(check, timestamp: stamp?.0 ?? "")
        for (index, certificate) in check.source.certificates.enumerated()
        where certificate.verifyRSASHA256(signature: signature.span, message: message.span) {
            return .verified(by: "certificate \(index + 1)", as: Self.name, at: stamp?.1)
        }
        if !check.source.certificates.isEmpty {
            throw Refusal(.signatureMismatch, "the signature does not fit a pinned certificate")
        }
        guard let chain = check.fetched.certificates[url], let leaf = chain.first else {
            return .needs(.certificates(url: url))
        }
        try validate(leaf, chain, host, check.now)
        guard leaf.verifyRSASHA256(signature: signature.span, message: message.span) else {
            throw Refusal(.signatureMismatch, "the signature does not fit the certificate")
        }
        return .verified(by: "certificate of \(host)", as: Self.name, at: stamp?.1)
    }

    /// The domain of a URL that may name a certificate: `https`, the provider's own host.
    private func checkURL(_ url: String) throws(Refusal) -> String {
        let refusal = Refusal(
            .certificateURL,
            "the certificate's URL is not https within \(domains.joined(separator: ", "))"
        )
        let scheme = "https://"
        guard url.hasPrefix(scheme), url.utf8.count <= 1024,
            url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
        else { throw refusal }
        let host = url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        // A port, a user or a backslash could make another reader see another host.
        let isPlain = host.utf8.allSatisfy {
            ASCII.lower($0) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2d || $0 == 0x2e
        }
        let name = host.lowercased()
        guard isPlain,
            let domain = domains.first(where: { name == $0 || name.hasSuffix(".\($0)") })
        else { throw refusal }
        return domain
    }

    private func validate(
        _ leaf: Certificate,
        _ chain: [Certificate],
        _ domain: String,
        _ now: Timestamp
    ) throws(Refusal) {
        do {
            try TrustStore.system().validate(
                leaf: leaf,
                intermediates: Array(chain.dropFirst()),
                at: Int(now.microseconds / 1_000_000),
                host: .domain(domain)
            )
        } catch {
            throw Refusal(.untrustedCertificate, "the certificate is not trusted: \(error)")
        }
    }
}
