import Foundation
import Testing

/// The rules of the house that neither compiler nor formatter knows.
@Suite struct TidyTests {
    /// Each module with the layer it stands in; an import points to a lower one.
    static let layers: [String: Int] = [
        "Bytes": 1, "Merkle": 1, "Arguments": 1, "Tables": 1,
        "POSIX": 2, "LMDB": 2, "Digest": 2, "JSON": 2, "YAML": 2, "HTTPServer": 2, "HTTPClient": 2,
        "Archive": 2, "XML": 2, "Ledger": 3, "Projections": 3, "Catalog": 3, "Audit": 4,
        "Webhooks": 4, "Outbound": 4, "Service": 5, "daybook": 6, "bench": 6,
        "DaybookTesting": 6,
    ]
    /// The one Swift module that may import a C module.
    static let wrappers = [
        "CLMDB": "LMDB", "COpenSSL": "Digest", "CHashLanes": "Digest", "CSimdJSON": "JSON",
        "CArchive": "Archive", "CYAML": "YAML", "CXML": "XML", "CMicrohttpd": "HTTPServer",
        "CCurl": "HTTPClient", "CEpoll": "bench",
        "CBenchScan": "bench",
    ]
    /// Modules that wrap memory which the compiler cannot see through.
    static let unsafeModules: Set<String> = [
        "LMDB", "Digest", "JSON", "YAML", "XML", "HTTPServer", "HTTPClient", "POSIX", "Archive",
        "bench",
    ]

    private static func imports(_ file: SourceTree.File) -> [String] {
        file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "import"), at <= 2, words.count == at + 2,
                words[..<at].allSatisfy({ ["internal", "package", "@testable"].contains($0) })
            else { return nil }
            return String(words[at + 1])
        }
    }

    @Test("imports point to lower layers; Bytes is the floor of layer 1, Ledger that of layer 3")
    func layering() {
        for file in SourceTree.sources {
            guard let module = file.module, let layer = Self.layers[module] else { continue }
            for name in Self.imports(file) {
                guard let other = Self.layers[name] else { continue }
                let isAllowed =
                    other < layer || (name == "Bytes" && module != "Bytes")
                    || (name == "Ledger" && module == "Projections")
                #expect(isAllowed, "\(file.path) imports \(name)")
            }
        }
    }

    @Test("every Swift module has a layer")
    func everyModule() {
        let modules = Set(SourceTree.sources.compactMap(\.module))
        #expect(modules.subtracting(Self.layers.keys) == [])
    }

    @Test("a C module is imported by its wrapper alone, and Foundation by none")
    func foreignImports() {
        for file in SourceTree.sources {
            for name in Self.imports(file) {
                if let wrapper = Self.wrappers[name] {
                    #expect(file.module == wrapper, "\(file.path) imports \(name)")
                }
                #expect(!name.hasPrefix("Foundation"), "\(file.path) imports \(name)")
            }
        }
    }

    @Test("unsafe code stays in the modules that wrap C, and in one file of Bytes")
    func unsafeCode() {
        for file in SourceTree.sources {
            guard let module = file.module, !Self.unsafeModules.contains(module) else { continue }
            if file.path == "Sources/Bytes/Memory.swift" { continue }
            for (number, line) in file.lines.enumerated() where !line.contains("//") {
                #expect(
                    line.firstMatch(of: /\bunsafe\b/) == nil,
                    "\(file.path):\(number + 1) is unsafe"
                )
            }
        }
    }

    @Test("no file has more than 400 lines")
    func fileLength() {
        for file in SourceTree.swift where file.lines.count > 401 {
            Issue.record("\(file.path) has \(file.lines.count) lines")
        }
    }

    @Test("no function has more than 70 lines")
    func functionLength() {
        for file in SourceTree.sources {
            var start: (line: Int, indent: Int)?
            for (number, line) in file.lines.enumerated() {
                let indent = line.prefix { $0 == " " }.count
                if line.firstMatch(of: /\bfunc \w+/) != nil, !line.contains("//") {
                    start = (number, indent)
                }
                if let begun = start, line.hasSuffix("}"), indent == begun.indent {
                    #expect(
                        number - begun.line <= 70,
                        "\(file.path):\(begun.line + 1) is too long"
                    )
                    start = nil
                }
            }
        }
    }

    @Test("nothing is left unfinished, disabled or forced")
    func leftovers() {
        let words = ["TO" + "DO", "FIX" + "ME", "try" + "!", "as" + "!", ".disabled" + "("]
        for file in SourceTree.swift {
            for (number, line) in file.lines.enumerated() {
                for word in words where line.contains(word) {
                    Issue.record("\(file.path):\(number + 1) says \(word)")
                }
            }
        }
    }

    @Test("the top level holds what the house says and nothing else")
    func topLevel() throws {
        let allowed: Set = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "projections", "tools",
            "README.md", "daybook-ledger",
        ]
        let names = try FileManager.default.contentsOfDirectory(atPath: SourceTree.root.path())
        #expect(Set(names.filter { !$0.hasPrefix(".") }).subtracting(allowed) == [])
    }
}
