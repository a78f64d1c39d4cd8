internal import Glibc

extension Files {
    /// Runs `body` while nobody else, in this process or another, runs one under the same path.
    ///
    /// The file is made if it is missing, and stays. The lock is the system's, so that it ends with
    /// its process, whatever becomes of that.
    package static func withLock<R>(_ path: String, _ body: () throws -> R) throws -> R {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError("lock", path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            if errno != EINTR { throw SystemError("lock", path) }
        }
        return try body()
    }
}

/// A lock that one process at a time has, until its owner lets go of it.
package final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock under a path; `nil` if somebody else has it.
    ///
    /// The file is made if it is missing, and stays. The lock is the system's, so that it ends with
    /// its process, whatever becomes of that.
    package init?(_ path: String) throws(SystemError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError("lock", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let error = SystemError("lock", path)
            close(descriptor)
            if isTaken { return nil }
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
