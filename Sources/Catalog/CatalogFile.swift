/// A system's entry as a file of YAML.
package struct CatalogFile: Sendable {
    /// The file's name, for messages.
    package let name: String
    /// Its content.
    package let bytes: [UInt8]

    /// Takes a file that was read.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}
