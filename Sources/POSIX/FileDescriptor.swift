internal import Glibc
internal import Synchronization

/// An open file, closed when its owner ends.
package struct FileDescriptor: ~Copyable {
    private let raw: Int32
    private let path: String

    /// Opens a file for reading; `-` is the standard input.
    package init(reading path: String) throws(SystemError) {
        if path == "-" {
            self.init(owning: dup(0), path: "standard input")
            return
        }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { throw SystemError("open", path) }
        self.init(owning: descriptor, path: path)
    }

    /// Makes a file that has no name, to be written and read again; it ends with its owner.
    package init(withoutNameIn folder: String) throws(SystemError) {
        var template = Array("\(folder)/daybook-XXXXXX".utf8CString)
        let descriptor = unsafe mkstemp(&template)
        if descriptor < 0 { throw SystemError("make a temporary file in", folder) }
        unsafe _ = unlink(&template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.init(owning: descriptor, path: "a temporary file in \(folder)")
    }

    init(owning raw: Int32, path: String) {
        self.raw = raw
        self.path = path
    }

    deinit { close(raw) }

    /// The file's size in bytes, 0 for a pipe.
    package func size() throws(SystemError) -> Int {
        Int(try information().st_size)
    }

    /// When the file was last changed, in microseconds since 1970.
    package func modified() throws(SystemError) -> Int64 {
        let time = try information().st_mtim
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    private func information() throws(SystemError) -> stat {
        var information = stat()
        if unsafe fstat(raw, &information) != 0 { throw SystemError("examine", path) }
        return information
    }

    /// The next bytes, at most `limit`; empty at the end of the file.
    package func read(atMost limit: Int) throws(SystemError) -> [UInt8] {
        var code = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            repeat {
                code = unsafe Glibc.read(raw, buffer.baseAddress, limit)
            } while code < 0 && errno == EINTR
            count = max(0, code)
        }
        if code < 0 { throw SystemError("read", path) }
        return bytes
    }

    /// Writes all of `bytes`.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        try writeAll(raw, bytes, path)
    }

    /// Goes back to the file's beginning.
    package func rewind() throws(SystemError) {
        if lseek(raw, 0, SEEK_SET) < 0 { throw SystemError("read again", path) }
    }

    /// Waits until the file's bytes are on disk.
    package func sync() throws(SystemError) {
        if fsync(raw) != 0 { throw SystemError("sync", path) }
    }
}

func writeAll(_ raw: Int32, _ bytes: Span<UInt8>, _ object: String) throws(SystemError) {
    var done = 0
    while done < bytes.count {
        let written = unsafe bytes.extracting(done..<bytes.count).withUnsafeBytes {
            unsafe write(raw, $0.baseAddress, $0.count)
        }
        if written < 0 {
            if errno == EINTR { continue }
            throw SystemError("write", object)
        }
        done += written
    }
}

/// The process's standard streams.
package enum StandardStream: Int32, Sendable {
    case input = 0
    case output = 1
    case error = 2

    /// Writes all of `bytes`; a reader that has gone away is an error like any other (`EPIPE`).
    ///
    /// What is written to standard output while that is held back waits for its release.
    package func write(_ bytes: Span<UInt8>) throws(SystemError) {
        if self == .output, try hold(bytes) { return }
        try writeAll(rawValue, bytes, self == .output ? "standard output" : "standard error")
    }

    /// Whether standard output is held back, and has taken `bytes`.
    private func hold(_ bytes: Span<UInt8>) throws(SystemError) -> Bool {
        try OutputHold.current.withLock { held throws(SystemError) in
            guard held != nil else { return false }
            try held?.take(bytes)
            return true
        }
    }

    /// Writes text.
    package func write(_ text: String) throws(SystemError) {
        try write([UInt8](text.utf8).span)
    }

    /// Whether the stream is a terminal.
    package var isTerminal: Bool { isatty(rawValue) == 1 }

    /// The terminal's width in columns; `nil` where there is none.
    package var columns: Int? {
        var size = winsize()
        guard unsafe ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
