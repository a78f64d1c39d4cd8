extension ValidatedJSON {
    /// The document with `.0` added to each integer of so many digits that it may exceed 64 bits.
    ///
    /// simdjson refuses integers beyond 64 bits but reads the same numbers with a fraction as
    /// doubles, which is how RFC 8785 looks at all numbers.
    static func wideningIntegers(_ bytes: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count + bytes.count / 8)
        var position = 0
        while position < bytes.count {
            let end: Int
            var isWide = false
            switch bytes[position] {
            case .quote: end = endOfString(bytes, at: position)
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                end = endOfScalar(bytes, at: position)
                isWide = isWideInteger(bytes.extracting(position..<end))
            default: end = position + 1
            }
            for index in position..<end { output.append(bytes[index]) }
            if isWide { output.append(contentsOf: ".0".utf8) }
            position = end
        }
        return output
    }

    private static func isWideInteger(_ number: Span<UInt8>) -> Bool {
        guard number.count >= 19 else { return false }
        for index in number.indices where ".eE".utf8.contains(number[index]) { return false }
        return true
    }
}
