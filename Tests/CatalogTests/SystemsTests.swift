import Catalog
import Foundation
import Testing
import YAML

@Suite("the systems")
struct SystemsTests {
    static func systems(_ files: String...) throws -> Systems {
        try Systems(
            adding: files.enumerated().map {
                CatalogFile(name: "\($0).yaml", bytes: Array($1.utf8))
            }
        )
    }

    static let acme = """
        provider: acme
        about: A system of our own.
        also: [acme-test, acme2]
        confidence: solid
        documented: [https://acme.example.com/hooks]
        service: { base: "https://api.acme.example.com" }
        """

    @Test("a system goes by each of its names, and by no other")
    func otherNames() throws {
        let systems = try Systems()
        for name in [
            "standard", "standard-webhooks", "in-house-oms", "in-house-ims", "in-house-cms",
            "in-house-pos",
        ] {
            #expect(try systems.entry(named: name)?.name == "standard")
        }
        #expect(try systems.entry(named: "svix")?.name == "svix")
        for name in ["Standard", "standard ", "", "standard.yaml", "../standard"] {
            #expect(try systems.entry(named: name) == nil, "\(name)")
        }
    }

    @Test("a file adds a system")
    func added() throws {
        let systems = try Self.systems(Self.acme)
        #expect(systems.names.contains("acme"))
        #expect(systems.names.count == (try Systems().names.count) + 1)
        #expect(systems.names == systems.names.sorted())
        let entry = try #require(try systems.entry(named: "acme2"))
        #expect(entry.name == "acme")
        #expect(entry.about == "A system of our own.")
        #expect(entry.also == ["acme-test", "acme2"])
        #expect(entry.confidence == .solid)
        #expect(entry.documented == ["https://acme.example.com/hooks"])
        #expect(entry.open == nil && entry.note == nil && !entry.isPolled)
        #expect(entry.webhooks == nil && entry.batches == nil && entry.service != nil)
        #expect(try systems.all().map(\.name) == systems.names)
    }

    @Test("a file takes the place of a system and of its other names")
    func replaced() throws {
        let mine = Self.acme.replacing("provider: acme", with: "provider: standard")
        let systems = try Self.systems(mine)
        #expect(systems.names.count == (try Systems().names.count))
        #expect(try systems.entry(named: "standard")?.about == "A system of our own.")
        #expect(try systems.entry(named: "acme2")?.name == "standard")
        #expect(try systems.entry(named: "in-house-oms") == nil)
    }

    @Test("of two files the later counts")
    func later() throws {
        let other = Self.acme.replacing("A system of our own.", with: "Another.")
            .replacing(", acme2", with: "")
        let systems = try Self.systems(Self.acme, other)
        #expect(try systems.entry(named: "acme")?.about == "Another.")
        #expect(try systems.entry(named: "acme-test")?.about == "Another.")
        #expect(try systems.entry(named: "acme2") == nil)
    }

    @Test("a system may take over a name that another goes by")
    func takenName() throws {
        let mine = Self.acme.replacing("provider: acme", with: "provider: in-house-oms")
        let systems = try Self.systems(mine)
        #expect(try systems.entry(named: "in-house-oms")?.about == "A system of our own.")
        #expect(try systems.entry(named: "in-house-ims")?.name == "standard")
        #expect(try systems.entry(named: "acme-test")?.name == "in-house-oms")
    }

    @Test("whatever does not say how well it is founded is uncertain")
    func confidence() throws {
        let systems = try Self.systems(Self.acme.replacing("confidence: solid\n", with: ""))
        #expect(try systems.entry(named: "acme")?.confidence == .uncertain)
    }

    @Test("a sample's body is had by its file's name, and a ledger's own counts first")
    func samples() throws {
        let own = CatalogFile(name: "stripe.json", bytes: [1, 2])
        let other = CatalogFile(name: "acme.json", bytes: [3])
        let systems = try Systems(samples: [own, other])
        #expect(systems.sample(named: "stripe.json") == [1, 2])
        #expect(systems.sample(named: "acme.json") == [3])
        #expect(try Systems().sample(named: "acme.json") == nil)
        #expect(try Systems().sample(named: "stripe.json")?.first == UInt8(ascii: "{"))
        #expect(try Systems().sample(named: "stripe") == nil)
    }

    @Test(
        "an error in an entry says what was found where, and what was expected",
        arguments: [
            ("also: [acme-test, acme2]", "also: { a: b }", "3:7: found a mapping, expected a text"),
            (
                "confidence: solid", "confidence: high",
                "4:13: found \"high\", expected one of solid, secondary, uncertain"
            ),
            ("about: A system of our own.\n", "", "1:1: missing key \"about\""),
            ("about:", "polled: yes\nabout:", "2:9: found \"yes\", expected one of true, false"),
            (
                "service: { base: \"https://api.acme.example.com\" }", "",
                "1:1: found nothing to work by, expected webhooks, service or batches"
            ),
            ("service:", "services:", "6:1: unknown key \"services\", expected \"service\""),
            (
                "service: ", "batches: { about: a, dedupe: sha256 }\nservice: ",
                "6:10: missing key \"recorded\""
            ),
            ("about:", "provider: b\nabout:", "2:1: duplicate key \"provider\", first at line 1"),
        ]
    )
    func errors(removed: String, added: String, expected: String) throws {
        let changed = Self.acme.replacing(removed, with: added)
        #expect(changed != Self.acme)
        var found: String?
        do throws(YAMLError) {
            let file = CatalogFile(name: "acme.yaml", bytes: Array(changed.utf8))
            _ = try Systems(adding: [file])
        } catch {
            found = error.description
        }
        #expect(found == "acme.yaml:\(expected)")
    }
}
