package import Bytes

/// Why a text is not an offline proof.
package enum TLogProofError: Error, Hashable {
    /// Line 1 is not `c2sp.org/tlog-proof@v1`.
    case unknownFormat
    /// Line 2 begins with `extra` and is not the base64 of some bytes.
    case badExtra
    /// There is no line `index` with a decimal number.
    case badIndex
    /// This line, counted from 1, is neither empty nor the base64 of 32 bytes.
    case badHash(line: Int)
    /// There are more hashes than a path can have.
    case tooManyHashes
    /// Nothing follows the empty line.
    case noCheckpoint
}

/// Everything it takes to check one entry offline: its place, its path and a signed checkpoint
/// (C2SP tlog-proof).
package struct TLogProof: Hashable, Sendable {
    /// What the log's users agreed on; nothing authenticates it.
    package var extra: [UInt8]?
    /// The entry's position, from 0.
    package var index: UInt64
    /// The inclusion path in the tree of the checkpoint, the leaf's sibling first.
    package var path: [Hash256]
    /// The signed note, byte for byte as it was signed and cosigned.
    package var checkpoint: [UInt8]

    /// Takes the parts of a proof; whether it holds is for a verifier to say.
    package init(extra: [UInt8]? = nil, index: UInt64, path: [Hash256], checkpoint: [UInt8]) {
        self.extra = extra
        self.index = index
        self.path = path
        self.checkpoint = checkpoint
    }

    /// Reads a proof.
    package init(_ text: Span<UInt8>) throws(TLogProofError) {
        var reader = LineReader(text)
        guard let header = reader.next(), header.equals(ascii: "c2sp.org/tlog-proof@v1") else {
            throw .unknownFormat
        }
        guard var line = reader.next() else { throw .badIndex }
        if line.hasPrefix(ascii: "extra ") {
            guard let bytes = Base64.decode(line.extracting(droppingFirst: 6)) else {
                throw .badExtra
            }
            extra = bytes
            guard let next = reader.next() else { throw .badIndex }
            line = next
        }
        guard line.hasPrefix(ascii: "index "),
            let index = Decimal.parse(line.extracting(droppingFirst: 6))
        else { throw .badIndex }
        self.index = index
        path = try Self.path(&reader)
        checkpoint = [UInt8](copying: reader.rest)
        guard !checkpoint.isEmpty else { throw .noCheckpoint }
    }

    /// Reads hashes up to and with the empty line.
    private static func path(_ reader: inout LineReader) throws(TLogProofError) -> [Hash256] {
        var path: [Hash256] = []
        while let line = reader.next() {
            if line.isEmpty { return path }
            guard let hash = Hash256(base64: line) else { throw .badHash(line: reader.line) }
            guard path.count < InclusionProof.longestPath else { throw .tooManyHashes }
            path.append(hash)
        }
        throw reader.isAtEnd ? .noCheckpoint : .badHash(line: reader.line + 1)
    }

    /// Appends the proof as text.
    package func append(to output: inout [UInt8]) {
        output.append(ascii: "c2sp.org/tlog-proof@v1\n")
        if let extra {
            output.append(ascii: "extra ")
            Base64.append(extra.span, to: &output)
            output.append(0x0a)
        }
        output.append(ascii: "index ")
        Decimal.append(index, to: &output)
        output.append(0x0a)
        for hash in path {
            hash.withSpan { Base64.append($0, to: &output) }
            output.append(0x0a)
        }
        output.append(0x0a)
        output.append(span: checkpoint.span)
    }

    /// The proof as text.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        append(to: &output)
        return output
    }
}

extension TLogProofError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .unknownFormat: "line 1 of the proof is not c2sp.org/tlog-proof@v1"
        case .badExtra: "line 2 of the proof is not extra data, expected base64"
        case .badIndex: "proof has no line with its index, expected a decimal number"
        case .badHash(let line):
            "line \(line) of the proof is not a hash, expected 32 bytes in base64"
        case .tooManyHashes: "proof has more than \(InclusionProof.longestPath) hashes"
        case .noCheckpoint: "proof has no checkpoint after an empty line"
        }
    }
}
