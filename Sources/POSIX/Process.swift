internal import Glibc

/// What a process knows of itself and its surroundings.
package enum Process {
    /// The value of an environment variable; `nil` if it is not set.
    package static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Ends the process with a status.
    package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }

    /// The name of the user who runs the process; its number if it has none.
    package static var userName: String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>? = nil
        var buffer = [CChar](repeating: 0, count: 16_384)
        let user = getuid()
        unsafe getpwuid_r(user, &entry, &buffer, buffer.count, &found)
        guard unsafe found != nil, let name = unsafe entry.pw_name else { return "uid-\(user)" }
        return unsafe String(cString: name)
    }

    /// Opens `/dev/null` for each standard stream that is closed.
    ///
    /// Else the log's own file could get its number, and what is meant for people would be written
    /// into the log.
    package static func openStandardStreams() {
        for stream in 0...2 as ClosedRange<Int32> where fcntl(stream, F_GETFD) < 0 {
            let opened = unsafe open("/dev/null", O_RDWR)
            if opened >= 0, opened != stream {
                dup2(opened, stream)
                close(opened)
            }
        }
    }

    /// A broken pipe then shows as `EPIPE` of the write instead of killing the process.
    package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

    /// Raises the limit of open files to what the system allows.
    package static func raiseOpenFileLimit() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        unsafe _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// Signals that ask a service to stop, taken by waiting instead of by a handler.
@safe package struct StopSignals: ~Copyable {
    private var set = sigset_t()

    /// Blocks `SIGINT` and `SIGTERM` for this thread and those it will start.
    package init() {
        unsafe sigemptyset(&set)
        unsafe sigaddset(&set, SIGINT)
        unsafe sigaddset(&set, SIGTERM)
        unsafe _ = pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// One that came and was not taken yet; `nil` if none did.
    mutating func next() -> Int32? {
        var none = timespec()
        let signal = unsafe sigtimedwait(&set, nil, &none)
        return signal > 0 ? signal : nil
    }

    /// Waits for one of them and names it.
    package mutating func wait() -> String {
        var number: Int32 = 0
        unsafe _ = sigwait(&set, &number)
        return number == SIGINT ? "SIGINT" : "SIGTERM"
    }
}

/// The machine.
package enum Host {
    /// Its name; `localhost` if it has none.
    package static var name: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, 255) == 0 else { return "localhost" }
        let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        let name = String(decoding: bytes, as: UTF8.self)
        return name.isEmpty ? "localhost" : name
    }
}

/// Waits.
package func sleepMilliseconds(_ milliseconds: UInt32) {
    usleep(milliseconds * 1000)
}
