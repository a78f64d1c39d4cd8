import JSON

/// A value as an extractor or the parser has it, to be compared.
enum Found: Equatable, CustomStringConvertible {
    case missing, null, array, object
    case bool(Bool)
    case number(Double)
    case string([UInt8])

    init(_ value: ExtractedValue) {
        let text = Array(value.text)
        self =
            switch value.kind {
            case .missing: .missing
            case .null: .null
            case .false: .bool(false)
            case .true: .bool(true)
            case .number: .number(Double(String(decoding: text, as: UTF8.self)) ?? .nan)
            case .string: .string(text)
            case .array: .array
            case .object: .object
            }
    }

    init(_ value: JSONValue) {
        self =
            switch value.kind {
            case .null: .null
            case .boolean: .bool(value.bool == true)
            case .integer, .unsigned, .double: .number(value.double ?? .nan)
            case .string: .string(Array((value.string ?? "").utf8))
            case .array: .array
            case .object: .object
            }
    }

    /// What the parser's value has at a pointer.
    init(_ value: JSONValue, at pointer: JSONPointer) {
        guard let value = value.at(pointer) else {
            self = .missing
            return
        }
        self = Found(value)
    }

    var description: String {
        switch self {
        case .missing: "missing"
        case .null: "null"
        case .array: "[]"
        case .object: "{}"
        case .bool(let bool): "\(bool)"
        case .number(let number): "\(number)"
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension Array where Element == UInt8 {
    /// The bytes of a lent text.
    init(_ span: Span<UInt8>) {
        self = span.indices.map { span[$0] }
    }
}

extension ExtractedValues {
    /// All of the values.
    var all: [Found] { (0..<count).map { Found(self[$0]) } }
}

func pointers(_ texts: [String]) throws -> [JSONPointer] {
    try texts.map { try JSONPointer($0) }
}

/// What a new extractor finds.
func extracted(_ bytes: [UInt8], _ pointers: [JSONPointer]) throws -> [Found] {
    var extractor = JSONExtractor()
    let paths = JSONPaths(pointers)
    let extraction = try extractor.extract(bytes.span, paths)
    return extraction.values.all
}

func extracted(_ text: String, _ texts: String...) throws -> [Found] {
    try extracted(Array(text.utf8), pointers(texts))
}

/// What a new extractor finds in each element of the array at the first pointer.
func extractedEach(
    _ text: String,
    _ array: String,
    _ texts: String...,
    limit: Int = 100
) throws -> [[Found]] {
    var extractor = JSONExtractor()
    let elementPaths = try JSONPaths(pointers(texts))
    let paths = try JSONPaths(pointers([array]))
    let bytes = Array(text.utf8)
    var extraction = try extractor.extract(bytes.span, paths)
    let elements = try extraction.each(0, elementPaths, limit: limit)
    return (0..<elements.count).map { elements[$0].all }
}
