/// Pseudo-random choices that a seed makes repeatable (SplitMix64).
struct Chance {
    private var state: UInt64

    /// Begins at a seed; streams of one seed have nothing to do with each other.
    init(seed: UInt64, stream: UInt64 = 0) {
        state = seed
        state = next() &+ stream
        state = next()
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A number from 0 to less than `count`.
    mutating func below(_ count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// A number in a range.
    mutating func within(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + below(range.count)
    }

    /// Whether something happens that happens so many times in a thousand.
    mutating func happens(_ perMille: Int) -> Bool { below(1000) < perMille }

    /// One of several things.
    mutating func pick<T>(_ things: [T]) -> T { things[below(things.count)] }

    /// So many characters of an alphabet.
    mutating func text(_ count: Int, of alphabet: [UInt8] = Alphabet.letters) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for _ in 0..<count { bytes.append(pick(alphabet)) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The characters that names made by machines consist of.
enum Alphabet {
    static let letters = Array(
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789".utf8
    )
    static let capitals = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".utf8)
    static let lowerCase = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    static let hex = Array("0123456789abcdef".utf8)
    static let base64 = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    )
}
