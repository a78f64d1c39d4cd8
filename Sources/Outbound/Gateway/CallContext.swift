internal import Digest
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// What all calls of a process share.
final class CallContext: Sendable {
    let loop: TransferLoop
    let writer: Writer
    let clock: SteadyClock
    /// Keeps a secret that a provider has replaced, under the reference that it was read from.
    let keepSecret: @Sendable (_ reference: String, _ value: [UInt8]) -> Void
    /// Bytes of requests that are held until they are answered.
    let heldBytes = Atomic<Int>(0)
    /// Requests that are not answered yet.
    let underWay = Atomic<Int>(0)
    let isStopping = Atomic<Bool>(false)
    private let salts = Mutex(SaltSource())
    /// The intents whose outcome is not recorded yet.
    private let open = Mutex<Set<UInt64>>([])

    init(
        loop: TransferLoop,
        writer: Writer,
        clock: SteadyClock,
        keepSecret: @escaping @Sendable (_ reference: String, _ value: [UInt8]) -> Void
    ) {
        self.loop = loop
        self.writer = writer
        self.clock = clock
        self.keepSecret = keepSecret
    }

    func salt() -> [16 of UInt8] { salts.withLock { $0.next() } }

    func opened(_ intent: UInt64) { open.withLock { _ = $0.insert(intent) } }

    func closed(_ intent: UInt64) { open.withLock { _ = $0.remove(intent) } }

    /// The first intent whose outcome is not recorded yet; `nil` if all are.
    var firstOpen: UInt64? { open.withLock { $0.min() } }

    /// Records what nobody waits for; if the queue is full, a little later.
    func note(_ draft: Draft, triesLeft: Int = 100) {
        do {
            try writer.submit([draft]) { _ in }
        } catch .queueFull where triesLeft > 0 {
            loop.perform(after: 100_000_000) { [self] in note(draft, triesLeft: triesLeft - 1) }
        } catch {
            // The writer has stopped or failed, which the service's health tells.
        }
    }
}
