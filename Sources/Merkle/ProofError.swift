/// Why an inclusion or consistency proof does not hold.
package enum ProofError: Error, Hashable {
    /// The leaf's index is not below the tree's size.
    case indexBeyondSize(index: UInt64, size: UInt64)
    /// The older tree is empty, so that there is nothing to prove.
    case oldSizeZero
    /// The older tree is larger than the newer.
    case oldSizeAboveNew(oldSize: UInt64, newSize: UInt64)
    /// The path has more hashes than lead to the root, or than any proof may have.
    case pathTooLong(count: Int)
    /// The path ends before the root.
    case pathTooShort(count: Int)
    /// The path leads to another root than that of the older tree.
    case oldRootDiffers
    /// The path leads to another root than that of the tree.
    case rootDiffers
}

extension ProofError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .indexBeyondSize(let index, let size):
            "proof is for leaf \(index) of a tree of \(size) leaves, which has no such leaf"
        case .oldSizeZero:
            "consistency with an empty tree proves nothing"
        case .oldSizeAboveNew(let old, let new):
            "proof is from size \(old) to the smaller size \(new)"
        case .pathTooLong(let count):
            "proof has \(count) hashes, more than lead to the root"
        case .pathTooShort(let count):
            "proof has \(count) hashes, fewer than lead to the root"
        case .oldRootDiffers:
            "proof does not lead to the older root"
        case .rootDiffers:
            "proof does not lead to the root"
        }
    }
}
