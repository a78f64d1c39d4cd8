internal import CMicrohttpd
internal import Glibc
internal import Synchronization

/// All open connections, to look them over from outside their worker threads.
///
/// Its lock is taken when a connection starts or closes and for a sweep, never for a request. A
/// descriptor is closed only after its connection left the table, so whoever holds the lock can
/// shut it down without hitting a stranger that got the same number.
final class ConnectionTable: Sendable {
    private let table = Mutex(Table())
    /// Connections accepted and not yet closed; those not yet in the table count too.
    let open = Atomic<Int>(0)

    private struct Table {
        var connections: [Connection] = []
        var perAddress: [PeerAddress: Int] = [:]
    }

    /// Counts a connection just accepted; false if its address has as many as it may.
    func reserve(_ address: PeerAddress, limit: Int) -> Bool {
        if limit > 0 {
            let isFree = table.withLock { table in
                let held = table.perAddress[address, default: 0]
                if held < limit { table.perAddress[address] = held + 1 }
                return held < limit
            }
            if !isFree { return false }
        }
        open.add(1, ordering: .relaxed)
        return true
    }

    /// Takes back what `reserve` counted; gives how many were open before.
    @discardableResult
    func release(_ address: PeerAddress, limit: Int) -> Int {
        if limit > 0 {
            table.withLock { table in
                let held = table.perAddress[address, default: 0]
                table.perAddress[address] = held > 1 ? held - 1 : nil
            }
        }
        return open.subtract(1, ordering: .relaxed).oldValue
    }

    func insert(_ connection: Connection) {
        table.withLock { table in
            connection.slot = table.connections.count
            table.connections.append(connection)
        }
    }

    func remove(_ connection: Connection) {
        table.withLock { table in
            guard let last = table.connections.popLast() else { return }
            if last !== connection {
                last.slot = connection.slot
                table.connections[connection.slot] = last
            }
        }
    }

    /// Shuts down every connection that is past its deadline.
    func shutDownOverdue(at now: UInt64) {
        table.withLock { table in
            for connection in table.connections where connection.isOverdue(at: now) {
                connection.shutDown()
            }
        }
    }

    /// Shuts down every connection without a request for so long.
    func shutDownIdle(at now: UInt64, for nanoseconds: UInt64) {
        table.withLock { table in
            for connection in table.connections
            where connection.isIdle(at: now, for: nanoseconds) {
                connection.shutDown()
            }
        }
    }

    /// The connections that wait for more of a stream, for which their clients wait no longer.
    ///
    /// libmicrohttpd does not look at a suspended connection.
    var abandoned: [Connection] {
        table.withLock { table in
            let waiting = table.connections.filter { $0.phase == .streaming }
            if waiting.isEmpty { return [] }
            var events = waiting.map {
                pollfd(fd: $0.descriptor, events: Int16(DAYBOOK_POLLRDHUP), revents: 0)
            }
            unsafe poll(&events, nfds_t(events.count), 0)
            return zip(waiting, events).filter { $1.revents != 0 }.map(\.0)
        }
    }

    /// How many connections have a request in progress.
    var busy: Int {
        table.withLock { table in
            table.connections.reduce(0) { $0 + ($1.phase == .idle ? 0 : 1) }
        }
    }

    /// The connections at this moment.
    var snapshot: [Connection] {
        table.withLock { $0.connections }
    }
}
