/// How rows are written: the values of `--format`.
package enum OutputFormat: String, CaseIterable, Sendable {
    /// Aligned columns for people.
    case table
    /// One JSON array of flat objects.
    case json
    /// One JSON object a line.
    case ndjson
    /// Comma-separated values, RFC 4180.
    case csv
}
