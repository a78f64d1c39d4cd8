internal import Glibc

/// A program that is run beside this one, with its two outputs caught as they come.
package enum ChildProcess {
    /// How a program ended.
    package enum Ending: Hashable, Sendable {
        /// By itself, with this status.
        case exited(Int32)
        /// By a signal that somebody sent.
        case killed(signal: Int32)
        /// It ran longer than it may and was stopped.
        case timedOut
    }

    /// Which of the two outputs a piece comes from.
    package enum Stream: Sendable { case output, error }

    /// How long one that ignores `SIGTERM` may go on, in milliseconds.
    private static let grace: UInt64 = 10_000
    /// How long nothing is looked at while nothing is written, in milliseconds; so long may the
    /// outputs of a program that has ended stay open in what it started.
    private static let pause: Int32 = 100

    /// Runs `words`, a program's name and its arguments, without a shell, and waits for its end.
    ///
    /// The standard input is this program's own. It may run for `milliseconds`, or as long as it
    /// likes if that is `nil`. Signals to this program are passed on, so that the end of the other one
    /// can still be told. `take` gets each piece of output as it comes.
    package static func run(
        _ words: [String],
        milliseconds: UInt64?,
        signals: inout StopSignals,
        take: (Stream, Span<UInt8>) throws -> Void
    ) throws -> Ending {
        var output = try Pipe()
        var error = try Pipe()
        let id = try spawn(words, output.writing, error.writing)
        output.closeWriting()
        error.closeWriting()
        var watch = Watch(
            id: id,
            output: output,
            error: error,
            deadline: milliseconds.map { Clock.monotonicNanoseconds / 1_000_000 + $0 }
        )
        return try watch.run(&signals, take)
    }

    private static func spawn(
        _ words: [String],
        _ output: Int32,
        _ error: Int32
    ) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&actions)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&actions)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, error, 2)
        // What is blocked or ignored here must not be so there.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        var pipe = none
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &pipe)
        let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        unsafe posix_spawnattr_setflags(&attributes, flags)
        let name = words.first ?? ""
        var arguments = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        defer { unsafe arguments.forEach { unsafe free($0) } }
        var id: pid_t = 0
        let code = unsafe posix_spawnp(&id, name, &actions, &attributes, arguments, environ)
        if code != 0 { throw SystemError(code: code, operation: "run", object: name) }
        return id
    }

    /// Two ends, closed with their owner.
    private struct Pipe: ~Copyable {
        let reading: Int32
        private(set) var writing: Int32

        init() throws(SystemError) {
            var ends: (Int32, Int32) = (-1, -1)
            let code = unsafe withUnsafeMutablePointer(to: &ends) { ends in
                unsafe ends.withMemoryRebound(to: Int32.self, capacity: 2) { unsafe Glibc.pipe($0) }
            }
            if code != 0 { throw SystemError("make", "a pipe") }
            (reading, writing) = ends
            // Only the copies that the other program gets under 1 and 2 outlive its start.
            _ = fcntl(reading, F_SETFD, FD_CLOEXEC)
            _ = fcntl(writing, F_SETFD, FD_CLOEXEC)
        }

        mutating func closeWriting() {
            close(writing)
            writing = -1
        }

        deinit {
            close(reading)
            if writing >= 0 { close(writing) }
        }
    }

    /// One program while it runs.
    private struct Watch: ~Copyable {
        let id: pid_t
        let output: Pipe
        let error: Pipe
        /// In milliseconds of the monotonic clock; `nil` for none.
        var deadline: UInt64?
        private var isLate = false
        private var open = [true, true]
        private var status: Int32?

        init(
            id: pid_t,
            output: consuming Pipe,
            error: consuming Pipe,
            deadline: UInt64?
        ) {
            self.id = id
            self.output = output
            self.error = error
            self.deadline = deadline
        }

        mutating func run(
            _ signals: inout StopSignals,
            _ take: (Stream, Span<UInt8>) throws -> Void
        ) throws -> Ending {
            while open.contains(true) {
                var files = [
                    pollfd(fd: open[0] ? output.reading : -1, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: open[1] ? error.reading : -1, events: Int16(POLLIN), revents: 0),
                ]
                let found = unsafe poll(&files, 2, ChildProcess.pause)
                attend(&signals)
                if found > 0, files[0].revents != 0 { try read(.output, take) }
                if found > 0, files[1].revents != 0 { try read(.error, take) }
                // What it started may hold the pipes for longer than it lives.
                if found == 0, hasEnded() { break }
            }
            while !hasEnded() {
                attend(&signals)
                _ = poll(nil, 0, ChildProcess.pause)
            }
            return ending
        }

        /// Passes signals on, and stops what runs too long.
        private mutating func attend(_ signals: inout StopSignals) {
            while let signal = signals.next() { kill(id, signal) }
            guard let deadline, Clock.monotonicNanoseconds / 1_000_000 >= deadline else { return }
            kill(id, isLate ? SIGKILL : SIGTERM)
            isLate = true
            self.deadline = deadline + ChildProcess.grace
        }

        private mutating func read(
            _ stream: Stream,
            _ take: (Stream, Span<UInt8>) throws -> Void
        ) throws {
            let file = stream == .output ? output.reading : error.reading
            var bytes = [UInt8](repeating: 0, count: 64 << 10)
            let count = unsafe Glibc.read(file, &bytes, bytes.count)
            if count > 0 {
                try take(stream, bytes.span.extracting(first: count))
            } else if count == 0 || errno != EINTR {
                open[stream == .output ? 0 : 1] = false
            }
        }

        private mutating func hasEnded() -> Bool {
            if status != nil { return true }
            var code: Int32 = 0
            guard unsafe waitpid(id, &code, WNOHANG) == id else { return false }
            status = code
            return true
        }

        private var ending: Ending {
            if isLate { return .timedOut }
            let code = status ?? 0
            let signal = code & 0x7f
            return signal == 0 ? .exited((code >> 8) & 0xff) : .killed(signal: signal)
        }
    }
}
