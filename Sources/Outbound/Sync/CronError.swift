/// Why a text is no schedule.
package struct CronError: Error, Hashable, CustomStringConvertible {
    /// Such as `the minute`; `nil` for the schedule as a whole.
    let field: String?
    /// What stands there.
    let found: String
    let expected: String

    package var description: String {
        // Texts of a configuration may be long, or hold anything.
        let found = found.count > 40 ? "\(found.prefix(40))…" : found
        return "found \"\(found)\"" + (field.map { " as \($0)" } ?? "") + ", expected \(expected)"
    }
}
