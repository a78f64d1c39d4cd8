/// Reads a file with one YAML document; `file` is its name for messages.
///
/// The language is YAML 1.1 as libyaml reads it, with what follows taken away: no anchors,
/// aliases and tags, no repeated keys, only texts as keys, one document. Errors say at which line
/// and column what was found.
package func parseYAML(_ bytes: Span<UInt8>, file: String) throws(YAMLError) -> YAMLNode {
    guard bytes.count <= YAMLLimits.byteCount else {
        throw YAMLError(
            at: YAMLPlace(file: file, line: 1, column: 1),
            "too large: found \(bytes.count) bytes",
            expected: "at most \(YAMLLimits.byteCount)"
        )
    }
    do { _ = try UTF8Span(validating: bytes) } catch {
        let place = YAMLPlace(file: file, offset: error.byteOffsets.lowerBound, in: bytes)
        throw YAMLError(at: place, "found bytes that are not UTF-8", expected: "UTF-8")
    }
    // libyaml would skip a byte order mark as well, but count it as a column.
    let text = startsWithByteOrderMark(bytes) ? bytes.extracting(3...) : bytes
    return try unsafe text.withUnsafeBufferPointer { (buffer) throws(YAMLError) -> YAMLNode in
        var builder = YAMLTreeBuilder(try unsafe YAMLEventReader(buffer, file: file))
        return try builder.document()
    }
}

private func startsWithByteOrderMark(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
}
