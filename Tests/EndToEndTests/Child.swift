import Foundation
import Synchronization
import Testing

/// A process that we started.
///
/// It is killed when the one that runs the tests ends, however it ends.
final class Child: Sendable {
    let id: pid_t
    private let ended = Mutex<Int32?>(nil)

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Starts a program with files for its streams.
    init(
        _ arguments: [String],
        environment: [String: String],
        folder: String,
        input: String = "/dev/null",
        output: String,
        error: String
    ) throws {
        let variables = environment.map { "\($0.key)=\($0.value)" }
        id = try Spawner.run {
            try spawn(arguments, variables, folder, input: input, output: output, error: error)
                .get()
        }
    }

    func signal(_ signal: Int32) {
        ended.withLock { status in
            // After it was waited for its id may be another's.
            if status == nil { kill(id, signal) }
        }
    }

    /// Waits for its end: the exit status, or 128 and the signal.
    ///
    /// One that hangs for a minute is killed, so that the test fails instead of hanging itself.
    @discardableResult
    func wait() -> Int32 {
        for round in 0... {
            if let status = poll() { return status }
            if round == 30_000 {
                Issue.record("the process hangs")
                signal(SIGKILL)
            }
            usleep(2000)
        }
        return -1
    }

    var isRunning: Bool { poll() == nil }

    private func poll() -> Int32? {
        ended.withLock { known in
            var status: Int32 = 0
            guard known == nil, waitpid(id, &status, WNOHANG) == id else { return known }
            let signal = status & 0x7f
            known = signal == 0 ? status >> 8 & 0xff : 128 + signal
            return known
        }
    }
}

/// Starts processes on a thread that never ends: `setpriv --pdeathsig` ties them to that thread.
private enum Spawner {
    private static let jobs = Mutex<[@Sendable () -> Void]>([])
    private static let waiting = DispatchSemaphore(value: 0)
    private static let start: Void = {
        let thread = Thread {
            while true {
                waiting.wait()
                jobs.withLock { $0.removeFirst() }()
            }
        }
        thread.start()
    }()

    static func run<R: Sendable>(_ job: @escaping @Sendable () throws -> R) throws -> R {
        _ = start
        let result = Mutex<Result<R, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        jobs.withLock { jobs in
            jobs.append {
                let value = Result { try job() }
                result.withLock { $0 = value }
                done.signal()
            }
        }
        waiting.signal()
        done.wait()
        guard let result = result.withLock({ $0 }) else {
            throw Child.Failure(description: "nothing was started")
        }
        return try result.get()
    }
}

private func spawn(
    _ arguments: [String],
    _ environment: [String],
    _ folder: String,
    input: String,
    output: String,
    error: String
) -> Result<pid_t, Child.Failure> {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A test's thread may block signals, which the process would inherit.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
        &attributes,
        Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF)
    )
    let creating = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, creating, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, error, creating, 0o600)
    let words = ["env", "-C", folder, "setpriv", "--pdeathsig", "KILL"] + arguments
    var argv = words.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in argv + variables { free(text) } }
    var id: pid_t = 0
    let code = posix_spawnp(&id, "env", &actions, &attributes, &argv, &variables)
    if code == 0 { return .success(id) }
    return .failure(
        Child.Failure(description: "cannot start \(words): \(String(cString: strerror(code)))")
    )
}
