internal import Glibc

/// Many may pass at once, or one alone; who waits to pass alone goes first.
@safe final class Gate: Sendable {
    // A pthread lock may be used from any thread; it lives at one address until deinit.
    nonisolated(unsafe) private let lock: UnsafeMutablePointer<pthread_rwlock_t>

    init() {
        unsafe lock = .allocate(capacity: 1)
        var attributes = pthread_rwlockattr_t()
        unsafe pthread_rwlockattr_init(&attributes)
        // Else a stream of short reads could keep the map from growing for ever.
        unsafe pthread_rwlockattr_setkind_np(
            &attributes,
            Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
        )
        unsafe pthread_rwlock_init(lock, &attributes)
        unsafe pthread_rwlockattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_rwlock_destroy(lock)
        unsafe lock.deallocate()
    }

    func lockShared() { unsafe _ = pthread_rwlock_rdlock(lock) }
    func lockExclusive() { unsafe _ = pthread_rwlock_wrlock(lock) }
    func unlock() { unsafe _ = pthread_rwlock_unlock(lock) }
}
