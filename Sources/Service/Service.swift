internal import Audit
internal import Bytes
internal import HTTPServer
package import Ledger
internal import Outbound
internal import POSIX
internal import Projections
internal import Webhooks

/// A running daybook: the front door over a ledger.
package final class Service: Sendable {
    private let ledger: Ledger
    private let server: HTTPServer
    private let door: FrontDoor
    private let trust: TrustFetcher
    private let outbound: OutboundSide
    private let accessLog: AccessLog?
    private let timer: Timer
    private let follower: ViewFollower
    private let anchors: AnchorSide?
    private let configuration: Configuration

    /// Opens the ledger and begins to serve it.
    ///
    /// `listen` overrides the configuration's `ADDRESS:PORT`; port 0 takes a free one.
    package static func start(
        ledger path: String,
        _ configuration: Configuration,
        listen: String? = nil,
        logsAccess: Bool = true,
        actor: Actor = .user(Process.userName)
    ) throws -> Service {
        try Service(path, configuration, listen, logsAccess, actor)
    }

    private init(
        _ path: String,
        _ configuration: Configuration,
        _ listen: String?,
        _ logsAccess: Bool,
        _ actor: Actor
    ) throws {
        let listen = try listen.map { try ListenAddress($0) } ?? configuration.listen
        let ledger = try Ledger(
            path: path,
            options: .init(appends: true, headFile: configuration.headFile)
        )
        var outbound: OutboundSide?
        var timer: Timer?
        var server: HTTPServer?
        var anchoring: AnchorSide?
        var opened: FrontDoor?
        do {
            guard let writer = ledger.writer else { throw AppendError.stopped }
            // Before anything is appended: a witness may know that this is an old copy.
            anchoring = try configuration.anchors.map { settings in
                try AnchorSide(ledger, settings) { Self.report($0) }
            }
            Self.recordConfiguration(ledger, actor)
            let trust = try TrustFetcher()
            let accessLog = logsAccess ? try AccessLog() : nil
            let views = try Self.views(ledger)
            let side = try OutboundSide(ledger, writer, configuration) { Self.report($0) }
            outbound = side
            let door = try FrontDoor(
                ledger: ledger,
                writer: writer,
                configuration: configuration,
                trust: trust,
                gateway: side.gateway,
                views: views,
                accessLog: accessLog
            )
            opened = door
            timer = try Timer(seconds: 30) {
                door.flushCounts()
                side.keepPosition()
                ledger.clearStaleReaders()
            }
            server = try HTTPServer(
                address: listen.address,
                port: listen.port,
                threads: max(2, processorCount()),
                limits: configuration.limits,
                tls: try configuration.tls.map { try $0.files() },
                handler: door
            )
            try anchoring?.start()
            follower = try ViewFollower(views) { name, problem in
                Self.report("\(name) is not folded: \(problem)")
            }
            self.anchors = anchoring
            self.door = door
            self.trust = trust
            self.accessLog = accessLog
            self.outbound = side
        } catch {
            // In the order of `stop`: whoever still works needs the ledger.
            server?.stop(graceSeconds: 0)
            anchoring?.stop()
            opened?.stop()
            timer?.stop()
            outbound?.close()
            ledger.close()
            throw error
        }
        guard let server, let timer else { throw AppendError.stopped }
        self.server = server
        self.timer = timer
        self.ledger = ledger
        self.configuration = configuration
    }

    /// A disk that is full keeps no webhook from being answered as it must.
    private static func recordConfiguration(_ ledger: Ledger, _ actor: Actor) {
        do {
            try ConfigurationChange.record(
                file: Configuration.file(ledger.path),
                in: ledger,
                by: actor
            )
        } catch {
            report("that the configuration changed is not recorded: \(error)")
        }
    }

    private static func report(_ text: String) {
        try? StandardStream.error.write("daybook: \(text)\n")
    }

    /// Refuses definitions that cannot be read, as the rest of the configuration is refused.
    private static func views(_ ledger: Ledger) throws -> Views {
        do {
            _ = try DefinitionFiles(ledger: ledger.path)
        } catch {
            throw ConfigurationProblem("\(error)")
        }
        return try Views(ledger)
    }

    /// The port in use.
    package var port: UInt16 { server.port }

    /// Where to post, and what to try next.
    package var welcome: String {
        let scheme = configuration.tls == nil ? "http" : "https"
        let base = "\(scheme)://\(configuration.listen.host):\(server.port)"
        let names = configuration.sources.keys.sorted()
        var text = "serving \(ledger.path) (\(ledger.origin)) at \(base)\n"
        for name in names {
            let provider = configuration.sources[name]?.provider.name ?? ""
            text += "  POST \(base)/hooks/\(name)  (\(provider))\n"
        }
        for service in configuration.services {
            text += "  ANY  \(base)/out/\(service.name)/…  (\(service.base))\n"
        }
        if names.isEmpty { text += "  no sources yet: name one in \(ledger.path)/daybook.yaml\n" }
        text += "next: daybook log, daybook verify, curl \(base)/healthz; stop with Ctrl-C\n"
        return text
    }

    /// Takes no more, finishes what was accepted, and closes the ledger.
    ///
    /// - Returns: how many requests were cut off because the grace was over.
    package func stop(graceSeconds: Double) -> Int {
        outbound.finish()
        anchors?.stop()
        let cut = server.stop(graceSeconds: graceSeconds)
        door.stop()
        timer.stop()
        outbound.close()
        door.flushCounts()
        follower.stop()
        trust.close()
        ledger.close()
        accessLog?.close()
        return cut
    }
}

/// Calls something every so many seconds on a thread of its own.
private final class Timer: Sendable {
    private struct State {
        var isStopping = false
        var thread: BackgroundThread?
    }

    private let state = Monitor(State())

    init(seconds: Int, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        let thread = try BackgroundThread("timer") { [self] in
            while !state.wait(
                until: { $0.isStopping },
                milliseconds: seconds * 1000,
                { $0.isStopping }
            ) {
                body()
            }
        }
        state.withLock { $0.thread = thread }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }
}
