import Foundation
import Synchronization
import Testing

/// A running `daybook serve`.
final class Server: Sendable {
    let process: Child
    private let outputFile: String
    private let errorFile: String
    private let state = Mutex((port: UInt16(0), wasKilled: false))

    init(_ process: Child, output: String, error: String) {
        self.process = process
        outputFile = output
        errorFile = error
    }

    /// What it said at its start.
    var welcome: String { text(outputFile) }
    /// Its access log, and what it said at its end.
    var messages: String { text(errorFile) }
    var port: UInt16 { state.withLock { $0.port } }
    var wasKilled: Bool { state.withLock { $0.wasKilled } }

    private func text(_ path: String) -> String {
        (try? String(contentsOf: URL(filePath: path), encoding: .utf8)) ?? ""
    }

    func waitForWelcome() throws {
        let port = try eventually("welcome") { () -> UInt16? in
            let text = welcome
            if !process.isRunning { throw Child.Failure(description: "it ended: \(messages)") }
            guard text.contains("next: "), let line = text.split(separator: "\n").first,
                let digits = line.split(separator: ":").last
            else { return nil }
            return UInt16(digits)
        }
        state.withLock { $0.port = port }
    }

    /// Ends it as a service manager does; gives its exit status.
    @discardableResult
    func stop() -> Int32 {
        process.signal(SIGTERM)
        return process.wait()
    }

    /// Ends it as a power failure does.
    func kill() {
        state.withLock { $0.wasKilled = true }
        process.signal(SIGKILL)
        process.wait()
    }

    // MARK: - Requests

    func connect() throws -> Connection { try Connection(port) }

    /// Sends a request on a connection of its own.
    func send(_ request: Request) throws -> Answer {
        let connection = try connect()
        try connection.send(request)
        return try connection.answer(to: request.method)
    }

    func get(_ target: String) throws -> Answer {
        try send(Request(method: "GET", target: target))
    }

    /// The members of `/healthz`.
    func health() throws -> [String: String] { row(Data(try get("/healthz").body)) }
}
