internal import YAML

/// How a provider writes the URL that it signs.
struct SignedURL: Sendable {
    /// The percent-encoded bytes that are decoded first, in upper case; none others are.
    private let decoded: [String]
    /// Whether the port may be written or left out.
    private let hasEitherPort: Bool

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["decode", "ports"])
        var decoded: [String] = []
        for node in try keys["decode"]?.list ?? [] {
            let text = try node.string
            guard text.utf8.count == 3, text.hasPrefix("%"), text == text.uppercased() else {
                throw node.mismatch(expected: "such as %2F")
            }
            decoded.append(text)
        }
        self.decoded = decoded
        hasEitherPort = try keys["ports"]?.word(of: ["both"]) == "both"
    }

    /// The first variant, as the provider itself writes it.
    func plain(_ check: borrowing SignatureCheck) -> String { decode(check.context.url) }

    /// The ways to write `url`, as it is first.
    func variants(of url: String) -> [String] {
        let url = decode(url)
        return hasEitherPort ? [url] + Self.otherPorts(url) : [url]
    }

    private func decode(_ url: String) -> String {
        if decoded.isEmpty { return url }
        var bytes: [UInt8] = []
        let source = Array(url.utf8)
        var position = 0
        while position < source.count {
            if source[position] == UInt8(ascii: "%"), position + 2 < source.count,
                let value = value(source[(position + 1)...(position + 2)])
            {
                bytes.append(value)
                position += 3
            } else {
                bytes.append(source[position])
                position += 1
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The byte that two hex digits stand for, if it is among those decoded.
    private func value(_ digits: ArraySlice<UInt8>) -> UInt8? {
        let code = "%" + String(decoding: digits, as: UTF8.self).uppercased()
        return decoded.contains(code) ? UInt8(code.dropFirst(), radix: 16) : nil
    }

    /// The URL without its port, or with the scheme's own.
    private static func otherPorts(_ url: String) -> [String] {
        guard let mark = url.firstRange(of: "://"), !url.contains("[") else { return [] }
        let scheme = url[..<mark.lowerBound]
        let rest = url[mark.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let tail = rest[authority.endIndex...]
        let host = authority.prefix { $0 != ":" }
        if host.endIndex < authority.endIndex { return ["\(scheme)://\(host)\(tail)"] }
        let port = scheme == "https" ? "443" : "80"
        return ["\(scheme)://\(host):\(port)\(tail)"]
    }
}
