/// Why a server could not start.
package enum HTTPServerError: Error, Hashable {
    /// Nothing is known under the name or address to listen on.
    case unknownAddress(String, reason: String)
    /// The address exists and cannot be listened on; `code` is the system's errno.
    case cannotListen(address: String, port: UInt16, code: Int32, reason: String)
    /// Certificate and key are not PEM, do not belong together, or are not supported.
    case unusableCertificate(reason: String)
    /// The system refused a thread, a descriptor or memory.
    case noResources(operation: String, reason: String)
}

extension HTTPServerError: CustomStringConvertible {
    /// What was attempted and what was found, in one line.
    package var description: String {
        switch self {
        case .unknownAddress(let address, let reason):
            "listen on \(address): unknown address: \(reason)"
        case .cannotListen(let address, let port, _, let reason):
            "listen on \(address) port \(port): \(reason)"
        case .unusableCertificate(let reason):
            "use the tls certificate and key: \(reason)"
        case .noResources(let operation, let reason):
            "\(operation): \(reason)"
        }
    }
}
