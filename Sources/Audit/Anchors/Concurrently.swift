internal import POSIX
internal import Synchronization

/// Runs `body` on each item at once, each on a thread of its own, and gives the results in order.
///
/// For what waits for others, not for what computes.
func concurrently<Item: Sendable, R: Sendable>(
    _ items: [Item],
    _ body: @escaping @Sendable (Item) throws -> R
) throws -> [R] {
    let results = Mutex<[Result<R, any Error>?]>(Array(repeating: nil, count: items.count))
    let next = Mutex(0)
    try runThreads(items.count) {
        let index = next.withLock { next in
            next += 1
            return next - 1
        }
        guard index < items.count else { return }
        let result = Result { try body(items[index]) }
        results.withLock { $0[index] = result }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
}
