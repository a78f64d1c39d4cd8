internal import Catalog
internal import Outbound
internal import Webhooks

/// What the catalog knows, for people (`daybook providers`).
package struct ProviderCatalog: Sendable {
    /// One system in a line.
    package struct Row: Sendable {
        package let name: String
        /// How its webhooks are signed; `nil` if it sends none.
        package let webhooks: String?
        /// Whether one request may carry several events.
        package let hasParts: Bool
        /// How its API wants to be shown who calls; `nil` if there is none.
        package let api: String?
        /// The API's limits.
        package let limits: [String]
        package let confidence: String
        package let about: String
        package let documented: [String]
        package let also: [String]
    }

    /// A titled list of names and texts; the name is empty in a list of steps.
    package struct Section: Sendable {
        package let title: String
        package let lines: [(name: String, text: String)]
    }

    /// How an entry of the catalog is written.
    package static var format: [UInt8] { CatalogEntry.format }

    private let systems: Systems

    /// Reads the embedded catalog and that of the ledger's folder, if there is one.
    package init(ledger: String) throws {
        do {
            systems = try Systems.load(ledger: ledger)
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    /// Every system, by name.
    package func rows() throws -> [Row] {
        try systems.all().map { entry in
            let provider = try Providers.provider(entry)
            let service = try Self.service(entry)
            return Row(
                name: entry.name,
                webhooks: provider?.schemeNames.joined(separator: ", "),
                hasParts: provider?.hasParts == true,
                api: service?.authInWords,
                limits: service?.limitsInWords ?? [],
                confidence: entry.confidence.rawValue,
                about: entry.about,
                documented: entry.documented,
                also: entry.also
            )
        }
    }

    private static func service(_ entry: CatalogEntry) throws -> ServiceProfile? {
        guard let node = entry.service else { return nil }
        return try ServiceProfile(node, name: entry.name, about: entry.about)
    }

    /// Everything about one system; refuses a name that is none.
    ///
    /// `base` is where the outside reaches the service, if that is configured.
    package func sections(about name: String, base: String?) throws -> [Section] {
        guard let entry = try systems.entry(named: name) else {
            throw ConfigurationProblem(
                "no system is called \(name)\(nearest(name)); \"daybook providers\" lists them"
            )
        }
        var lines = [(name: "what", text: entry.about)]
        if !entry.also.isEmpty { lines.append(("also", entry.also.joined(separator: ", "))) }
        lines.append(("confidence", Self.meaning(entry.confidence)))
        lines += entry.documented.map { ("documented", $0) }
        if let open = entry.open { lines.append(("open", open)) }
        if let note = entry.note { lines.append(("note", note)) }
        if entry.isPolled { lines.append(("webhooks", "none: it is asked for its news")) }
        var sections = [Section(title: entry.name, lines: lines)]
        if let provider = try Providers.provider(entry) {
            sections += Self.webhooks(provider, base ?? "https://YOUR-HOST")
        }
        if let service = try Self.service(entry) { sections.append(Self.service(service)) }
        if let batches = entry.batches {
            sections.append(
                Section(
                    title: "Batches",
                    lines: [
                        ("what", batches.about), ("deduplicated", "by \(batches.dedupe)"),
                        ("recorded", batches.recorded.joined(separator: ", ")),
                    ]
                )
            )
        }
        return sections
    }

    private func nearest(_ name: String) -> String {
        let near = systems.names.filter { $0.hasPrefix(name) || $0.contains(name) }
        return near.isEmpty ? "" : ", did you mean \(near.joined(separator: ", "))"
    }

    private static func meaning(_ confidence: CatalogEntry.Confidence) -> String {
        switch confidence {
        case .solid: "solid: read in the provider's own documentation or code"
        case .secondary: "secondary: read in public sources that quote the provider"
        case .uncertain: "uncertain: confirm it with a live delivery"
        }
    }

    private static func webhooks(_ provider: Provider, _ base: String) -> [Section] {
        let url = "\(base)/hooks/\(provider.name)\(provider.urlSuffix)"
        var steps = provider.guide.setup.enumerated().map {
            (name: "\($0.offset + 1)", text: $0.element)
        }
        steps.append(("URL", url))
        return [
            Section(title: "Webhooks", lines: provider.facts),
            Section(title: "At the provider", lines: steps),
            Section(
                title: "In daybook.yaml",
                lines: [
                    ("", "sources:"), ("", "  \(provider.sourceEntry(named: provider.name))"),
                ]
            ),
        ]
    }

    private static func service(_ service: ServiceProfile) -> Section {
        var lines = [
            (name: "what", text: service.about), ("base", service.base),
            ("auth", service.authInWords),
        ]
        lines += service.limitsInWords.map { ("limit", $0) }
        if !service.limited.isEmpty {
            let statuses = service.limited.map { "\($0)" }.joined(separator: ", ")
            lines.append(("too fast", "status \(statuses)"))
        }
        if let text = service.retryAfterInWords { lines.append(("wait", text)) }
        if let text = service.idempotencyInWords { lines.append(("idempotency", text)) }
        if let text = service.requestID { lines.append(("request id", text)) }
        if let text = service.retry { lines.append(("retry", text)) }
        return Section(title: "API", lines: lines)
    }
}
