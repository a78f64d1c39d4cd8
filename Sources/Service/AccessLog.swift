internal import Bytes
internal import HTTPServer
internal import POSIX

/// The access log: one JSON object a request on standard error, written by a thread of its own.
///
/// It names method, path without query, status, times and sizes; no header and no body, so no
/// secret. When the reader is too slow, lines are dropped and their number is logged.
final class AccessLog: Sendable {
    private struct Buffer {
        var bytes: [UInt8] = []
        var dropped: UInt64 = 0
        var isClosed = false
        var thread: BackgroundThread?
    }

    private let buffer = Monitor(Buffer())
    private static let capacity = 1 << 20

    init() throws(SystemError) {
        let thread = try BackgroundThread("access log") { [self] in run() }
        buffer.withLock { $0.thread = thread }
    }

    /// Adds a request's line.
    func add(_ record: AccessRecord) {
        var line: [UInt8] = []
        line.reserveCapacity(200)
        line.append(ascii: "{\"time\":\"")
        Timestamp(microseconds: Clock.microseconds).append(to: &line)
        line.append(ascii: "\",\"method\":")
        CanonicalJSON.appendString(record.method, to: &line)
        line.append(ascii: ",\"path\":")
        CanonicalJSON.appendString(Self.path(record.target), to: &line)
        line.append(ascii: ",\"status\":")
        Decimal.append(UInt64(max(0, record.status)), to: &line)
        line.append(ascii: ",\"microseconds\":")
        Decimal.append(UInt64(max(0, record.microseconds)), to: &line)
        line.append(ascii: ",\"in\":")
        Decimal.append(UInt64(max(0, record.bytesIn)), to: &line)
        line.append(ascii: ",\"out\":")
        Decimal.append(UInt64(max(0, record.bytesOut)), to: &line)
        line.append(ascii: ",\"peer\":")
        CanonicalJSON.appendString(record.peer, to: &line)
        line.append(ascii: record.isComplete ? "}\n" : ",\"cut_off\":true}\n")
        let wasEmpty = buffer.withLock { buffer in
            let wasEmpty = buffer.bytes.isEmpty
            if buffer.bytes.count + line.count > Self.capacity {
                buffer.dropped += 1
            } else {
                buffer.bytes.append(contentsOf: line)
            }
            return wasEmpty
        }
        if wasEmpty { buffer.broadcast() }
    }

    /// The path without what may be a secret: what follows a source's name.
    private static func path(_ target: String) -> String {
        let path = target.prefix { $0 != "?" }.prefix(200)
        let parts = path.split(separator: "/", maxSplits: 2)
        guard parts.count == 3, parts[0] == "hooks" else { return String(path) }
        return "/hooks/\(parts[1])/[redacted]"
    }

    /// Writes what is left and ends the thread.
    func close() {
        buffer.withLock { $0.isClosed = true }
        buffer.broadcast()
        buffer.withLock { $0.thread }?.join()
    }

    private func run() {
        while true {
            let (bytes, dropped, isClosed) = buffer.wait(
                until: { !$0.bytes.isEmpty || $0.isClosed }
            ) { buffer in
                defer {
                    buffer.bytes = []
                    buffer.dropped = 0
                }
                return (buffer.bytes, buffer.dropped, buffer.isClosed)
            }
            try? StandardStream.error.write(bytes.span)
            if dropped > 0 {
                try? StandardStream.error.write("{\"access_log_dropped\":\(dropped)}\n")
            }
            if isClosed, bytes.isEmpty { break }
        }
    }
}
