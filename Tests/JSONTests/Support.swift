import Foundation
import JSON

/// The error that parsing ends with, nil if the document is accepted.
func parseError(_ bytes: [UInt8], depth: Int = 64, byteCount: Int = 16 << 20) -> JSONError? {
    var parser = JSONParser(maximumDepth: depth, maximumBytes: byteCount)
    do throws(JSONError) { _ = try parser.parse(bytes.span) } catch { return error }
    return nil
}

func parseError(_ text: String) -> JSONError? { parseError(Array(text.utf8)) }

/// What `body` makes of the parsed document.
func reading<R>(_ text: String, _ body: (JSONValue) throws -> R) throws -> R {
    var parser = JSONParser()
    return try body(parser.parse(text.utf8Span.span))
}

func fixture(_ name: String) throws -> [UInt8] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
    return try Array(Data(contentsOf: folder.appending(path: "Fixtures/\(name)")))
}

/// Numbers from a seed, the same on every machine (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
