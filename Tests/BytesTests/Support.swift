import Bytes

/// SplitMix64: the same numbers on every run of a test.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &self) }
    }
}

/// The UTF-8 of a string, as an array that can lend a span.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// What `write` appends to an empty array, as text.
func text<E: Error>(_ write: (inout [UInt8]) throws(E) -> Void) throws(E) -> String {
    var output: [UInt8] = []
    try write(&output)
    return String(repairing: output.span)
}
