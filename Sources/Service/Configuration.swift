package import Audit
internal import Catalog
internal import HTTPServer
internal import Outbound
internal import POSIX
internal import Webhooks
internal import YAML

/// A configuration that cannot be used: which file, where, what was found and expected.
package struct ConfigurationProblem: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// `daybook.yaml` in the ledger's folder (DESIGN 7).
package struct Configuration: Sendable {
    /// The log's name, when the file says one.
    package let origin: String?
    let listen: ListenAddress
    /// Where the outside reaches the service, without a last slash; `nil` if it is not said.
    package let publicURL: String?
    /// Whether every read of audit data is recorded before it is answered.
    let recordsReads: Bool
    /// Where the highest known head is kept; `nil` for the default place.
    package let headFile: String?
    let limits: HTTPLimits
    let tls: TLSPaths?
    /// The configured sources by name.
    let sources: [String: Source]
    /// The configured services.
    let services: [OutboundService]
    /// Which events are forwarded.
    let deliveries: [DeliveryRule]
    /// When syncs are due.
    let syncs: [SyncSchedule]
    /// Who anchors the log; `nil` for nobody.
    let anchors: AnchorSettings?

    /// Whether anything is to be sent, or watched, by itself.
    var goesOut: Bool { !services.isEmpty || !deliveries.isEmpty || !syncs.isEmpty }

    /// The path of a ledger's configuration.
    package static func file(_ ledger: String) -> String { "\(ledger)/daybook.yaml" }

    /// Reads a ledger's configuration, its provider files and the secrets it refers to.
    ///
    /// - Throws: `ConfigurationProblem` with file, line, column, what was found and expected.
    package static func load(ledger: String) throws(ConfigurationProblem) -> Configuration {
        do {
            let systems = try Systems.load(ledger: ledger)
            return try Configuration(try read(ledger), systems, ledger)
        } catch let problem as ConfigurationProblem {
            throw problem
        } catch let error as SystemError where error.isMissing {
            throw ConfigurationProblem(
                "\(error); make a ledger with \"daybook init --ledger \(ledger)\""
            )
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    /// Where a ledger's head file lies, without reading its secrets; `nil` for the default place.
    package static func headFile(ledger: String) throws -> String? {
        guard Files.exists(file(ledger)) else { return nil }
        do {
            return try headFile(read(ledger).mapping["head_file"], ledger)
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    /// As all paths of the configuration: from the ledger's folder unless it is absolute.
    private static func headFile(_ node: YAMLNode?, _ ledger: String) throws -> String? {
        try node.map { Secrets.path(try $0.string, ledger: ledger) }
    }

    /// Who anchors a ledger's log, without reading its secrets; `nil` for nobody.
    package static func anchors(ledger: String) throws -> AnchorSettings? {
        guard Files.exists(file(ledger)) else { return nil }
        do {
            return try anchors(read(ledger).mapping["anchors"], ledger)
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    private static func anchors(_ node: YAMLNode?, _ ledger: String) throws -> AnchorSettings? {
        try node.map { try AnchorSettings($0) { Secrets.path($0, ledger: ledger) } }
    }

    /// The log's name, without reading secrets; `nil` where the file says none.
    package static func origin(ledger: String) throws -> String? {
        guard Files.exists(file(ledger)) else { return nil }
        do {
            return try read(ledger).mapping["origin"]?.string
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    /// Whether reads are recorded, without reading secrets; they are unless the file says not.
    package static func recordsReads(ledger: String) throws -> Bool {
        guard Files.exists(file(ledger)) else { return true }
        do {
            return try recordsReads(read(ledger).mapping["reads"])
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    private static func recordsReads(_ node: YAMLNode?) throws -> Bool {
        try node?.word(of: ["recorded", "unrecorded"]) != "unrecorded"
    }

    static func read(_ ledger: String) throws -> YAMLNode {
        let path = file(ledger)
        let bytes = try Files.read(path, limit: 1 << 20)
        return try parseYAML(bytes.span, file: path)
    }

    private init(_ root: YAMLNode, _ systems: Systems, _ ledger: String) throws {
        let keys = try root.mapping(allowed: [
            "origin", "listen", "public_url", "head_file", "tls", "limits", "sources", "services",
            "deliveries", "syncs", "anchors", "reads", "retention",
        ])
        _ = try keys["retention"].map { try RetentionPolicy($0) }
        let resolve = { (reference: String) in try Secrets.resolve(reference, ledger: ledger) }
        origin = try keys["origin"]?.string
        listen =
            try keys["listen"].map { node in
                do {
                    return try ListenAddress(try node.string)
                } catch let problem as ConfigurationProblem {
                    throw node.error(problem.description)
                }
            } ?? ListenAddress("127.0.0.1:8080")
        headFile = try Self.headFile(keys["head_file"], ledger)
        recordsReads = try Self.recordsReads(keys["reads"])
        tls = try keys["tls"].map { try TLSPaths($0, ledger) }
        publicURL = try keys["public_url"].map(Self.publicURL)
        var sources: [String: Source] = [:]
        for entry in try keys["sources"]?.mapping.entries ?? [] {
            sources[entry.name] = try Source(
                name: entry.key,
                node: entry.value,
                providers: Providers(systems),
                publicURL: publicURL,
                resolve: resolve
            )
        }
        self.sources = sources
        services = try (keys["services"]?.mapping.entries ?? []).map { entry in
            try OutboundService(
                name: entry.key,
                node: entry.value,
                known: { name throws(YAMLError) in try systems.service(named: name) },
                resolve: resolve,
                path: { Secrets.path($0, ledger: ledger) }
            )
        }
        deliveries =
            try keys["deliveries"].map {
                try DeliveryRule.list($0, resolve: resolve)
            } ?? []
        syncs = try keys["syncs"].map { try SyncSchedule.all($0) } ?? []
        anchors = try Self.anchors(keys["anchors"], ledger)
        limits = try Self.limits(keys["limits"], sources, services)
    }

    /// Where the outside reaches the service: some providers sign the URL that they post to.
    private static func publicURL(_ node: YAMLNode) throws -> String {
        var url = try node.string
        guard url.hasPrefix("https://") || url.hasPrefix("http://"), !url.contains("?") else {
            throw node.mismatch(expected: "such as https://hooks.example.com")
        }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    private static func limits(
        _ node: YAMLNode?,
        _ sources: [String: Source],
        _ services: [OutboundService]
    ) throws -> HTTPLimits {
        // Providers send a few KiB of headers; buffers of this size are cleared for each request.
        // What services answer has longer ones, which go through the same buffer.
        var limits = HTTPLimits(headerBytes: services.isEmpty ? 16 << 10 : 32 << 10)
        let bodyLimits = sources.values.map(\.bodyLimit) + services.map(\.requestBytes)
        limits.bodyBytes = max(APIRoutes.bodyBytes, bodyLimits.max() ?? 0)
        guard let node else { return limits }
        let keys = try node.mapping(allowed: [
            "connections", "connections_per_address", "request_time", "header_size",
        ])
        if let node = keys["connections"] {
            limits.connections = try node.integer(in: 1...65_536)
        }
        if let node = keys["connections_per_address"] {
            limits.connectionsPerAddress = try node.integer(in: 0...65_536)
        }
        if let node = keys["request_time"] {
            let seconds = try node.duration.components.seconds
            guard (1...600).contains(seconds) else {
                throw node.mismatch(expected: "from 1s to 10m")
            }
            limits.requestSeconds = Int(seconds)
        }
        if let node = keys["header_size"] {
            let bytes = try node.byteCount
            guard (1 << 10...1 << 20).contains(bytes) else {
                throw node.mismatch(expected: "from 1KiB to 1MiB")
            }
            limits.headerBytes = bytes
        }
        return limits
    }
}

/// `ADDRESS:PORT`, the address in brackets if it has colons.
struct ListenAddress: Sendable {
    let address: String
    let port: UInt16

    init(_ text: String) throws(ConfigurationProblem) {
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...])
        else {
            throw ConfigurationProblem(
                "listen \"\(text)\" is no address, expected ADDRESS:PORT such as 127.0.0.1:8080"
            )
        }
        var address = text[..<colon]
        if address.hasPrefix("["), address.hasSuffix("]") {
            address = address.dropFirst().dropLast()
        }
        self.address = address.isEmpty ? "0.0.0.0" : String(address)
        self.port = port
    }

    /// The address as it stands in a URL.
    var host: String { address.contains(":") ? "[\(address)]" : address }
}

/// `tls: { certificate: PATH, key: PATH }`; paths from the ledger's folder.
struct TLSPaths: Sendable {
    let certificate: String
    let key: String

    init(_ node: YAMLNode, _ ledger: String) throws {
        let keys = try node.mapping(allowed: ["certificate", "key"])
        certificate = Secrets.path(try keys.required("certificate").string, ledger: ledger)
        key = Secrets.path(try keys.required("key").string, ledger: ledger)
    }

    func files() throws -> TLSFiles {
        TLSFiles(
            certificate: try Files.read(certificate, limit: 1 << 20),
            key: try Files.read(key, limit: 1 << 20)
        )
    }
}

/// Values that the configuration refers to: `env:NAME`, `file:PATH`, `plain:VALUE`.
enum Secrets {
    static func resolve(_ reference: String, ledger: String) throws -> [UInt8] {
        if let name = reference.dropping("env:") {
            guard let value = Process.environment(name), !value.isEmpty else {
                throw ConfigurationProblem("the environment variable \(name) is not set")
            }
            return Array(value.utf8)
        }
        if let path = reference.dropping("file:") {
            var bytes = try Files.read(Secrets.path(path, ledger: ledger), limit: 1 << 20)
            // An editor's last line end is not part of a secret.
            while let last = bytes.last, last == 10 || last == 13 { bytes.removeLast() }
            return bytes
        }
        if let value = reference.dropping("plain:") { return Array(value.utf8) }
        throw ConfigurationProblem("a secret is not given by env:NAME, file:PATH or plain:VALUE")
    }

    /// Puts a value in the place of one that was read by `file:PATH`; other references cannot keep
    /// one.
    static func keep(_ value: [UInt8], as reference: String, ledger: String) throws {
        guard let path = reference.dropping("file:") else {
            throw ConfigurationProblem(
                "a provider has replaced a secret that \(reference.prefix { $0 != ":" }): cannot "
                    + "keep; give it by file:PATH, lest the next start knows only the old one"
            )
        }
        try Files.replace(Secrets.path(path, ledger: ledger), with: value)
    }

    /// A path of the configuration: from the ledger's folder unless it is absolute.
    static func path(_ path: String, ledger: String) -> String {
        path.hasPrefix("/") ? path : "\(ledger)/\(path)"
    }
}

extension String {
    fileprivate func dropping(_ prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}

extension Systems {
    /// The embedded systems, and those in the ledger's `providers/` folder.
    static func load(ledger: String) throws -> Systems {
        let folder = "\(ledger)/providers"
        var files: [CatalogFile] = []
        if Files.isFolder(folder) {
            for name in try Files.list(folder) where name.hasSuffix(".yaml") {
                let path = "\(folder)/\(name)"
                files.append(CatalogFile(name: path, bytes: try Files.read(path, limit: 1 << 20)))
            }
        }
        return try Systems(adding: files)
    }

    /// What is known of the API of a system; `nil` where there is none.
    func service(named name: String) throws(YAMLError) -> ServiceProfile? {
        guard let entry = try entry(named: name), let node = entry.service else { return nil }
        return try ServiceProfile(node, name: entry.name, about: entry.about)
    }
}
