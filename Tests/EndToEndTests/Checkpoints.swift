import Bytes
import Digest
import Merkle

/// The hashes of a tree as module Digest computes them.
enum Hasher: TreeHasher {
    static func hash(_ bytes: Span<UInt8>) -> Hash256 { SHA256.hash(bytes) }
    static func leaf(_ entry: Span<UInt8>) -> Hash256 { SHA256.leaf(entry) }
    static func node(_ left: Hash256, _ right: Hash256) -> Hash256 { SHA256.node(left, right) }
}

/// The checkpoint of a note, after its signature was checked with nothing but a vkey.
func verifiedCheckpoint(_ note: [UInt8], by vkey: String) throws -> Checkpoint {
    let signed = try SignedNote(note.span)
    let key = try VKey(vkey, using: Hasher.self)
    _ = try signed.verify(with: [key]) { publicKey, signature, message in
        var bytes: [UInt8] = []
        for index in publicKey.indices { bytes.append(publicKey[index]) }
        guard let verifying = try? VerifyingKey(publicKey: bytes) else { return false }
        return verifying.verify(signature, message)
    }
    return try Checkpoint(signed.text.span)
}

/// What a tlog-proof proves of a line, after all of it was checked with nothing but a vkey.
func verifiedProof(
    _ text: [UInt8],
    of line: [UInt8],
    by vkey: String
) throws -> (index: UInt64, checkpoint: Checkpoint) {
    let proof = try TLogProof(text.span)
    let checkpoint = try verifiedCheckpoint(proof.checkpoint, by: vkey)
    let inclusion = InclusionProof(index: proof.index, size: checkpoint.size, path: proof.path)
    try inclusion.verify(leaf: Hasher.leaf(line.span), root: checkpoint.root, using: Hasher.self)
    return (proof.index, checkpoint)
}

/// The lines of an entry bundle.
func entries(of bundle: [UInt8]) throws -> [[UInt8]] {
    try EntryBundle.entries(of: bundle.span).map { Array(bundle[$0]) }
}
