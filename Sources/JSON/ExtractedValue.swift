internal import CSimdJSON

/// What a path leads to.
package enum ExtractedKind: UInt8, Sendable {
    /// The path leads nowhere.
    case missing
    case null
    case `false`
    case `true`
    case number
    case string
    case array
    case object

    init(_ kind: UInt32) {
        self = ExtractedKind(rawValue: UInt8(truncatingIfNeeded: kind)) ?? .missing
    }
}

/// A value that an extractor has found, lent from the document or from the extractor.
package struct ExtractedValue: ~Escapable {
    /// What the value is.
    package let kind: ExtractedKind
    /// A string's UTF-8 with its escapes resolved or a number as it is written, else nothing.
    package let text: Span<UInt8>

    @_lifetime(copy text)
    init(kind: ExtractedKind, text: Span<UInt8>) {
        self.kind = kind
        self.text = text
    }
}
