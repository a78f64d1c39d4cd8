package import LMDB
package import POSIX

/// Why a ledger cannot be made, opened, read or written.
package enum LedgerError: Error, CustomStringConvertible {
    /// There is no ledger in the folder.
    case missing(path: String)
    /// A ledger is there already.
    case exists(path: String)
    /// The folder's ledger was written by a newer Daybook.
    case newerVersion(found: String, path: String)
    /// The head file knows of a longer or another log.
    case rolledBack(String)
    /// The key that must sign is not in the ledger's folder or does not fit.
    case key(String)
    /// The log does not say what it must: `verify` names the place.
    case damaged(String)
    /// The log has no such event.
    case beyondEnd(sequence: UInt64, size: UInt64)
    /// The origin cannot name a log.
    case origin(String)
    /// An event cannot be written as given.
    case draft(String)
    /// Reading or writing failed in LMDB.
    case storage(LMDBError)
    /// Reading or writing failed in the operating system.
    case system(SystemError)

    package var description: String {
        switch self {
        case .missing(let path):
            "no ledger in \(path); make one with \"daybook init --ledger \(path)\""
        case .exists(let path):
            "a ledger is already in \(path); serve it with \"daybook serve --ledger \(path)\""
        case .newerVersion(let found, let path):
            "the ledger in \(path) has format version \(found), this daybook reads version "
                + "\(Store.formatVersion); use the newer daybook that wrote it"
        case .beyondEnd(let sequence, let size):
            "the log has \(size) events, the last is \(size == 0 ? 0 : size - 1); "
                + "there is no event \(sequence)"
        case .rolledBack(let text), .key(let text), .damaged(let text), .origin(let text),
            .draft(let text):
            text
        case .storage(let error):
            error.isAccess
                ? "\(error.description); the ledger's folder must be writable for this command"
                : error.description
        case .system(let error): error.description
        }
    }
}

/// Why an event was not appended.
///
/// Nothing of it is in the log.
package enum AppendError: Error, Equatable, CustomStringConvertible {
    /// As many events wait as may: come back shortly.
    case queueFull
    /// The disk is full: nothing can be recorded until there is room.
    case diskFull
    /// The writer has stopped or is stopping.
    case stopped
    /// The event itself cannot be recorded.
    case refused(String)
    /// Writing failed in a way after which the log's state must be read anew.
    case failed(String)

    package var description: String {
        switch self {
        case .queueFull: "the queue of events to be written is full"
        case .diskFull: "the disk is full; make room, the writer goes on by itself"
        case .stopped: "the writer has stopped"
        case .refused(let text), .failed(let text): text
        }
    }
}
