internal import Ledger
internal import YAML

extension DeliverySelection {
    /// Reads `{ source, provider, kind, type, subject }`, each a text, a glob or a list of them.
    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["source", "provider", "kind", "type", "subject"])
        guard !keys.entries.isEmpty else {
            throw node.error("found no condition", expected: "at least a source or a type")
        }
        self.init(
            kinds: try keys["kind"].map(Self.kinds) ?? Self.usualKinds,
            source: try keys["source"].map(Self.patterns) ?? [],
            provider: try keys["provider"].map(Self.patterns) ?? [],
            type: try keys["type"].map(Self.patterns) ?? [],
            subject: try keys["subject"].map(Self.patterns) ?? []
        )
        if kinds.contains(.delivery) {
            guard !source.isEmpty, !source.contains(where: \.isGlob) else {
                throw node.error(
                    "the kind \"delivery\" without the rules whose deliveries are meant",
                    expected: "their names as source, without a *"
                )
            }
        }
    }

    private static func kinds(_ node: YAMLNode) throws(YAMLError) -> Set<Kind> {
        var kinds: Set<Kind> = []
        for node in try node.bounded {
            let word = try node.word(of: Kind.allCases.map(\.rawValue))
            if let kind = Kind(rawValue: word) { kinds.insert(kind) }
        }
        return kinds
    }

    private static func patterns(_ node: YAMLNode) throws(YAMLError) -> [DeliveryPattern] {
        let texts = try node.texts
        for text in texts where text.utf8.count > DeliveryLimits.patternBytes {
            throw node.error(
                "found a pattern of \(text.utf8.count) bytes",
                expected: "at most \(DeliveryLimits.patternBytes)"
            )
        }
        return texts.map { DeliveryPattern($0) }
    }
}
