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
