internal import Glibc

extension FileDescriptor {
    /// Makes a file that must not exist yet, for writing, with mode 0600.
    package init(creating path: String) throws(SystemError) {
        let descriptor = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SystemError("make", path) }
        self.init(owning: descriptor, path: path)
    }
}

/// A file that is written under another name beside its own and gets its own when it is whole.
package struct OutputFile: ~Copyable {
    /// Where to write; nothing is there yet.
    package let temporary: String
    private let path: String
    private let replaces: Bool

    /// Chooses the name to write under.
    ///
    /// - Throws: `SystemError.isExisting` if the file is there already, unless it `replaces` that.
    package init(_ path: String, replaces: Bool) throws(SystemError) {
        if !replaces, Files.exists(path) {
            throw SystemError(code: EEXIST, operation: "write", object: path)
        }
        self.path = path
        self.replaces = replaces
        temporary = "\(path).\(getpid())-\(Clock.monotonicNanoseconds).new"
    }

    deinit { unsafe _ = unlink(temporary) }

    /// Gives what was written its own name, as one step.
    package consuming func publish() throws(SystemError) {
        if replaces {
            if unsafe rename(temporary, path) != 0 { throw SystemError("replace", path) }
        } else if unsafe link(temporary, path) != 0 {
            // Unlike a renaming, a link takes no file's place that has come meanwhile.
            throw SystemError("write", path)
        }
        try Files.syncFolder(Files.parent(of: path))
    }
}
