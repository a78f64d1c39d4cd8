internal import Glibc
internal import Synchronization

/// Sockets whose answer was sent while the client was still sending.
///
/// Closing such a socket resets the connection, and the reset can overtake the answer in the client
/// (RFC 9112 section 9.6). So the socket is kept half-closed and drained for a short while.
final class Lingering: Sendable {
    private let sockets = Mutex<[Socket]>([])
    private let wakeUp: WakeUp

    // Few, short and slow enough that a flood of refused bodies costs next to nothing.
    private static let countMax = 64
    private static let nanosecondsMax: UInt64 = 2_000_000_000

    private struct Socket {
        let descriptor: Int32
        let deadline: UInt64
    }

    init(wakeUp: WakeUp) {
        self.wakeUp = wakeUp
    }

    deinit {
        closeAll()
    }

    /// Keeps a copy of a socket that its owner is about to close.
    func adopt(_ descriptor: Int32) {
        let isAdopted = sockets.withLock { sockets in
            guard sockets.count < Self.countMax else { return false }
            let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
            guard copy >= 0 else { return false }
            shutdown(copy, Int32(SHUT_WR))
            let deadline = monotonicNanoseconds() + Self.nanosecondsMax
            sockets.append(Socket(descriptor: copy, deadline: deadline))
            return true
        }
        if isAdopted { wakeUp.signal() }
    }

    /// What to wait for input on.
    var descriptors: [Int32] {
        sockets.withLock { $0.map(\.descriptor) }
    }

    /// Reads and drops what has arrived; closes what is at its end or out of time.
    func drain(at now: UInt64) {
        sockets.withLock { sockets in
            sockets.removeAll { socket in
                let isOver = socket.deadline < now || isAtEnd(socket.descriptor)
                if isOver { close(socket.descriptor) }
                return isOver
            }
        }
    }

    func closeAll() {
        sockets.withLock { sockets in
            for socket in sockets { close(socket.descriptor) }
            sockets.removeAll()
        }
    }
}

/// Drops up to 64 KiB of input.
private func isAtEnd(_ descriptor: Int32) -> Bool {
    unsafe withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 1) { buffer in
        for _ in 0..<4 {
            let count = unsafe recv(
                descriptor,
                buffer.baseAddress,
                buffer.count,
                Int32(MSG_DONTWAIT)
            )
            if count < 0 { return errno != EAGAIN && errno != EINTR }
            if count == 0 { return true }
        }
        return false
    }
}
