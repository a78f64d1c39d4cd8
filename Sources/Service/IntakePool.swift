internal import Synchronization
internal import Webhooks

/// Intakes for worker threads: each has buffers of its own and is used by one thread at a time.
final class IntakePool: Sendable {
    /// Lets an intake stand in an array.
    // Sendable because a box is either in the pool, where nobody touches it, or taken out by one
    // thread, which alone uses it until it puts it back.
    private final class Box: @unchecked Sendable {
        var intake = Intake()
    }

    private let free = Mutex<[Box]>([])

    /// Runs `body` with an intake that nobody else uses meanwhile.
    func withIntake<R>(_ body: (inout Intake) -> R) -> R {
        let box = free.withLock { $0.popLast() } ?? Box()
        defer { free.withLock { $0.append(box) } }
        return body(&box.intake)
    }
}
