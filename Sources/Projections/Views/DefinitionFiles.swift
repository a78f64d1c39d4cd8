internal import Bytes
internal import POSIX
internal import YAML

/// The definitions in a ledger's folder: `projections/NAME/projection.yaml`; where there is no such
/// folder, the default ones.
package struct DefinitionFiles: Sendable {
    /// By name.
    package let definitions: [Definition]
    private let folder: String?

    /// The largest file that is read.
    private static let byteLimit = 1 << 20

    package init(ledger: String) throws {
        let folder = "\(ledger)/projections"
        guard Files.isFolder(folder) else {
            self.folder = nil
            definitions = try DefaultProjections.definitions()
            return
        }
        self.folder = folder
        var definitions: [Definition] = []
        for name in try Files.list(folder).sorted() {
            let file = "\(folder)/\(name)/projection.yaml"
            guard Files.exists(file) else { continue }
            let bytes = try Files.read(file, limit: Self.byteLimit)
            let definition = try Definition(yaml: bytes.span, file: file)
            guard definition.name == name else {
                throw DefinitionMisplaced(file: file, name: definition.name, folder: name)
            }
            definitions.append(definition)
        }
        self.definitions = definitions
    }

    package func definition(named name: String) -> Definition? {
        definitions.first { $0.name == name }
    }

    /// The file that a projection's definition is read from.
    package func path(of name: String) -> String {
        "\(folder ?? "projections")/\(name)/projection.yaml"
    }
}

/// A definition in a folder of another name.
package struct DefinitionMisplaced: Error, CustomStringConvertible {
    let file: String
    let name: String
    let folder: String

    package var description: String {
        "\(file): the projection is called \"\(name)\"; expected \"\(folder)\", as its folder is"
    }
}
