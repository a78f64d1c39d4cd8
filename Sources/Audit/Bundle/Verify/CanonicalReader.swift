internal import Bytes

/// Why a part of a bundle is not as it must be; the text goes into a finding.
struct Wrong: Error {
    let what: String

    init(_ what: String) {
        self.what = what
    }
}

/// Reads canonical JSON (RFC 8785) of objects, lists, texts, whole numbers, `true`, `false` and
/// `null` from front to back, without building a tree: documents have up to 100 MB.
struct CanonicalReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) throws(Wrong) {
        guard bytes.count <= BundleFormat.documentBytes else {
            throw Wrong("it has \(bytes.count) bytes, more than \(BundleFormat.documentBytes)")
        }
        guard UTF8Check.isValid(bytes.span) else { throw Wrong("it is not UTF-8") }
        self.bytes = bytes
    }

    /// Reads a list; `element` must read exactly one value each time.
    mutating func list(
        _ element: (inout CanonicalReader) throws(Wrong) -> Void
    ) throws(Wrong) {
        try open(UInt8(ascii: "["), "a list")
        defer { depth -= 1 }
        if take(UInt8(ascii: "]")) { return }
        while true {
            try element(&self)
            if take(UInt8(ascii: "]")) { return }
            guard take(UInt8(ascii: ",")) else { throw unexpected("a comma or the list's end") }
        }
    }

    /// Reads an object; `member` must read exactly one value for each name.
    mutating func object(
        _ member: (inout CanonicalReader, String) throws(Wrong) -> Void
    ) throws(Wrong) {
        try open(UInt8(ascii: "{"), "an object")
        defer { depth -= 1 }
        if take(UInt8(ascii: "}")) { return }
        var last: String?
        while true {
            let name = try string()
            if let last {
                let (old, new) = (Array(last.utf8), Array(name.utf8))
                guard CanonicalJSON.precedes(old.span, new.span) else {
                    throw Wrong("it is not canonical JSON (RFC 8785): names out of order")
                }
            }
            last = name
            guard take(UInt8(ascii: ":")) else { throw unexpected("a colon") }
            try member(&self, name)
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else { throw unexpected("a comma or the object's end") }
        }
    }

    /// Reads a text.
    mutating func string() throws(Wrong) -> String {
        guard take(UInt8(ascii: "\"")) else { throw unexpected("a text") }
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""),
            bytes[position] != UInt8(ascii: "\\"), bytes[position] >= 0x20
        { position += 1 }
        if take(UInt8(ascii: "\"")) {
            return String(repairing: bytes.span.extracting(start..<position - 1))
        }
        var text = Array(bytes[start..<position])
        while position < bytes.count, bytes[position] >= 0x20 {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(repairing: text.span) }
            text.append(byte == UInt8(ascii: "\\") ? try escaped() : byte)
        }
        throw unexpected("the end of a text")
    }

    /// Reads a number from 0 to 2^53 - 1.
    mutating func number() throws(Wrong) -> UInt64 {
        let start = position
        while position < bytes.count, bytes[position] &- 0x30 < 10 { position += 1 }
        guard let number = Decimal.parse(bytes.span.extracting(start..<position)),
            number <= UInt64(CanonicalJSON.largestExactInteger)
        else { throw unexpected("a whole number") }
        return number
    }

    /// Reads any value.
    mutating func tree() throws(Wrong) -> BundleTree {
        guard position < bytes.count else { throw unexpected("a value") }
        switch bytes[position] {
        case UInt8(ascii: "{"):
            var members: [String: BundleTree] = [:]
            try object { (reader, name) throws(Wrong) in members[name] = try reader.tree() }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [BundleTree] = []
            try list { (reader) throws(Wrong) in elements.append(try reader.tree()) }
            return .list(elements)
        case UInt8(ascii: "\""): return .text(try string())
        case UInt8(ascii: "t"): return try word("true", .truth(true))
        case UInt8(ascii: "f"): return try word("false", .truth(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    /// Requires that nothing follows.
    func finish() throws(Wrong) {
        guard position == bytes.count else { throw unexpected("the end") }
    }

    private mutating func word(_ text: String, _ value: BundleTree) throws(Wrong) -> BundleTree {
        guard bytes[position...].starts(with: text.utf8) else { throw unexpected("a value") }
        position += text.utf8.count
        return value
    }

    private mutating func open(_ byte: UInt8, _ what: String) throws(Wrong) {
        guard take(byte) else { throw unexpected(what) }
        depth += 1
        guard depth <= BundleFormat.depth else {
            throw Wrong("it is nested deeper than \(BundleFormat.depth)")
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    /// What an escape stands for; only those that RFC 8785 uses, which are all of one byte.
    private mutating func escaped() throws(Wrong) -> UInt8 {
        guard position < bytes.count else { throw unexpected("an escape") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "u"):
            guard position + 4 <= bytes.count, bytes[position] == UInt8(ascii: "0"),
                bytes[position + 1] == UInt8(ascii: "0"),
                let code = Hex.decode(bytes.span.extracting(position + 2..<position + 4))?.first,
                code < 0x20, ![8, 9, 10, 12, 13].contains(code)
            else { throw unexpected("a canonical escape") }
            position += 4
            return code
        default: throw unexpected("a canonical escape")
        }
    }

    private func unexpected(_ expected: String) -> Wrong {
        Wrong("it is no canonical JSON: at byte \(position) there is not \(expected)")
    }
}

/// A small document of a bundle.
indirect enum BundleTree: Equatable {
    case null
    case truth(Bool)
    case number(UInt64)
    case text(String)
    case list([BundleTree])
    case object([String: BundleTree])

    /// The member of an object.
    subscript(name: String) -> BundleTree? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    var text: String? { if case .text(let text) = self { text } else { nil } }
    var number: UInt64? { if case .number(let number) = self { number } else { nil } }
    var list: [BundleTree]? { if case .list(let list) = self { list } else { nil } }

    /// For a message.
    var short: String {
        switch self {
        case .null: "null"
        case .truth(let truth): "\(truth)"
        case .number(let number): "\(number)"
        case .text(let text): shown(text)
        case .list: "a list"
        case .object: "an object"
        }
    }
}
