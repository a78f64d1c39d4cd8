internal import Bytes
internal import JSON
internal import XML

/// What a provider's bodies are, and so how their values are found.
enum ContentKind: String, CaseIterable, Sendable {
    case json
    /// HTML's forms (the URL standard's `application/x-www-form-urlencoded`).
    case form
    case xml
    /// Anything: the body is kept and not read.
    case any

    /// A body as JSON text, in which its pointers lead; `nil` if it is that already.
    func jsonText(_ body: Span<UInt8>) throws(Refusal) -> [UInt8]? {
        switch self {
        case .json, .any: return nil
        case .form:
            do {
                return try FormFields(body).jsonText()
            } catch {
                throw Refusal(.notForm, "body: \(error)", status: 400)
            }
        case .xml:
            do throws(XMLError) {
                return try XML.jsonText(ofXML: body)
            } catch {
                throw Refusal(.notXML, "body: \(error)", status: 400)
            }
        }
    }
}
