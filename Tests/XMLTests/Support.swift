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
