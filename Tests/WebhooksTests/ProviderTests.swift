import Catalog
import DaybookTesting
import Testing
import Webhooks
import YAML

/// Every entry of the catalog as the module reads it.
@Suite("the catalog's providers")
struct ProviderTests {
    static let entries = Result {
        try embedded.get().systems.all().filter { $0.webhooks != nil }
    }

    private func provider(_ name: String) throws -> Provider {
        try #require(try embedded.get().provider(named: name))
    }

    @Test("every entry with webhooks is a provider, by each of its names, and no other is")
    func all() throws {
        let providers = try embedded.get()
        for entry in try providers.systems.all() {
            for name in [entry.name] + entry.also {
                let provider = try providers.provider(named: name)
                #expect((provider != nil) == (entry.webhooks != nil), "\(name)")
                #expect(provider?.name == (entry.webhooks == nil ? nil : entry.name))
                #expect(provider?.about == (entry.webhooks == nil ? nil : entry.about))
            }
        }
        #expect(try Self.entries.get().count >= 44)
        #expect(try providers.provider(named: "nobody") == nil)
    }

    @Test("what is said of a provider is there and no longer than a line or two")
    func words() throws {
        for entry in try Self.entries.get() {
            let provider = try provider(entry.name)
            let facts = provider.facts
            #expect(facts.contains { $0.name == "signed" }, "\(entry.name)")
            #expect(facts.allSatisfy { !$0.text.isEmpty && $0.text.utf8.count < 700 })
            #expect(!provider.guide.setup.isEmpty, "\(entry.name)")
            for step in provider.guide.setup { #expect(step.hasSuffix("."), "\(step)") }
            #expect(!provider.schemeNames.isEmpty)
            #expect(provider.hasParts == (entry.webhooks?["parts"] != nil))
            #expect(provider.otherMethods.allSatisfy { ["GET", "HEAD"].contains($0) })
        }
    }

    @Test("the line of configuration that is shown is one that works")
    func sourceEntry() throws {
        for sender in try Sender.usual.get() {
            let provider = try provider(sender.provider)
            for name in ["shop", "shop-eu.2_b"] {
                let yaml = provider.sourceEntry(named: name)
                var asked: [String] = []
                let root = try parseYAML(yaml.utf8Span.span, file: "daybook.yaml")
                let entry = try root.mapping.entries[0]
                let source = try Source(
                    name: entry.key,
                    node: entry.value,
                    providers: embedded.get(),
                    publicURL: "https://hooks.example.com"
                ) { reference in
                    asked.append(reference)
                    return Array(sender.secret().utf8)
                }
                #expect(source.name == name && source.provider.name == sender.provider)
                let stem = name == "shop" ? "SHOP" : "SHOP_EU_2_B"
                #expect(asked.allSatisfy { $0.hasPrefix("env:\(stem)_") }, "\(asked)")
                let needsSecret = ["hmac", "digest", "token"].contains(sender.kind)
                #expect(asked.contains("env:\(stem)_SECRET") == needsSecret)
            }
        }
    }

    @Test("the URL that is shown has a place for a secret where one belongs there")
    func urlSuffix() throws {
        for (name, suffix) in [
            ("yotpo", "/SECRET"), ("campaign-monitor", "/SECRET"), ("stripe", ""), ("okta", ""),
            ("standard", ""), ("microsoft-graph", ""),
        ] {
            #expect(try provider(name).urlSuffix == suffix)
        }
    }

    @Test("every text that makes a sample new is in it")
    func fresh() throws {
        for sender in try Sender.usual.get() {
            let sample = try #require(sender.webhooks["sample"])
            let headers = try sample["headers"]?.mapping.entries.map { try $0.value.string } ?? []
            let body = String(decoding: try sender.body, as: UTF8.self)
            let texts = try sample["fresh"]?.oneOrMore.map { try $0.string } ?? []
            #expect(!texts.isEmpty, "\(sender.provider)")
            for text in texts {
                #expect(body.contains(text) || headers.contains(text), "\(sender): \(text)")
            }
        }
    }

    @Test("a spoiled entry is read or refused with its place", arguments: try entries.get())
    func spoiled(entry: CatalogEntry) throws {
        let path = "../../Sources/Catalog/Systems/\(entry.name).yaml"
        let bytes = try file(path)
        let others = try embedded.get().systems.names.filter { $0 != entry.name }
        var refused = 0
        for seed in 0..<20 as Range<UInt64> {
            var spoiled = bytes
            var mutation = Mutation(seed: seed)
            mutation.spoilBody(&spoiled)
            do throws(YAMLError) {
                let systems = try Systems(adding: [CatalogFile(name: "f.yaml", bytes: spoiled)])
                for name in systems.names where !others.contains(name) {
                    _ = try Providers(systems).provider(named: name)
                }
            } catch {
                refused += 1
                #expect(error.description.contains(/^f\.yaml:[0-9]+:[0-9]+:/), "\(error)")
            }
        }
        #expect(refused > 0)
    }
}

extension CatalogEntry: CustomTestStringConvertible {
    /// The system's name.
    public var testDescription: String { name }
}
