import Testing

/// A provider's way to tell of its limits, an answer as it sends it, and what that says.
struct Dialect: Sendable, CustomTestStringConvertible {
    let name: String
    /// The system of the catalog that answers so.
    let system: String
    /// Keys of the `service:` half.
    let keys: String
    var status = 200
    var headers = ""
    var body = ""
    let says: [String]

    var testDescription: String { name }
}

extension Dialect {
    static let all = headerDialects + bucketDialects + structuredDialects + silentDialects
}
