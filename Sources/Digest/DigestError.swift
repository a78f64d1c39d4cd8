internal import COpenSSL

/// Why a key, a certificate or a signature could not be made or read.
package enum DigestError: Error, Equatable {
    /// A key of `expected` bytes was asked for and one of `found` bytes given.
    case keyLength(expected: Int, found: Int)
    /// An RSA key of `bits` was given; only `RSAKey.bits` are accepted.
    case keyStrength(bits: Int)
    /// The key is of another kind than `expected`, for example an elliptic curve for "RSA".
    case keyKind(expected: String)
    /// The text holds no certificate in PEM form (RFC 7468).
    case noCertificate
    /// The certificate at `index`, counted from 0, cannot be read.
    case malformedCertificate(index: Int, reason: String)
    /// libcrypto refused `operation`.
    case library(operation: String, reason: String)

    /// Takes the reason from libcrypto's queue of errors, and leaves the queue empty.
    ///
    /// The queue belongs to the thread: what stays in it would be mistaken for an error of the next
    /// user, such as a TLS connection.
    static func library(_ operation: String) -> DigestError {
        .library(operation: operation, reason: takeLibraryReason())
    }
}

extension DigestError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .keyLength(let expected, let found):
            "key has \(found) bytes, expected \(expected)"
        case .keyStrength(let bits):
            "rsa key has \(bits) bits, expected 2048 to 8192"
        case .keyKind(let expected):
            "key is of another kind, expected \(expected)"
        case .noCertificate:
            "no certificate in pem form found"
        case .malformedCertificate(let index, let reason):
            "certificate \(index) cannot be read: \(reason)"
        case .library(let operation, let reason):
            "\(operation) failed: \(reason)"
        }
    }
}

/// Empties the thread's queue of errors and names the first, in libcrypto's words.
func takeLibraryReason() -> String {
    let code = ERR_get_error()
    ERR_clear_error()
    guard let reason = unsafe ERR_reason_error_string(code) else { return "no reason given" }
    return unsafe String(cString: reason)
}
