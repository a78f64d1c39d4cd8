internal import CSimdJSON

/// Why there are no values.
package enum JSONExtractionError: Error, Hashable, Sendable {
    /// The bytes are no JSON, as far as they were read.
    case notJSON
    /// The document has more bytes than any that is accepted.
    case tooLarge(byteCount: Int, limit: Int)
    /// The array has more elements than asked for.
    case tooManyElements(limit: Int)
    /// The extractor's buffers could not be allocated.
    case outOfMemory

    static func check(
        _ status: csimdjson_extract_status,
        limit: Int = 0
    ) throws(JSONExtractionError) {
        switch status {
        case CSIMDJSON_EXTRACTED: return
        case CSIMDJSON_EXTRACT_TOO_MANY: throw .tooManyElements(limit: limit)
        case CSIMDJSON_EXTRACT_NO_MEMORY: throw .outOfMemory
        default: throw .notJSON
        }
    }
}

extension JSONExtractionError: CustomStringConvertible {
    /// One line for people, without any of the document's content.
    package var description: String {
        switch self {
        case .notJSON:
            "not JSON: found bytes that break its grammar, expected a document"
        case .tooLarge(let byteCount, let limit):
            "JSON too large: found \(byteCount) bytes, expected at most \(limit)"
        case .tooManyElements(let limit):
            "JSON array too long: found more than \(limit) elements, expected at most \(limit)"
        case .outOfMemory:
            "no memory for reading JSON"
        }
    }
}
