import Digest
import Foundation

/// Reads certificates in PEM form.
func parse(_ pem: String) throws -> [Certificate] {
    try Certificate.parseAll(pem: Array(pem.utf8))
}

/// A throw-away certificate and its private key in PEM form, made by the `openssl` program.
struct Identity {
    enum Key: String {
        case rsa1024 = "rsa:1024"
        case rsa2048 = "rsa:2048"
        case ed25519 = "ed25519"
    }

    let pem: String
    let key: String

    /// Makes a certificate valid from now on, signed by `issuer` or by itself.
    init(
        _ name: String,
        dnsNames: [String] = [],
        key: Key = .ed25519,
        isAuthority: Bool = false,
        issuer: Identity? = nil,
        days: Int = 30
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path() }
        func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        try write("[req]\ndistinguished_name = dn\n[dn]\n", "config")
        var arguments = [
            "req", "-x509", "-config", path("config"), "-newkey", key.rawValue, "-noenc",
            "-subj", "/CN=\(name)", "-days", "\(days)", "-keyout", path("key"), "-out", path("pem"),
            "-addext", "basicConstraints=critical,CA:\(isAuthority ? "TRUE" : "FALSE")",
        ]
        if !dnsNames.isEmpty {
            let names = dnsNames.map { "DNS:\($0)" }.joined(separator: ",")
            arguments += ["-addext", "subjectAltName=\(names)"]
        }
        if let issuer {
            try write(issuer.pem, "issuer.pem")
            try write(issuer.key, "issuer.key")
            arguments += ["-CA", path("issuer.pem"), "-CAkey", path("issuer.key")]
        }
        try run("openssl", arguments)
        pem = try String(contentsOf: folder.appending(path: "pem"), encoding: .utf8)
        self.key = try String(contentsOf: folder.appending(path: "key"), encoding: .utf8)
    }

    /// The certificate, read.
    var certificate: Certificate {
        get throws { try parse(pem)[0] }
    }
}
