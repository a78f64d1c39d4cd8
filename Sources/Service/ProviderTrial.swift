internal import Bytes
internal import Catalog
internal import HTTPClient
internal import Ledger
internal import POSIX
internal import Webhooks

/// Posts a provider's sample, signed as the provider signs, to a running service
/// (`daybook providers test`).
package struct ProviderTrial {
    /// What came of it.
    package struct Outcome: Sendable {
        /// The source that it was posted to.
        package let source: String
        /// The status of the answer.
        package let status: Int
        /// The events that it became, as their lines.
        package let lines: [[UInt8]]
    }

    private let ledgerPath: String
    private let systems: Systems
    private let source: Source
    private let base: String

    /// Finds the source that takes the webhooks of `name`, a provider or a source.
    ///
    /// `base` is where the service listens; `nil` for the configuration's address.
    package init(
        ledger: String,
        _ configuration: Configuration,
        name: String,
        base: String?
    ) throws {
        ledgerPath = ledger
        do {
            systems = try Systems.load(ledger: ledger)
            let provider = try Providers(systems).provider(named: name)
            let sources = configuration.sources.values.sorted { $0.name < $1.name }
            guard
                let source = configuration.sources[name]
                    ?? sources.first(where: { $0.provider.name == provider?.name })
            else { throw Self.missing(name, provider, ledger) }
            self.source = source
        } catch let problem as ConfigurationProblem {
            throw problem
        } catch {
            throw ConfigurationProblem("\(error)")
        }
        self.base = base ?? configuration.localBase
    }

    private static func missing(
        _ name: String,
        _ provider: Provider?,
        _ ledger: String
    ) -> ConfigurationProblem {
        guard let provider else {
            return ConfigurationProblem(
                "no provider and no source is called \(name); \"daybook providers\" lists them"
            )
        }
        return ConfigurationProblem(
            """
            no source takes webhooks of \(provider.name); add one to \(Configuration.file(ledger)) \
            and start "daybook serve" again:
              sources:
                \(provider.sourceEntry(named: provider.name))
            """
        )
    }

    /// Posts a new sample `times` times, the very same request each time.
    ///
    /// `key` is a private key in PEM, for providers that sign with one of their own.
    package func run(times: Int, key: [UInt8]?) throws -> [Outcome] {
        guard let file = source.provider.sample?.file, let body = systems.sample(named: file) else {
            throw ConfigurationProblem("the entry of \(source.provider.name) has no sample")
        }
        let path = "/hooks/\(source.name)"
        // What the service takes for its own URL: some providers sign it.
        let host = base.drop { $0 != ":" }.dropFirst(3)
        let url = source.url ?? "https://\(host)\(path)"
        let request = try SampleRequest.make(
            for: source,
            body: body,
            url: url,
            now: Timestamp(microseconds: Clock.microseconds),
            key: key
        )
        let target = base + path + request.target.dropFirst(url.count)
        return try (0..<times).map { _ in try post(request, to: target) }
    }

    private func post(_ request: InboundRequest, to target: String) throws -> Outcome {
        let ledger = try Ledger(path: ledgerPath, options: .init(appends: false))
        let before = try ledger.read { try $0.size }
        let answer = try HTTPClient(allowsPlainHTTP: true).send(
            request.method,
            target,
            headers: request.headers,
            body: request.body,
            limits: HTTPClient.Limits(bytes: 1 << 20, seconds: 20)
        )
        // Others may post at the same time: only this source's events are shown.
        let lines: [[UInt8]] = try ledger.read { snapshot in
            var lines: [[UInt8]] = []
            try snapshot.forEachLine(from: before) { _, line in
                if line.text(.source) == source.name {
                    var bytes: [UInt8] = []
                    bytes.append(span: line.bytes)
                    lines.append(bytes)
                }
                return true
            }
            return lines
        }
        return Outcome(source: source.name, status: answer.status, lines: lines)
    }
}

extension Configuration {
    /// Where the service listens, as a program on the same machine reaches it.
    var localBase: String {
        let host = ["0.0.0.0", "[::]"].contains(listen.host) ? "127.0.0.1" : listen.host
        return "\(tls == nil ? "http" : "https")://\(host):\(listen.port)"
    }
}
