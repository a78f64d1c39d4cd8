package import JSON

/// Why a report of a sync is refused.
package enum SyncReportError: Error, CustomStringConvertible {
    /// It is not JSON.
    case notJSON(JSONError)
    /// What was found in it, and what was expected.
    case found(String, expected: String)

    package var description: String {
        switch self {
        case .notJSON(let error): error.description
        case .found(let what, let expected): "found \(what), expected \(expected)"
        }
    }
}
