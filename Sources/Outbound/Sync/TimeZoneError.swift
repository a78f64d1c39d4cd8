package import POSIX

/// Why a time zone cannot be used.
package enum TimeZoneError: Error, CustomStringConvertible {
    /// What no time zone is called.
    case name(String)
    /// The machine's data base has no such zone.
    case unknown(name: String, folder: String)
    /// Its file cannot be read.
    case unreadable(SystemError)
    /// Its file is not as RFC 9636 says.
    case damaged(name: String, String)

    package var description: String {
        switch self {
        case .name: "found what is no time zone's name, expected such as Europe/London or UTC"
        case .unknown(let name, let folder):
            "the time zone \(name) is not in \(folder), expected such as Europe/London or UTC"
        case .unreadable(let error): error.description
        case .damaged(let name, let what): "the time zone \(name) cannot be read: \(what)"
        }
    }
}
