/// A body that grows up to a limit.
struct BoundedBody {
    let limit: Int
    private(set) var bytes: [UInt8] = []
    /// Whether there was more than the limit allows.
    private(set) var isCut = false

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes all of `piece`, or nothing if that were too much.
    mutating func append(_ piece: UnsafeRawBufferPointer) -> Bool {
        isCut = piece.count > limit - bytes.count
        if !isCut { unsafe bytes.append(contentsOf: piece) }
        return !isCut
    }
}
