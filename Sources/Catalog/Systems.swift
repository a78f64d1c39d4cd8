package import YAML

/// The systems that are known: those embedded in the program, and a ledger's own.
///
/// An entry is read when it is asked for: a program that needs two of sixty does not wait for all.
package struct Systems: Sendable {
    private var own: [String: CatalogFile] = [:]
    private let samples: [String: CatalogFile]

    /// Takes the embedded entries, then `files`, which add systems or take the place of one, and
    /// `samples`, which add bodies of samples.
    package init(
        adding files: [CatalogFile] = [],
        samples: [CatalogFile] = []
    ) throws(YAMLError) {
        self.samples = Dictionary(samples.map { ($0.name, $0) }) { $1 }
        for file in files {
            let name = try Self.entry(file).name
            own[name] = file
        }
    }

    /// The systems' own names, in order.
    package var names: [String] {
        Set(EmbeddedSystems.files.keys).union(own.keys).sorted()
    }

    /// The system of that name, or that also goes by it.
    package func entry(named name: String) throws(YAMLError) -> CatalogEntry? {
        if let file = file(named: name) { return try Self.entry(file) }
        return try all().first { $0.also.contains(name) }
    }

    /// Every system, by name.
    package func all() throws(YAMLError) -> [CatalogEntry] {
        var entries: [CatalogEntry] = []
        for name in names {
            guard let file = file(named: name) else { continue }
            entries.append(try Self.entry(file))
        }
        return entries
    }

    /// The body of a sample by its file's name; `nil` if there is none.
    package func sample(named name: String) -> [UInt8]? {
        samples[name]?.bytes ?? EmbeddedSystems.samples[name]?()
    }

    private func file(named name: String) -> CatalogFile? {
        own[name]
            ?? EmbeddedSystems.files[name].map {
                CatalogFile(name: "\(name).yaml", bytes: $0())
            }
    }

    private static func entry(_ file: CatalogFile) throws(YAMLError) -> CatalogEntry {
        try CatalogEntry(try parseYAML(file.bytes.span, file: file.name))
    }
}
