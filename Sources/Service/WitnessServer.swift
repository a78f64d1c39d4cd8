internal import Audit
internal import Digest
internal import HTTPServer
internal import Ledger
internal import Merkle
internal import POSIX

/// A running `daybook witness`.
package final class WitnessServer: Sendable {
    private let server: HTTPServer
    private let witness: Witness
    private let listen: ListenAddress
    private let logs: [VKey]

    /// Requests a witness takes at once: each log's are taken one after the other anyway.
    private static let threads = 2

    /// Begins to witness the logs whose keys are given, at `ADDRESS:PORT`; port 0 takes a free one.
    ///
    /// - Throws: `ConfigurationProblem` for a key or an address that is none.
    package init(
        logs: [String],
        keyFile: String,
        listen: String,
        folder: String,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        self.listen = try ListenAddress(listen)
        self.logs = try logs.map { text throws(ConfigurationProblem) in
            do {
                return try VKey(text, using: SHA256.self)
            } catch {
                throw ConfigurationProblem("the log \"\(text)\" is no vkey: \(error)")
            }
        }
        witness = try Witness(
            key: try WitnessKey(file: keyFile),
            logs: self.logs,
            folder: folder
        )
        var limits = HTTPLimits(headerBytes: 16 << 10, connections: 256)
        limits.bodyBytes = WitnessRequest.longest
        server = try HTTPServer(
            address: self.listen.address,
            port: self.listen.port,
            threads: Self.threads,
            limits: limits,
            handler: WitnessRoutes(
                witness: witness,
                now: { UInt64(max(0, Clock.microseconds / 1_000_000)) },
                report: report
            )
        )
    }

    /// The port in use.
    package var port: UInt16 { server.port }

    /// What its operator tells those whose logs it witnesses.
    package var welcome: String {
        let base = "http://\(listen.host):\(server.port)"
        var text = "witnessing at \(base)\n"
        text += "  policy  witness NAME \(witness.vkey) \(base)\n"
        for log in logs { text += "  log     \(log)\n" }
        text += "next: give the policy line to whoever runs the logs; stop with Ctrl-C\n"
        return text
    }

    /// Takes no more, and finishes what was begun.
    package func stop() { server.stop(graceSeconds: 5) }
}
