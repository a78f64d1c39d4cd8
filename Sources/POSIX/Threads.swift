internal import Glibc
internal import Synchronization

/// A thread of the operating system, for work that blocks.
@safe package struct Thread: ~Copyable {
    private let handle: pthread_t

    /// Starts `body` on a new thread; `name` is for the error text.
    ///
    /// - Throws: `SystemError` when the machine has no thread left to give.
    package init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var thread = pthread_t()
        let box = unsafe Unmanaged.passRetained(Box(body))
        let code = unsafe pthread_create(
            &thread,
            nil,
            { argument in
                if let argument = unsafe argument {
                    unsafe Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                }
                return nil
            },
            box.toOpaque()
        )
        if code != 0 {
            unsafe box.release()
            throw SystemError(code: code, operation: "start the thread", object: name)
        }
        handle = thread
    }

    /// Waits until the thread's body has returned.
    package consuming func join() {
        _ = pthread_join(handle, nil)
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// A thread that whoever started it can wait for from anywhere, once.
package final class BackgroundThread: Sendable {
    private let thread: Mutex<Thread?>

    /// Starts `body` on a new thread; `name` is for the error text.
    package init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        thread = Mutex(try Thread(name, body))
    }

    /// Waits until the body has returned and all it held is let go; later calls do nothing.
    package func join() {
        let thread = thread.withLock { $0.take() }
        if let thread { thread.join() }
    }
}

/// State that threads share under a lock, and can wait on until it changes.
@safe package final class Monitor<State>: @unchecked Sendable {
    // Sendable because `state` is touched only while `mutex` is held, and both C objects live at
    // one address until deinit.
    private var state: State
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>

    package init(_ state: State) {
        self.state = state
        unsafe mutex = .allocate(capacity: 1)
        unsafe changed = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(changed, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the lock held.
    package func withLock<R, E: Error>(_ body: (inout State) throws(E) -> R) throws(E) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Waits until `ready` holds or the time is over, then runs `body` with the lock held.
    package func wait<R>(
        until ready: (State) -> Bool,
        milliseconds: Int? = nil,
        _ body: (inout State) -> R
    ) -> R {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        var deadline = timespec()
        if let milliseconds {
            unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
            let nanoseconds = deadline.tv_nsec + (milliseconds % 1000) * 1_000_000
            deadline.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
            deadline.tv_nsec = nanoseconds % 1_000_000_000
        }
        while !ready(state) {
            if milliseconds == nil {
                unsafe pthread_cond_wait(changed, mutex)
            } else if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT {
                break
            }
        }
        return body(&state)
    }

    /// Wakes one waiter.
    package func signal() { unsafe _ = pthread_cond_signal(changed) }

    /// Wakes all waiters.
    package func broadcast() { unsafe _ = pthread_cond_broadcast(changed) }
}

/// How many threads this process may run at once.
package func processorCount() -> Int {
    max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
}

/// Runs `body` on `count` threads at once and waits for all; on this one, too.
package func runThreads(
    _ count: Int,
    _ body: @escaping @Sendable () -> Void
) throws(SystemError) {
    guard count > 1 else { return body() }
    let thread = try Thread("worker", body)
    do throws(SystemError) {
        try runThreads(count - 1, body)
    } catch {
        thread.join()
        throw error
    }
    thread.join()
}
