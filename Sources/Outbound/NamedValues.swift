/// Values by name: an answer's headers, or the members of one of them.
struct NamedValues {
    private var entries: [(name: String, value: String)] = []

    init() {}

    /// Takes headers in any case; space around values is none of theirs.
    init(headers: [(name: String, value: String)]) {
        entries = headers.map { ($0.name.asciiLowercased, trimmed($0.value[...])) }
    }

    mutating func add(_ name: String, _ value: String) {
        entries.append((name, value))
    }

    /// The value of a name, `nil` if there is none.
    ///
    /// The same value twice is one. Of different values nobody can say which was meant, so they are
    /// none.
    func value(_ name: String) throws(UnreadReason) -> String? {
        var found: String?
        for entry in entries where entry.name == name {
            guard found == nil || found == entry.value else { throw .repeated }
            found = entry.value
        }
        return found
    }

    /// All values of a name as one list, parted by commas (RFC 9110 section 5.3).
    func list(_ name: String) -> String? {
        let values = entries.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }

    /// The different names that begin with a prefix and have something after it.
    func names(after prefix: String) -> [String] {
        var names: [String] = []
        for entry in entries
        where entry.name.utf8.count > prefix.utf8.count && entry.name.hasPrefix(prefix)
            && !names.contains(entry.name)
        {
            // Told of by whoever reads them; many more names are not worth the look.
            guard names.count <= OutboundLimits.reported else { break }
            names.append(entry.name)
        }
        return names
    }
}

/// Without spaces and tabs at both ends.
func trimmed(_ text: Substring) -> String {
    var bytes = text.utf8
    while let byte = bytes.first, byte == 0x20 || byte == 0x09 { bytes = bytes.dropFirst() }
    while let byte = bytes.last, byte == 0x20 || byte == 0x09 { bytes = bytes.dropLast() }
    return String(Substring(bytes))
}

/// The pieces between the separators that are not within quotes.
func pieces(_ text: String, at separators: Set<UInt8>) -> [String] {
    var pieces: [String] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var isQuoted = false
    var isEscaped = false
    for index in bytes.indices {
        let byte = bytes[index]
        if isEscaped {
            isEscaped = false
        } else if isQuoted, byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isQuoted.toggle()
        } else if !isQuoted, separators.contains(byte) {
            pieces.append(trimmed(text[start..<index]))
            start = bytes.index(after: index)
        }
    }
    pieces.append(trimmed(text[start...]))
    return pieces
}
