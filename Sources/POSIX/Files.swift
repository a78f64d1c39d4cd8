internal import Glibc

/// Whole files and folders, each call with a typed error that names its path.
package enum Files {
    /// The bytes of a file of at most `limit` bytes.
    package static func read(_ path: String, limit: Int = 1 << 30) throws(SystemError) -> [UInt8] {
        let file = try FileDescriptor(reading: path)
        var bytes: [UInt8] = []
        let size = try file.size()
        bytes.reserveCapacity(min(size, limit))
        while true {
            let chunk = try file.read(atMost: min(1 << 20, limit + 1 - bytes.count))
            if chunk.isEmpty { return bytes }
            bytes.append(contentsOf: chunk)
            if bytes.count > limit {
                throw SystemError(code: EFBIG, operation: "read", object: path)
            }
        }
    }

    /// Replaces a file as one step, durably: written beside, synced, renamed, folder synced.
    ///
    /// After a crash at any point the path holds the old bytes or the new, never a part.
    package static func replace(
        _ path: String,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(SystemError) {
        let temporary = "\(path).\(getpid())-\(Clock.monotonicNanoseconds).new"
        do throws(SystemError) {
            try write(temporary, bytes, flags: O_CREAT | O_TRUNC | O_WRONLY, mode: mode)
            if unsafe rename(temporary, path) != 0 { throw SystemError("replace", path) }
        } catch {
            unsafe _ = unlink(temporary)
            throw error
        }
        try syncFolder(parent(of: path))
    }

    /// Makes a file that must not exist yet, durably, with `mode`.
    package static func create(
        _ path: String,
        with bytes: [UInt8],
        mode: UInt32 = 0o600
    ) throws(SystemError) {
        try write(path, bytes, flags: O_CREAT | O_EXCL | O_WRONLY, mode: mode)
        try syncFolder(parent(of: path))
    }

    private static func write(
        _ path: String,
        _ bytes: [UInt8],
        flags: Int32,
        mode: UInt32
    ) throws(SystemError) {
        let descriptor = unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
        if descriptor < 0 { throw SystemError("write", path) }
        let file = FileDescriptor(owning: descriptor, path: path)
        try file.write(bytes.span)
        try file.sync()
    }

    /// Makes a folder and those above it; one that exists is left as it is.
    package static func makeFolder(_ path: String, mode: UInt32 = 0o700) throws(SystemError) {
        if isFolder(path) { return }
        let above = parent(of: path)
        if above != path, !isFolder(above) { try makeFolder(above, mode: mode) }
        if unsafe mkdir(path, mode) != 0, errno != EEXIST {
            throw SystemError("make the folder", path)
        }
    }

    /// Writes a folder's entries to disk.
    package static func syncFolder(_ path: String) throws(SystemError) {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor < 0 { throw SystemError("open the folder", path) }
        defer { close(descriptor) }
        if fsync(descriptor) != 0 { throw SystemError("sync the folder", path) }
    }

    /// Whether anything exists at `path`.
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Whether `path` may be written by this process.
    package static func isWritable(_ path: String) -> Bool { unsafe access(path, W_OK) == 0 }

    /// Whether `path` is a folder.
    package static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return unsafe stat(path, &information) == 0
            && information.st_mode & S_IFMT == S_IFDIR
    }

    /// The permission bits of a file, `nil` if there is none.
    package static func mode(_ path: String) -> UInt32? {
        var information = stat()
        return unsafe stat(path, &information) == 0 ? information.st_mode & 0o7777 : nil
    }

    /// The names in a folder, sorted, without `.` and `..`.
    package static func list(_ path: String) throws(SystemError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw SystemError("list", path) }
        defer { unsafe _ = closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Bytes that this user may still write on the file system of `path`; `nil` if it cannot tell.
    package static func freeSpace(_ path: String) -> UInt64? {
        var information = statvfs()
        guard unsafe statvfs(path, &information) == 0 else { return nil }
        return UInt64(information.f_bavail) * UInt64(information.f_frsize)
    }

    /// Deletes a file; one that does not exist is no error.
    package static func remove(_ path: String) throws(SystemError) {
        if unsafe unlink(path) != 0, errno != ENOENT { throw SystemError("delete", path) }
    }

    /// Deletes a folder and all below it, as far as that is possible.
    package static func removeTree(_ path: String) {
        if isFolder(path) {
            for name in (try? list(path)) ?? [] { removeTree("\(path)/\(name)") }
            unsafe _ = rmdir(path)
        } else {
            unsafe _ = unlink(path)
        }
    }

    /// The folder that holds `path`.
    package static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// `path` without symbolic links and relative parts; `nil` if it does not exist.
    package static func absolute(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
