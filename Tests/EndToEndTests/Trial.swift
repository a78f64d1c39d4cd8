import Foundation
import Testing

/// What a command said and how it ended.
struct Finished: CustomStringConvertible {
    let status: Int32
    let bytes: [UInt8]
    let error: String

    /// Standard output as text.
    var output: String { String(decoding: bytes, as: UTF8.self) }

    /// Standard output as one JSON object a line.
    var rows: [[String: String]] {
        output.split(separator: "\n").map { row(Data($0.utf8)) }
    }

    var description: String { "status \(status)\n\(output)\n\(error)" }
}

/// A folder with a ledger of its own and, where a test starts them, servers over it.
final class Trial {
    let root: String
    var ledger: String { "\(root)/ledger" }
    var configurationFile: String { "\(ledger)/daybook.yaml" }
    var environment: [String: String]
    private var servers: [Server] = []
    private var children: [Child] = []

    /// The program lies beside the test bundle, wherever that was built.
    static let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "daybook").path(percentEncoded: false)
    /// The checkout that these tests belong to.
    static let checkout = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .path(percentEncoded: false)

    fileprivate init() throws {
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        root = "\(temporary)/daybook-end-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: root,
            withIntermediateDirectories: true
        )
        environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": root, "XDG_STATE_HOME": "\(root)/state", "DAYBOOK_LEDGER": "\(root)/ledger",
            "DAYBOOK": Self.program,
        ]
    }

    fileprivate func end() {
        for server in servers {
            let status = server.stop()
            #expect(status == 0 || server.wasKilled, "the server ended with \(status)")
        }
        for child in children where child.isRunning {
            child.signal(SIGKILL)
            child.wait()
        }
        try? FileManager.default.removeItem(atPath: root)
    }

    // MARK: - Files

    func path(_ name: String) -> String { name.hasPrefix("/") ? name : "\(root)/\(name)" }

    /// Writes a file, its folder too; gives its path.
    @discardableResult
    func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
        return path(name)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: path(name)), encoding: .utf8)
    }

    // MARK: - Commands

    /// Runs daybook to its end.
    @discardableResult
    func daybook(_ arguments: String..., input: String? = nil) throws -> Finished {
        try run([Self.program] + arguments, input: input)
    }

    /// Runs a line of shell, in which `$DAYBOOK` is the program, in the trial's folder.
    @discardableResult
    func shell(_ script: String) throws -> Finished {
        try run(["sh", "-c", script])
    }

    func run(_ arguments: [String], input: String? = nil) throws -> Finished {
        let (child, name) = try start(arguments, input: input)
        let status = child.wait()
        return Finished(
            status: status,
            bytes: Array(try Data(contentsOf: URL(filePath: "\(name).out"))),
            error: try read("\(name).err")
        )
    }

    /// Starts a program; gives it and the path of its output, less `.out` and `.err`.
    func start(_ arguments: [String], input: String? = nil) throws -> (Child, String) {
        let name = path("run-\(children.count)")
        if let input { try write(input, to: "\(name).in") }
        let child = try Child(
            arguments,
            environment: environment,
            folder: root,
            input: input == nil ? "/dev/null" : "\(name).in",
            output: "\(name).out",
            error: "\(name).err"
        )
        children.append(child)
        return (child, name)
    }

    /// Starts a server on a free port and waits until it serves.
    func serve(_ options: String..., listen: String = "127.0.0.1:0") throws -> Server {
        let (child, name) = try start([Self.program, "serve", "--listen", listen] + options)
        let server = Server(child, output: "\(name).out", error: "\(name).err")
        servers.append(server)
        try server.waitForWelcome()
        return server
    }

    // MARK: - What is in the ledger

    /// The lines that `daybook log` lists, by attribute.
    func log(_ options: String...) throws -> [[String: String]] {
        let finished = try run([Self.program, "log", "--format", "ndjson"] + options)
        try #require(finished.status == 0, "\(finished)")
        return finished.rows
    }

    /// Whether `daybook verify` finds nothing, and says so.
    func isSound() throws -> Bool {
        let finished = try daybook("verify", "--format", "table")
        if finished.status != 0 { Issue.record("\(finished)") }
        return finished.status == 0 && finished.output.hasPrefix("sound  ")
    }
}

/// Runs a test with a folder of its own: a ledger with a configuration, by default one source of
/// each provider, unless it is to be made by the test.
func withTrial(
    configuration: String = Sources.configuration,
    makesLedger: Bool = true,
    projections: [String] = ["member-status", "order-status", "rate-limit-usage", "stock-levels"],
    _ body: (Trial) throws -> Void
) throws {
    let trial = try Trial()
    defer { trial.end() }
    if makesLedger {
        let made = try trial.daybook("init", "--origin", "shop.example.com/log")
        try #require(made.status == 0, "\(made)")
        try trial.write(configuration, to: "ledger/daybook.yaml")
        // The fewer are followed, the less the test costs.
        let folder = trial.path("ledger/projections")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where !projections.contains(name) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
    }
    try body(trial)
}

/// The members of a JSON object, numbers and others as text.
func row(_ json: Data) -> [String: String] {
    let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any]
    return (object ?? [:]).mapValues { "\($0)" }
}

/// Looks until something is there: what another process does has no moment that could be known.
@discardableResult
func eventually<R>(_ what: String, _ look: () throws -> R?) throws -> R {
    for _ in 0..<6000 {
        if let found = try look() { return found }
        usleep(5000)
    }
    throw Child.Failure(description: "there was no \(what) in half a minute")
}
