/// What sources and syncs may be called: their names stand in URLs and in every line.
package enum SourceName {
    /// The rule in words.
    package static let rule = "1 to 64 of a-z, 0-9, - . and _"

    /// Whether a text is such a name, and not the log's own.
    package static func isValid(_ text: String) -> Bool {
        let isPlain = text.utf8.allSatisfy {
            $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || [0x2d, 0x2e, 0x5f].contains($0)
        }
        return isPlain && (1...64).contains(text.utf8.count) && text != AdminEvent.source
    }
}
