internal import CCurl
internal import Glibc

/// Nanoseconds since some moment; never goes back.
func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// What the system refuses, in an error's form.
func systemFailure(_ operation: String, _ code: Int32) -> HTTPClientError {
    let reason = unsafe String(cString: strerror(code))
    return .failed(code: Int(CURLE_FAILED_INIT.rawValue), reason: "cannot \(operation): \(reason)")
}

/// A thread of our own, which takes no signals: they are for the main thread, and writing to a
/// peer that is gone must be an error.
struct Thread: Sendable {
    private let identifier: pthread_t

    /// Starts `body` on a new thread.
    init(_ body: @escaping @Sendable () -> Void) throws(HTTPClientError) {
        var identifier = pthread_t()
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        let code = unsafe pthread_create(&identifier, nil, runThread, box.toOpaque())
        guard code == 0 else {
            unsafe box.release()
            throw systemFailure("start a thread", code)
        }
        self.identifier = identifier
    }

    /// Waits until the thread's body has returned; it cannot be waited for twice.
    func join() {
        pthread_join(identifier, nil)
    }

    /// Lets the thread end by itself.
    func detach() {
        pthread_detach(identifier)
    }
}

private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box = unsafe box else { return nil }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body()
    return nil
}
