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
