internal import Bytes
internal import Digest
internal import Merkle

// The log's tree is hashed by libcrypto's SHA-256.
extension SHA256: TreeHasher {}
