internal import CArchive
internal import Glibc

/// The library's state for one file, and the open file; both end with their owner.
@safe final class LibraryHandle {
    let archive: OpaquePointer
    let descriptor: Int32
    private let object: String

    /// Takes over a descriptor, closed whatever happens; a negative one is a failure just met.
    init(
        _ archive: OpaquePointer?,
        owning descriptor: Int32,
        _ object: String
    ) throws(ArchiveError) {
        guard descriptor >= 0 else {
            let reason = unsafe String(cString: strerror(errno))
            unsafe _ = archive_free(archive)
            throw .system(operation: "open", object: object, reason: reason)
        }
        guard let archive = unsafe archive else {
            Glibc.close(descriptor)
            throw .system(operation: "open", object: object, reason: "no memory")
        }
        unsafe self.archive = unsafe archive
        self.descriptor = descriptor
        self.object = object
    }

    deinit {
        unsafe _ = archive_free(archive)
        Glibc.close(descriptor)
    }

    /// What the library says went wrong.
    var reason: String {
        let text = unsafe archive_error_string(archive)
        return unsafe text.map { unsafe String(cString: $0) } ?? "no reason is known"
    }

    /// Takes a status of the library that wrote.
    func check(_ status: Int32) throws(ArchiveError) {
        guard status == ARCHIVE_OK else { throw writeProblem }
    }

    var writeProblem: ArchiveError { .system(operation: "write", object: object, reason: reason) }

    /// Waits until what was written is on disk; a pipe or a terminal has none.
    func sync() throws(ArchiveError) {
        if fsync(descriptor) != 0, errno != EINVAL, errno != EROFS {
            let reason = unsafe String(cString: strerror(errno))
            throw .system(operation: "sync", object: object, reason: reason)
        }
    }
}
