/// The bytes of a stream between its producer and its taker, and what both have said: pure.
///
/// Every change tells what has to be done about it; who holds the buffer does it.
struct StreamBuffer {
    private let capacity: Int
    private var bytes: [UInt8] = []
    /// Where in `bytes` those begin that were not taken yet.
    private var start = 0
    /// Bytes taken ever.
    private var taken = 0
    /// Bytes announced to the client; `nil` if that is open.
    private var length: Int?
    private var end = End.open
    private var taker = Taker.expected
    /// Whether the producer was told to wait, and not yet that there is room.
    private var isFull = false
    /// Whether the taker waits for bytes or an end.
    private var isStarving = false

    /// What the producer has said about the end.
    enum End {
        case open, whole, failed
    }

    /// Where the other side is.
    enum Taker {
        case expected, taking
        /// Has all that it is to get.
        case satisfied
        case gone
    }

    /// What the producer is to be told.
    enum News {
        case room, gone
    }

    /// What the taker finds.
    enum Step: Equatable {
        case bytes(Int, makesRoom: Bool)
        /// Nothing yet; who adds something wakes the taker.
        case starving
        case whole
        case broken
    }

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    /// Bytes that wait to be taken.
    var count: Int { bytes.count - start }

    /// Adds a piece, unless the end has come or nobody takes it.
    mutating func add(_ piece: Span<UInt8>) -> (hasRoom: Bool, wakes: Bool) {
        guard end == .open, taker == .expected || taker == .taking else { return (true, false) }
        if piece.isEmpty { return (!isFull, false) }
        // What moves was taken in at most as many bytes before, so that a byte moves once.
        if start > 0 && start >= count {
            bytes.removeFirst(start)
            start = 0
        }
        unsafe piece.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        if count >= capacity { isFull = true }
        return (!isFull, takeStarving())
    }

    /// Ends the stream; only the first end counts.
    mutating func close(_ end: End) -> (isFirst: Bool, wakes: Bool) {
        guard self.end == .open else { return (false, false) }
        self.end = end
        if end == .failed { drop() }
        return (true, takeStarving())
    }

    /// Gets a taker; false if there was one.
    mutating func attach(length: Int?, takesBytes: Bool) -> (isFirst: Bool, news: News?) {
        guard taker == .expected else { return (false, nil) }
        self.length = length
        taker = takesBytes ? .taking : .satisfied
        if takesBytes { return (true, nil) }
        drop()
        return (true, end == .open && isFull ? .room : nil)
    }

    /// Moves bytes out to the taker, as many as are there and fit.
    mutating func take(into buffer: UnsafeMutableBufferPointer<UInt8>) -> Step {
        guard taker == .taking, end != .failed else { return .broken }
        // More than was announced would be read as the next answer.
        if let length, taken + count > length { return .broken }
        if count == 0 {
            if end == .whole { return length == nil || length == taken ? .whole : .broken }
            isStarving = true
            return .starving
        }
        let size = min(count, buffer.count)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            let piece = unsafe UnsafeBufferPointer(rebasing: bytes[start..<start + size])
            _ = unsafe buffer.update(fromContentsOf: piece)
        }
        start += size
        taken += size
        if count == 0 { recycle() }
        let makesRoom = isFull && count <= capacity / 2
        if makesRoom { isFull = false }
        return .bytes(size, makesRoom: makesRoom && end == .open)
    }

    /// Loses its taker.
    mutating func leave() -> News? {
        guard taker == .expected || taker == .taking else { return nil }
        let hasAll = taker == .taking && length == taken && count == 0
        taker = hasAll ? .satisfied : .gone
        isStarving = false
        drop()
        return end == .open && !hasAll ? .gone : nil
    }

    private mutating func takeStarving() -> Bool {
        let was = isStarving
        isStarving = false
        return was
    }

    private mutating func drop() {
        bytes = []
        start = 0
    }

    /// Keeps the memory for further bytes, unless a piece beyond the capacity made it large.
    private mutating func recycle() {
        start = 0
        if bytes.capacity > 2 * capacity {
            bytes = []
        } else {
            bytes.removeAll(keepingCapacity: true)
        }
    }
}
