internal import Bytes
package import YAML

/// A provider's entry as a file of YAML.
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

/// The providers that are known: those embedded in the program, and a ledger's own.
package struct Catalog: Sendable {
    /// The providers by name.
    package let providers: [Provider]
    private let byName: [String: Provider]

    /// Reads the embedded entries, then `files`, which add providers or take the place of one.
    package init(adding files: [CatalogFile] = []) throws(YAMLError) {
        var byName: [String: Provider] = [:]
        for file in EmbeddedCatalog.files + files {
            let provider = try Provider(try parseYAML(file.bytes.span, file: file.name))
            // The other names of an entry that is replaced must not lead to what is gone.
            byName = byName.filter { $0.value.name != provider.name }
            for name in [provider.name] + provider.also { byName[name] = provider }
        }
        self.byName = byName
        providers = byName.filter { $0.key == $0.value.name }.map(\.value)
            .sorted { $0.name < $1.name }
    }

    /// The provider of that name, or that also goes by it.
    package subscript(name: String) -> Provider? { byName[name] }

    /// The provider that a source names.
    func provider(_ node: YAMLNode) throws(YAMLError) -> Provider {
        let name = try node.word(of: byName.keys.sorted())
        guard let provider = byName[name] else { throw node.mismatch(expected: "a provider") }
        return provider
    }
}

/// The entries that the program carries.
enum EmbeddedCatalog {
    static let files: [CatalogFile] = [
        CatalogFile(name: "paypal.yaml", bytes: PackageResources.paypal_yaml),
        CatalogFile(name: "shopify.yaml", bytes: PackageResources.shopify_yaml),
        CatalogFile(name: "standard.yaml", bytes: PackageResources.standard_yaml),
        CatalogFile(name: "stripe.yaml", bytes: PackageResources.stripe_yaml),
        CatalogFile(name: "woocommerce.yaml", bytes: PackageResources.woocommerce_yaml),
    ]
}
