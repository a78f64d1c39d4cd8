import Catalog
import Foundation
import Testing
import YAML

/// The folder that the program's entries and samples are embedded from.
enum CatalogFolder {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../Sources/Catalog")

    /// The names of the files in one of its folders.
    static func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path())
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    static func bytes(of name: String, in folder: String) throws -> [UInt8] {
        try Array(Data(contentsOf: root.appending(path: "\(folder)/\(name)")))
    }
}

/// What the program carries is what the folder has.
@Suite("the embedded catalog")
struct EmbeddedTests {
    static let systems = Result { try Systems() }
    static let entries = Result { try systems.get().all() }

    @Test("every file of the folder is a system of that name, and there is no other")
    func complete() throws {
        let files = try CatalogFolder.names(in: "Systems")
        #expect(files.count > 50)
        #expect(files.allSatisfy { $0.hasSuffix(".yaml") })
        #expect(try Self.systems.get().names == files.map { String($0.dropLast(5)) }.sorted())
    }

    @Test("an entry is its file's, and the system's name is the file's")
    func entry() throws {
        let systems = try Self.systems.get()
        for name in systems.names {
            let bytes = try CatalogFolder.bytes(of: "\(name).yaml", in: "Systems")
            let read = try CatalogEntry(try parseYAML(bytes.span, file: "\(name).yaml"))
            let entry = try #require(try systems.entry(named: name))
            #expect(read.name == name)
            #expect(entry.name == name && entry.about == read.about, "\(name)")
            #expect(entry.documented == read.documented && entry.also == read.also, "\(name)")
        }
    }

    @Test("no two systems go by the same name")
    func distinct() throws {
        var owners: [String: String] = [:]
        for entry in try Self.entries.get() {
            for name in [entry.name] + entry.also {
                #expect(owners[name] == nil, "\(name)")
                owners[name] = entry.name
                let isPlain = name.utf8.allSatisfy {
                    $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2d
                }
                #expect(isPlain && !name.isEmpty, "\(name)")
            }
        }
        for (name, owner) in owners {
            #expect(try Self.systems.get().entry(named: name)?.name == owner)
        }
    }

    @Test("every entry is described in sentences and says where its facts are from")
    func described() throws {
        for entry in try Self.entries.get() {
            #expect(entry.about.hasSuffix("."), "\(entry.name)")
            #expect(!entry.documented.isEmpty, "\(entry.name)")
            for page in entry.documented { #expect(page.hasPrefix("https://"), "\(page)") }
            // Whoever is told that something is uncertain must be told what.
            #expect(entry.confidence != .uncertain || entry.open != nil, "\(entry.name)")
        }
    }

    @Test("every sample of the folder is carried, byte for byte")
    func samples() throws {
        let names = try CatalogFolder.names(in: "Samples")
        #expect(names.count > 40)
        for name in names {
            let bytes = try CatalogFolder.bytes(of: name, in: "Samples")
            #expect(try Self.systems.get().sample(named: name) == bytes, "\(name)")
        }
    }

    @Test("every entry's sample is there, and every sample is an entry's")
    func referenced() throws {
        var files: [String] = []
        for entry in try Self.entries.get() {
            guard let sample = entry.webhooks?["sample"] else { continue }
            let file = try sample.mapping.required("file").string
            #expect(file.split(separator: ".").first.map { String($0) } == entry.name, "\(file)")
            #expect(try Self.systems.get().sample(named: file) != nil, "\(entry.name)")
            files.append(file)
        }
        #expect(try CatalogFolder.names(in: "Samples") == files.sorted())
    }

    @Test("files are plain ASCII in short lines, without tabs and white space at lines' ends")
    func tidy() throws {
        for name in try CatalogFolder.names(in: "Systems") {
            let bytes = try CatalogFolder.bytes(of: name, in: "Systems")
            #expect(bytes.allSatisfy { $0 == 10 || (0x20...0x7e).contains($0) }, "\(name)")
            #expect(bytes.last == 10, "\(name)")
            for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
                #expect(line.count <= 100 && line.last != 0x20, "\(name): \(line.count)")
            }
        }
    }

    /// Addresses of providers themselves, which are nobody's.
    static let providersOwn = ["noreply@google.com", "git@github.com", "noreply@github.com"]

    @Test("no entry and no sample has a secret or a person's real address in it")
    func harmless() throws {
        for folder in ["Systems", "Samples"] {
            for name in try CatalogFolder.names(in: folder) {
                let text = String(
                    decoding: try CatalogFolder.bytes(of: name, in: folder),
                    as: UTF8.self
                )
                for key in ["PRIVATE KEY", "AKIA", "sk_live_", "xoxb-", "ghp_"] {
                    #expect(!text.contains(key), "\(name): \(key)")
                }
                for match in text.matches(of: /[A-Za-z0-9._-]+(?:@|%40)([a-z0-9.-]+\.[a-z]{2,})/) {
                    let domain = String(match.1)
                    let isInvented = ["example.com", "example.gr"].contains {
                        domain == $0 || domain.hasSuffix(".\($0)")
                    }
                    let isKnown = Self.providersOwn.contains(String(match.0))
                    #expect(isInvented || isKnown, "\(folder)/\(name): \(match.0)")
                }
            }
        }
    }
}
