internal import Bytes
internal import Digest
package import YAML

extension Definition {
    /// Reads a definition; `file` is its name for messages.
    package init(yaml bytes: Span<UInt8>, file: String) throws(YAMLError) {
        let keys = try Self.root(bytes, file).mapping(allowed: DefinitionKeys.definition.names)
        let name = try keys.required("projection").projectionName
        let version = try keys.required("version").integer(in: DefinitionLimits.versions)
        let about = try keys["about"]?.string ?? ""
        let columns = try ColumnTable(keys)
        var derivations = DerivationReader(columns)
        let draft = Definition(
            name: name,
            version: version,
            about: about,
            key: columns.key,
            columns: columns.stored,
            derivations: try derivations.derivations(keys["derive"]),
            rules: try RuleReader(columns: columns).rules(try keys.required("events")),
            text: Array(copying: bytes),
            hash: .zero,
            foldHash: .zero
        )
        let (whole, fold) = (draft.canonical, draft.canonicalFold)
        self.init(draft, hash: SHA256.hash(whole.span), foldHash: SHA256.hash(fold.span))
    }

    private init(_ draft: Definition, hash: Hash256, foldHash: Hash256) {
        self.init(
            name: draft.name,
            version: draft.version,
            about: draft.about,
            key: draft.key,
            columns: draft.columns,
            derivations: draft.derivations,
            rules: draft.rules,
            text: draft.text,
            hash: hash,
            foldHash: foldHash
        )
    }

    private static func root(
        _ bytes: Span<UInt8>,
        _ file: String
    ) throws(YAMLError) -> YAMLNode {
        guard bytes.count <= DefinitionLimits.byteCount else {
            throw YAMLError(
                at: YAMLPlace(file: file, line: 1, column: 1),
                "too large: found \(bytes.count) bytes",
                expected: "at most \(DefinitionLimits.byteCount)"
            )
        }
        do {
            return try parseYAML(bytes, file: file)
        } catch {
            // The slip of everyone who first writes an attribute's path.
            guard error.expected == nil, error.what.contains("cannot start any token") else {
                throw error
            }
            throw YAMLError(at: error.place, error.what, expected: "quotes, as in \"@type\"")
        }
    }
}
