package import Bytes

/// Why a text is not a checkpoint.
package enum CheckpointError: Error, Hashable {
    /// Line 1 is missing, empty or not UTF-8.
    case badOrigin
    /// Line 2 is not a decimal number of at most 64 bits without leading zeros.
    case badSize
    /// Line 3 is not the base64 of 32 bytes.
    case badRoot
    /// This line, counted from 1, is empty, not UTF-8 or lacks its line feed.
    case badExtension(line: Int)
}

/// A statement of a log's size and root hash: the text of a signed note (C2SP tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
    /// The log's name, by which all its checkpoints begin; usually that of its key.
    package let origin: String
    /// The number of entries.
    package let size: UInt64
    /// The root hash of the tree of that size.
    package let root: Hash256
    /// Further lines, without line feeds; the specification advises against them.
    package let extensions: [String]

    /// States a size and a root; `origin` and extension lines must be lines and not empty.
    package init(
        origin: String,
        size: UInt64,
        root: Hash256,
        extensions: [String] = []
    ) throws(CheckpointError) {
        guard Self.isLine(origin) else { throw .badOrigin }
        if let bad = extensions.firstIndex(where: { !Self.isLine($0) }) {
            throw .badExtension(line: bad + 4)
        }
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// Reads the text of a note.
    package init(_ text: Span<UInt8>) throws(CheckpointError) {
        var reader = LineReader(text)
        guard let line = reader.next(), let origin = String(utf8: line) else { throw .badOrigin }
        guard let line = reader.next(), let size = Decimal.parse(line) else { throw .badSize }
        guard let line = reader.next(), let root = Hash256(base64: line) else { throw .badRoot }
        var extensions: [String] = []
        while !reader.isAtEnd {
            guard let line = reader.next(), let text = String(utf8: line) else {
                throw .badExtension(line: extensions.count + 4)
            }
            extensions.append(text)
        }
        try self.init(origin: origin, size: size, root: root, extensions: extensions)
    }

    /// Whether this is of the log `origin`, byte for byte; `==` on strings equates more.
    package func hasOrigin(_ origin: String) -> Bool {
        NoteRules.areSame(self.origin, origin)
    }

    /// Appends the text to be signed, which ends with a line feed.
    package func append(to output: inout [UInt8]) {
        output.append(span: origin.utf8Span.span)
        output.append(0x0a)
        Decimal.append(size, to: &output)
        output.append(0x0a)
        root.withSpan { Base64.append($0, to: &output) }
        output.append(0x0a)
        for line in extensions {
            output.append(span: line.utf8Span.span)
            output.append(0x0a)
        }
    }

    /// The text to be signed, which ends with a line feed.
    package var text: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }

    private static func isLine(_ text: String) -> Bool {
        !text.isEmpty && NoteRules.firstForbidden(text.utf8Span.span) == nil
            && text.utf8Span.span.firstIndex(of: 0x0a) == nil
    }
}

extension CheckpointError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .badOrigin:
            "line 1 of the checkpoint is not an origin, expected a line that is not empty"
        case .badSize: "line 2 of the checkpoint is not a size, expected a decimal number"
        case .badRoot: "line 3 of the checkpoint is not a root hash, expected 32 bytes in base64"
        case .badExtension(let line):
            "line \(line) of the checkpoint is empty, not text or has no line feed at its end"
        }
    }
}
