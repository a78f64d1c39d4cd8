internal import Bytes

/// In which form a provider's list is written.
package enum ListForm: Sendable {
    case csv, json, ndjson

    /// Tells the form by the file's name, else by what the text begins with.
    package init(name: String, _ bytes: Span<UInt8>) {
        let name = name.lowercased()
        if name.hasSuffix(".csv") {
            self = .csv
        } else if name.hasSuffix(".ndjson") || name.hasSuffix(".jsonl") {
            self = .ndjson
        } else if name.hasSuffix(".json") {
            self = .json
        } else {
            self = Self.form(bytes)
        }
    }

    private static func form(_ bytes: Span<UInt8>) -> ListForm {
        for i in bytes.indices {
            switch bytes[i] {
            case 0x20, 0x09, 0x0A, 0x0D: continue
            case UInt8(ascii: "["): return .json
            case UInt8(ascii: "{"): return (try? JSONElementScanner(bytes)) == nil ? .ndjson : .json
            default: return .csv
            }
        }
        return .csv
    }

    /// Reads a list of this form.
    package func read(_ bytes: [UInt8], _ columns: ListColumns) throws -> ProviderList {
        switch self {
        case .csv: try ProviderList(csv: bytes, columns)
        case .json: try ProviderList(json: bytes, columns)
        case .ndjson: try ProviderList(ndjson: bytes, columns)
        }
    }
}
