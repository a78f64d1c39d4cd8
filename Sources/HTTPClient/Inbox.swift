internal import CCurl
internal import Glibc
internal import Synchronization

/// What others ask of the loop's thread.
enum Order: Sendable {
    case start(TransferStart)
    case resume(TransferID)
    case cancel(TransferID)
    case perform(@Sendable () -> Void)
    case performAt(UInt64, @Sendable () -> Void)
    case stop
}

/// A transfer that is to begin.
struct TransferStart: Sendable {
    let id: TransferID
    let request: ClientRequest
    let rules: TransferRules
    let receiver: any TransferReceiver
    /// When it was asked for, in monotonic nanoseconds.
    let moment: UInt64
}

/// Orders on their way to the loop's thread.
///
/// Whoever adds one while the thread rests wakes it; all others add without a system call.
final class Inbox: Sendable {
    private struct State {
        var orders: [Order] = []
        var isResting = false
        var isClosed = false
    }

    /// Readable once for each time that the thread is to wake (edge-triggered).
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws(HTTPClientError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        if descriptor < 0 { throw systemFailure("make an eventfd", errno) }
    }

    deinit {
        Glibc.close(descriptor)
    }

    /// Adds an order; `false`: the thread takes no more.
    func post(_ order: consuming Order) -> Bool {
        let (isTaken, wakes) = state.withLock { [order = consume order] state in
            if state.isClosed { return (false, false) }
            state.orders.append(order)
            defer { state.isResting = false }
            return (true, state.isResting)
        }
        if wakes { eventfd_write(descriptor, 1) }
        return isTaken
    }

    /// Exchanges what has come for `empty`, whose memory is used for what comes next.
    func take(_ empty: inout [Order]) {
        state.withLock { swap(&$0.orders, &empty) }
    }

    /// Announces that the thread rests; `false`: it must not, there are orders.
    func rest() -> Bool {
        state.withLock { state in
            state.isResting = state.orders.isEmpty
            return state.isResting
        }
    }

    /// Announces that the thread looks at the orders before it rests again.
    func rise() {
        state.withLock { $0.isResting = false }
    }

    /// Takes no more, and gives what is left.
    func close() -> [Order] {
        state.withLock { state in
            state.isClosed = true
            defer { state.orders = [] }
            return state.orders
        }
    }
}
