import Glibc
import HTTPServer
import Synchronization
import Testing

/// A stream and what its producer was told; dropping it drops the stream.
struct Producer {
    let stream: AnswerStream
    let told = Told()

    /// Held by the stream's closures as long as these are there.
    final class Told: Sendable {
        let rooms = Atomic<Int>(0)
        let gones = Atomic<Int>(0)

        var roomCount: Int { rooms.load(ordering: .acquiring) }
        var goneCount: Int { gones.load(ordering: .acquiring) }

        func waitUntilGone() throws {
            try eventually("word that the client is gone") { goneCount > 0 }
        }
    }

    init(capacity: Int = 256 << 10) {
        stream = AnswerStream(
            capacity: capacity,
            onRoom: { [told] in told.rooms.add(1, ordering: .acquiringAndReleasing) },
            onGone: { [told] in told.gones.add(1, ordering: .acquiringAndReleasing) }
        )
    }

    @discardableResult
    func write(_ text: String) -> Bool {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) -> Bool {
        stream.write(bytes.span)
    }

    /// Writes as a good producer does; false if the client is gone.
    func writeWaiting(_ bytes: [UInt8]) throws -> Bool {
        let before = told.roomCount
        if !write(bytes) {
            try eventually("room") { told.roomCount > before || told.goneCount > 0 }
        }
        return told.goneCount == 0
    }

    func answer(_ status: Int = 200, length: Int? = nil) -> HTTPAnswer {
        HTTPAnswer(status: status, stream: stream, length: length)
    }
}

/// Bytes in which every place is told from its neighbours.
func pattern(_ range: Range<Int>) -> [UInt8] {
    let block = (0..<251).map { UInt8($0) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(range.count + 502)
    while bytes.count < range.count + 251 { bytes += block }
    let start = range.lowerBound % 251
    return Array(bytes[start..<start + range.count])
}

/// How a streamed body is marked off.
enum Framing: CaseIterable, CustomTestStringConvertible {
    case chunks, length, closing

    var testDescription: String { "\(self)" }

    func request(_ client: RawClient) throws {
        let version = self == .closing ? "1.0" : "1.1"
        try client.send("GET /hold HTTP/\(version)\r\nHost: test\r\n\r\n")
    }

    /// What to announce for so many bytes.
    func announced(_ count: Int) -> Int? { self == .length ? count : nil }

    /// Reads a body of so many bytes after its head, to its end.
    func body(_ count: Int, _ client: RawClient) throws -> [UInt8] {
        switch self {
        case .chunks: return try client.chunks()
        case .length: return try client.bytes(count)
        case .closing:
            let (bytes, isReset) = try client.rest()
            if isReset { throw RawClient.Failure(description: "reset") }
            return bytes
        }
    }
}
