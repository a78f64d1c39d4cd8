import Bytes
import Digest
import Foundation
import Synchronization

/// A throw-away RSA key with its certificate, made by the `openssl` program.
final class Identity: Sendable {
    /// The certificate.
    let pem: String
    /// The private key.
    let key: String
    /// What was signed before: a signature of this kind is always the same.
    private let signatures = Mutex<[[UInt8]: [UInt8]]>([:])

    /// A key for PayPal's host, signed by nobody but itself; one for all tests.
    static let payPal = Result { try Identity("messageverificationcerts.paypal.com") }
    /// Another of the same name.
    static let impostor = Result { try Identity("messageverificationcerts.paypal.com") }

    private init(_ host: String) throws {
        (pem, key) = try Self.inFolder { folder in
            try run([
                "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-subj", "/CN=\(host)",
                "-addext", "subjectAltName=DNS:\(host)", "-days", "30",
                "-keyout", "\(folder)/key", "-out", "\(folder)/pem",
            ])
            return (
                try String(contentsOfFile: "\(folder)/pem", encoding: .utf8),
                try String(contentsOfFile: "\(folder)/key", encoding: .utf8)
            )
        }
    }

    /// The public key as a JSON Web Key of that id.
    func jwk(_ id: String) throws -> String {
        let numbers = try RSAKey.parseAll(pem: Array(pem.utf8))[0].numbers
        let (n, e) = (
            Base64.encodeURL(numbers.modulus.span), Base64.encodeURL(numbers.exponent.span)
        )
        return "{\"kty\":\"RSA\",\"kid\":\"\(id)\",\"n\":\"\(n)\",\"e\":\"\(e)\"}"
    }

    /// Signs a message as PayPal does: RSA, PKCS #1 v1.5, SHA-256.
    func sign(_ message: [UInt8]) throws -> [UInt8] {
        if let known = signatures.withLock({ $0[message] }) { return known }
        let signature = try signNow(message)
        signatures.withLock { $0[message] = signature }
        return signature
    }

    private func signNow(_ message: [UInt8]) throws -> [UInt8] {
        try Self.inFolder { folder in
            try Data(key.utf8).write(to: URL(filePath: "\(folder)/key"))
            try Data(message).write(to: URL(filePath: "\(folder)/message"))
            try run([
                "dgst", "-sha256", "-sign", "\(folder)/key", "-out", "\(folder)/signature",
                "\(folder)/message",
            ])
            return try Array(Data(contentsOf: URL(filePath: "\(folder)/signature")))
        }
    }

    private static func inFolder<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder.path())
    }
}

struct ProgramFailure: Error {
    let arguments: [String]
    let errors: String
}

/// Runs `openssl` to its end.
private func run(_ arguments: [String]) throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let text = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw ProgramFailure(arguments: arguments, errors: String(decoding: text, as: UTF8.self))
    }
}
