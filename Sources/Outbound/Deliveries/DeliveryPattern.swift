internal import Bytes
internal import Ledger

/// What a text of a line has to be: the same, or fitting a glob in which `*` is any text.
package struct DeliveryPattern: Hashable, Sendable {
    /// The pattern as it was written.
    package let text: String
    /// Without a star, the text as it stands in a line, so that nothing is copied to compare.
    private let exact: [UInt8]?

    /// Takes a pattern.
    package init(_ text: String) {
        self.text = text
        var quoted: [UInt8] = []
        CanonicalJSON.appendString(text, to: &quoted)
        let isGlob = text.utf8.contains(UInt8(ascii: "*"))
        exact = isGlob ? nil : Array(quoted.dropFirst().dropLast())
    }

    /// Whether it fits a glob and not one text alone.
    var isGlob: Bool { exact == nil }

    /// Whether an attribute of a line fits; an absent one fits nothing.
    func matches(_ line: borrowing Line, _ attribute: Attribute) -> Bool {
        if let exact { return line.raw(attribute)?.equals(exact.span) ?? false }
        guard let found = line.text(attribute) else { return false }
        return globMatches(text, found)
    }
}
