/// Why a certificate is not trusted.
package enum CertificateError: Error, Equatable {
    /// A certificate of the chain was valid until `notAfter`, in Unix seconds.
    case expired(subject: String, notAfter: Int)
    /// A certificate of the chain is valid from `notBefore` on, in Unix seconds.
    case notYetValid(subject: String, notBefore: Int)
    /// No chain leads from the certificate to an anchor; `subject` is where it breaks off.
    case unknownIssuer(subject: String, reason: String)
    /// The certificate's DNS names, `found`, do not cover the expected host.
    case wrongHost(expected: String, found: [String])
    /// A key or a signature of the chain is too weak to prove anything.
    case weak(subject: String, reason: String)
    /// The chain breaks another rule of RFC 5280, section 6.
    case refused(subject: String, reason: String)
    /// libcrypto could not do its work, for example for want of memory.
    case library(operation: String, reason: String)
}

extension CertificateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .expired(let subject, let notAfter):
            "certificate of \(subject) expired at unix time \(notAfter)"
        case .notYetValid(let subject, let notBefore):
            "certificate of \(subject) is not valid before unix time \(notBefore)"
        case .unknownIssuer(let subject, let reason):
            "certificate of \(subject) does not lead to a trusted one: \(reason)"
        case .wrongHost(let expected, let found):
            "certificate is for \(found.joined(separator: ", ")), expected \(expected)"
        case .weak(let subject, let reason):
            "certificate of \(subject) is too weak: \(reason)"
        case .refused(let subject, let reason):
            "certificate of \(subject) is refused: \(reason)"
        case .library(let operation, let reason):
            "\(operation) failed: \(reason)"
        }
    }
}

extension CertificateError {
    /// Takes the reason from libcrypto's queue of errors, and leaves the queue empty.
    static func library(_ operation: String) -> CertificateError {
        .library(operation: operation, reason: takeLibraryReason())
    }
}
