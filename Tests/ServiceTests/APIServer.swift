import Bytes
import DaybookTesting
import Digest
import Foundation
import HTTPServer
import Ledger
import POSIX
import Projections
import Service
import Testing

/// The routes of `/v1/` behind a real server, over a ledger of their own.
final class APIServer {
    let trial: ServiceTrial
    let routes: APIRoutes
    private let ledger: Ledger
    private let server: HTTPServer

    let reads: ReadRoutes

    private struct Door: HTTPHandler {
        let routes: APIRoutes
        let reads: ReadRoutes
        func admit(_ request: HTTPRequest) -> Admission {
            ReadRoutes.takes(request) ? reads.admit(request) : routes.admit(request)
        }
        func handle(_ request: HTTPRequest) -> Disposition {
            ReadRoutes.takes(request) ? reads.handle(request) : routes.handle(request)
        }
        func finished(_ record: AccessRecord) {}
    }

    struct SyncFailure: Error, CustomStringConvertible {
        let description = "the sync's name is missing"
    }

    init(recordsReads: Bool = true) throws {
        trial = try ServiceTrial()
        ledger = try trial.ledger.open(appends: true)
        let writer = try #require(ledger.writer)
        routes = APIRoutes(
            ledger: ledger,
            writer: writer,
            tokens: Tokens(ledger: trial.path),
            reservedSources: ["stripe"],
            syncNames: ["nightly"],
            service: { $0 == "xero" ? KnownService(rateLimit: "60/1m@90") : nil },
            sync: { body, caller in
                guard body.count < 40 else { throw SyncFailure() }
                let name = String(repairing: body)
                var draft = Draft(
                    source: name,
                    id: "run-1",
                    type: "sync.completed",
                    kind: .sync,
                    outcome: .succeeded
                )
                draft[.sync] = name
                draft[.reason] = "by \(caller)"
                return draft
            }
        )
        reads = try ReadRoutes(
            ledger: ledger,
            writer: writer,
            views: Views(ledger),
            tokens: Tokens(ledger: trial.path),
            recordsReads: recordsReads
        )
        server = try HTTPServer(
            address: "127.0.0.1",
            port: 0,
            threads: 2,
            handler: Door(routes: routes, reads: reads)
        )
    }

    deinit { end() }

    /// Ends server and writer.
    func end() {
        server.stop(graceSeconds: 5)
        reads.stop()
        ledger.close()
    }

    // A process has a ledger open once, so that what commands do to it is done here by hand.

    /// Makes a token.
    @discardableResult
    func token(
        _ name: String,
        _ role: TokenRole,
        scope: [String] = [],
        expires: Timestamp? = nil
    ) throws -> String {
        let token = Token(random: Random.fill(32))
        try change {
            try $0.add(
                TokenRecord(
                    name: name,
                    role: role,
                    scope: scope.isEmpty ? nil : TokenScope(scope),
                    created: wallClock(),
                    expires: expires,
                    digest: token.digest
                )
            )
        }
        return token.revealed
    }

    /// Revokes a token.
    func revoke(_ name: String) throws { try change { $0.revoke(name, at: wallClock()) } }

    private func change(_ body: (inout TokenTable) throws -> Void) throws {
        let text = (try? Files.read(trial.tokensFile)) ?? []
        var table = try TokenTable(text.span)
        try body(&table)
        try Files.replace(trial.tokensFile, with: table.bytes)
    }

    /// The lines of the log, each by attribute.
    func lines() throws -> [[String: String]] { try logLines(ledger) }

    /// The leaf hash of a line.
    func leaf(_ sequence: Int) throws -> String? {
        try ledger.read { snapshot in
            guard let line = try snapshot.line(at: UInt64(sequence)) else { return nil }
            return SHA256.leaf(line.bytes).description
        }
    }

    /// Ends the writer alone: nothing can be recorded any more.
    func endWriter() { ledger.close() }

    struct Reply {
        var status = 0
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        var text: String { String(decoding: body, as: UTF8.self) }

        var members: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
        }
        var events: [[String: Any]] { members["events"] as? [[String: Any]] ?? [] }
        var word: String? { headers["daybook-problem"] }
    }

    /// Sends a request on a connection of its own.
    func send(
        _ path: String,
        token: String? = nil,
        method: String = "POST",
        type: String? = "application/json",
        headers: [String] = [],
        body: String = "",
        announced: Int? = nil
    ) throws -> Reply {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: a", "Connection: close"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let type { lines.append("Content-Type: \(type)") }
        lines += headers + ["Content-Length: \(announced ?? body.utf8.count)", "", ""]
        return try exchange(Array(lines.joined(separator: "\r\n").utf8) + Array(body.utf8))
    }

    private func exchange(_ bytes: [UInt8]) throws -> Reply {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let code = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(code == 0)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count <= 0 { break }
            done += count
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count <= 0 { break }
            received += buffer[..<count]
        }
        return try Self.reply(received)
    }

    private static func reply(_ bytes: [UInt8]) throws -> Reply {
        let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
            .components(separatedBy: "\r\n")
        var reply = Reply()
        reply.status = Int(lines[0].split(separator: " ")[1]) ?? 0
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            reply.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        reply.body = Array(bytes[end.upperBound...])
        return reply
    }
}
