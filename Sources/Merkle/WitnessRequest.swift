package import Bytes

/// Why a text is not a request to cosign a checkpoint.
package enum WitnessRequestError: Error, Hashable {
    /// Line 1 is not `old ` and a decimal number.
    case badOld
    /// This line, counted from 1, is neither empty nor the base64 of 32 bytes.
    case badHash(line: Int)
    /// There are more hashes than a proof may have.
    case tooManyHashes
    /// Nothing follows the empty line, or there is none.
    case noCheckpoint
}

/// What a witness is asked: to cosign a checkpoint that begins with the tree it knows (C2SP
/// tlog-witness, `add-checkpoint`).
package struct WitnessRequest: Hashable, Sendable {
    /// The longest request: the longest proof and the longest note.
    package static let longest = 64 + ConsistencyProof.longestPath * 45 + SignedNote.longestNote

    /// The size that the witness is believed to know; 0 for none.
    package var old: UInt64
    /// The consistency proof from `old` to the checkpoint's size.
    package var path: [Hash256]
    /// The log's signed note.
    package var checkpoint: [UInt8]

    /// Takes the parts of a request; whether they fit is for the witness to say.
    package init(old: UInt64, path: [Hash256], checkpoint: [UInt8]) {
        self.old = old
        self.path = path
        self.checkpoint = checkpoint
    }

    /// Reads a request's body.
    package init(_ body: Span<UInt8>) throws(WitnessRequestError) {
        var reader = LineReader(body)
        guard let first = reader.next(), first.hasPrefix(ascii: "old "),
            let old = Decimal.parse(first.extracting(droppingFirst: 4))
        else { throw .badOld }
        var path: [Hash256] = []
        while let line = reader.next() {
            if line.isEmpty {
                self.init(old: old, path: path, checkpoint: [UInt8](copying: reader.rest))
                guard !checkpoint.isEmpty else { throw .noCheckpoint }
                return
            }
            guard let hash = Hash256(base64: line) else { throw .badHash(line: reader.line) }
            guard path.count < ConsistencyProof.longestPath else { throw .tooManyHashes }
            path.append(hash)
        }
        throw reader.isAtEnd ? .noCheckpoint : .badHash(line: reader.line + 1)
    }

    /// The request's body.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        output.append(ascii: "old ")
        Decimal.append(old, to: &output)
        output.append(0x0a)
        for hash in path {
            hash.withSpan { Base64.append($0, to: &output) }
            output.append(0x0a)
        }
        output.append(0x0a)
        output.append(span: checkpoint.span)
        return output
    }
}

extension WitnessRequestError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .badOld: "line 1 of the request is not \"old \" and a decimal number"
        case .badHash(let line):
            "line \(line) of the request is not a hash, expected 32 bytes in base64"
        case .tooManyHashes:
            "request has more than \(ConsistencyProof.longestPath) hashes"
        case .noCheckpoint: "request has no checkpoint after an empty line"
        }
    }
}
