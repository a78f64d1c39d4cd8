internal import CMicrohttpd
internal import Glibc

/// Nanoseconds since some moment; never goes back.
func monotonicNanoseconds() -> UInt64 {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// The system's words for an errno.
func systemReason(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}

/// A thread that is waited for before its owner goes.
struct Thread: Sendable {
    private let identifier: pthread_t

    /// Starts `body` on a new thread.
    init(_ body: @escaping @Sendable () -> Void) throws(HTTPServerError) {
        var identifier = pthread_t()
        let box = unsafe Unmanaged.passRetained(ThreadBody(body))
        let code = unsafe pthread_create(&identifier, nil, runThread, box.toOpaque())
        guard code == 0 else {
            unsafe box.release()
            throw .noResources(operation: "start a thread", reason: systemReason(code))
        }
        self.identifier = identifier
    }

    /// Waits until the thread's body has returned.
    func join() {
        pthread_join(identifier, nil)
    }
}

private final class ThreadBody: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

private func runThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let box = unsafe box else { return nil }
    unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().body()
    return nil
}

/// Wakes one thread out of `poll`, from any other.
struct WakeUp: Sendable {
    let descriptor: Int32

    init() throws(HTTPServerError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if descriptor < 0 {
            throw .noResources(operation: "make an eventfd", reason: systemReason(errno))
        }
    }

    func signal() {
        eventfd_write(descriptor, 1)
    }

    func clear() {
        var count: eventfd_t = 0
        unsafe eventfd_read(descriptor, &count)
    }
}
