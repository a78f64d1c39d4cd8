/// Why something that was asked of the audit cannot be done.
package enum AuditProblem: Error, Hashable, CustomStringConvertible {
    /// What was asked for names nothing: a period, a file, a number that is none.
    case usage(String)
    /// It is forbidden: a hold is in force, a period closed, a role missing.
    case refused(String)

    package var description: String {
        switch self {
        case .usage(let text), .refused(let text): text
        }
    }
}
