/// The hashes that webhook providers sign with.
package enum HashAlgorithm: Sendable {
    case sha1
    case sha256
    case sha512

    /// Bytes of a digest.
    package var digestCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// Bytes that the compression function takes at once.
    var blockCount: Int {
        self == .sha512 ? 128 : 64
    }
}
