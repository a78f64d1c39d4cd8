package import Catalog
package import YAML

/// The providers of webhooks that the catalog knows.
package struct Providers: Sendable {
    /// The catalog's systems, with or without webhooks.
    package let systems: Systems

    /// Reads providers from `systems` as they are asked for.
    package init(_ systems: Systems) {
        self.systems = systems
    }

    /// The provider of that name, or that also goes by it; `nil` if it sends no webhooks.
    package func provider(named name: String) throws(YAMLError) -> Provider? {
        try systems.entry(named: name).flatMap(Self.provider)
    }

    /// The provider of an entry; `nil` if it sends no webhooks.
    package static func provider(_ entry: CatalogEntry) throws(YAMLError) -> Provider? {
        entry.webhooks == nil ? nil : try Provider(entry)
    }

    /// The provider that a source names.
    func provider(_ node: YAMLNode) throws(YAMLError) -> Provider {
        if let text = node.text, let provider = try provider(named: text) { return provider }
        var names: [String] = []
        for entry in try systems.all() where entry.webhooks != nil {
            names += [entry.name] + entry.also
        }
        // What is no provider's name throws with the nearest one.
        _ = try node.word(of: names.sorted())
        throw node.mismatch(expected: "a provider; daybook providers lists them")
    }
}
