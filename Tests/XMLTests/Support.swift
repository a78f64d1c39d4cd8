import Foundation
import XML

/// The JSON text of a document.
func json(_ document: [UInt8]) throws(XMLError) -> String {
    String(decoding: try jsonText(ofXML: document.span), as: UTF8.self)
}

func json(_ document: String) throws(XMLError) -> String { try json(Array(document.utf8)) }

/// Why a document is refused, nil if it is not.
func refusal(_ document: [UInt8]) -> XMLError? {
    do throws(XMLError) { _ = try jsonText(ofXML: document.span) } catch { return error }
    return nil
}

func refusal(_ document: String) -> XMLError? { refusal(Array(document.utf8)) }

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
