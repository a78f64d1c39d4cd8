/// Why a projection cannot be shown, built or changed.
package enum ViewError: Error, Hashable, Sendable {
    /// `views/` holds something that this program did not write.
    case damaged
    /// `views/` was written by another version of the program.
    case otherFormat
    /// No definition and no view has this name.
    case unknown(name: String, known: [String])
    /// There is no such version.
    case noVersion(name: String, version: Int, known: [Int])
    /// The definition was changed without raising its version.
    case changed(name: String, version: Int, file: String, was: String, now: String)
    /// The view stands on events that this log does not have.
    case otherLog(name: String, position: UInt64)
    /// Two versions were never found at one position.
    case moving(name: String)
    /// The rows are still being built.
    case building(name: String, version: Int)
    /// There is nothing to go back to.
    case noPrevious(name: String)
    /// The version answers, so it cannot go.
    case isActive(name: String, version: Int)
    /// An event stops a rebuild.
    case misfit(name: String, sequence: UInt64, reason: String)
    /// There is no such row.
    case noRow(projection: String, key: String)
    /// Work was given up because other work of the same build failed.
    case stopped
    /// No view was ever made, and none may be now.
    case notBuilt(name: String)
}

extension ViewError: CustomStringConvertible {
    /// One line for people, with what to do next.
    package var description: String {
        switch self {
        case .damaged:
            "views/ is damaged: it is derived from the log, so stop all programs that use it, "
                + "delete the folder, and it is built again"
        case .otherFormat:
            "views/ was written by another version of daybook: it is derived from the log, so stop "
                + "all programs that use it, delete the folder, and it is built again"
        case .unknown(let name, let known):
            "no projection is called \"\(name)\"; there are: \(known.joined(separator: ", "))"
        case .noVersion(let name, let version, let known):
            "\(name) has no version \(version) here; there are: "
                + known.map(String.init).joined(separator: ", ")
        case .changed(let name, let version, let file, let was, let now):
            "\(file): version \(version) of \(name) has changed since it was first used "
                + "(hash \(was.prefix(12)), now \(now.prefix(12))); raise `version` and run "
                + "\"daybook projections rebuild \(name)\""
        case .otherLog(let name, let position):
            "the view of \(name) was folded from another log: the first \(position) events are "
                + "not those it knows; run \"daybook projections rebuild \(name) --anew\""
        case .moving(let name):
            "the versions of \(name) move too fast to be compared after the same events; try again"
        case .building(let name, let version):
            "version \(version) of \(name) is not built to its end; run "
                + "\"daybook projections rebuild \(name)\" to go on"
        case .noPrevious(let name):
            "\(name) has no version to go back to"
        case .isActive(let name, let version):
            "version \(version) of \(name) is the one that answers; promote another one first"
        case .misfit(let name, let sequence, let reason):
            "event \(sequence) does not fit \(name): \(reason); mend the definition, or set such "
                + "events aside with \"daybook projections rebuild \(name) --quarantine\""
        case .noRow(let projection, let key):
            "\(projection) has no row \"\(key)\""
        case .stopped:
            "the build was interrupted; run it again to go on"
        case .notBuilt(let name):
            "\(name) has no view yet, and views/ cannot be written here"
        }
    }
}
