internal import Glibc
internal import Synchronization

/// What workers, housekeeper and owner of a server share.
final class ServerState: Sendable {
    let limits: HTTPLimits
    let handler: any HTTPHandler
    let table = ConnectionTable()
    let lingering: Lingering
    let wakeUp: WakeUp

    /// No new connections; every answer closes its own.
    let isStopping = Atomic<Bool>(false)
    let requestNanoseconds: UInt64

    init(limits: HTTPLimits, handler: any HTTPHandler) throws(HTTPServerError) {
        self.limits = limits
        self.handler = handler
        let wakeUp = try WakeUp()
        self.wakeUp = wakeUp
        self.lingering = Lingering(wakeUp: wakeUp)
        self.requestNanoseconds = UInt64(max(1, limits.requestSeconds)) * 1_000_000_000
    }

    deinit {
        close(wakeUp.descriptor)
    }

    /// When a client must have taken an answer of so many bytes that starts now.
    func answerDeadline(bytes: Int) -> UInt64 {
        let seconds = UInt64(bytes / max(1, limits.answerBytesPerSecond))
        return monotonicNanoseconds() + requestNanoseconds + seconds * 1_000_000_000
    }

    /// How long a client may take for a piece of a stream.
    func answerNanoseconds(bytes: Int) -> UInt64 {
        UInt64(bytes) * 1_000_000_000 / UInt64(max(1, limits.answerBytesPerSecond))
    }

    /// Closes a connection that no worker took.
    func discard(_ socket: AcceptedSocket) {
        close(socket.descriptor)
        table.release(socket.address, limit: limits.connectionsPerAddress)
    }

    /// Takes leave of a connection whose descriptor is about to be closed.
    func closed(_ connection: Connection) {
        // A request is left here only if libmicrohttpd broke off without saying so.
        if connection.request != nil {
            connection.finishRequest(isComplete: false, status: 0, headBytes: 0)
        }
        table.remove(connection)
        if connection.lingers { lingering.adopt(connection.descriptor) }
        let before = table.release(connection.address, limit: limits.connectionsPerAddress)
        if before >= limits.connections { wakeUp.signal() }
    }
}

extension Connection {
    /// Reports the request and makes ready for the next one.
    func finishRequest(isComplete: Bool, status: Int, headBytes: Int) {
        guard let request else { return }
        self.request = nil
        // An answer that came too late may hold a stream, whose producer is to learn of it.
        lateAnswer = nil
        request.retire()
        let now = monotonicNanoseconds()
        enter(.idle, deadline: now + server.requestNanoseconds)
        server.handler.finished(
            AccessRecord(
                method: request.method,
                target: request.target,
                peer: peer,
                status: status,
                isComplete: isComplete,
                microseconds: Int((now - request.started) / 1000),
                bytesIn: headBytes + request.bodyBytes,
                bytesOut: isComplete || request.sender != nil ? request.answerBytes : 0
            )
        )
        // The two hold each other.
        request.sender = nil
    }
}
