package import YAML

/// What the catalog knows of one system: its webhooks, its API, its batch files.
///
/// The halves are kept as nodes: the modules that work by them read them.
package struct CatalogEntry: Sendable {
    /// How well the facts are founded.
    package enum Confidence: String, CaseIterable, Sendable {
        /// Read in the provider's own documentation or code.
        case solid
        /// Read in public sources that quote the provider.
        case secondary
        /// Sources disagree, or nothing is published.
        case uncertain
    }

    /// The name that sources and services refer to.
    package let name: String
    /// What it is, in a sentence.
    package let about: String
    /// Other names it goes by.
    package let also: [String]
    /// Uncertain where the entry does not say.
    package let confidence: Confidence
    /// Pages that document it.
    package let documented: [String]
    /// What is uncertain, and what is done about it.
    package let open: String?
    /// What fits nowhere else.
    package let note: String?
    /// Whether its news is had by asking for it.
    package let isPolled: Bool
    /// How it signs, names and times its webhooks; `nil` if it sends none.
    package let webhooks: YAMLNode?
    /// How its API is called; `nil` if there is none.
    package let service: YAMLNode?
    /// The files it hands over; `nil` if there are none.
    package let batches: Batches?

    /// How an entry is written, for people who write one.
    package static var format: [UInt8] { PackageResources.format_txt }

    /// Reads an entry.
    package init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "provider", "about", "also", "confidence", "documented", "open", "note", "polled",
            "webhooks", "service", "batches",
        ])
        name = try keys.required("provider").string
        about = try keys.required("about").string
        also = try (keys["also"]?.oneOrMore ?? []).map(Self.text)
        let word = try keys["confidence"]?.word(of: Confidence.allCases.map(\.rawValue))
        confidence = word.flatMap { Confidence(rawValue: $0) } ?? .uncertain
        documented = try (keys["documented"]?.oneOrMore ?? []).map(Self.text)
        open = try keys["open"]?.string
        note = try keys["note"]?.string
        isPolled = try keys["polled"]?.word(of: ["true", "false"]) == "true"
        webhooks = keys["webhooks"]
        service = keys["service"]
        batches = try keys["batches"].map { node throws(YAMLError) in try Batches(node) }
        guard webhooks != nil || service != nil || batches != nil else {
            throw node.error("found nothing to work by", expected: "webhooks, service or batches")
        }
    }

    private static func text(_ node: YAMLNode) throws(YAMLError) -> String { try node.string }
}

/// Files that a system hands over, such as CSV over SFTP, and what is recorded of each.
package struct Batches: Sendable {
    package let about: String
    /// What tells one file from another.
    package let dedupe: String
    /// What is recorded of a file.
    package let recorded: [String]

    init(_ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: ["about", "dedupe", "recorded"])
        about = try keys.required("about").string
        dedupe = try keys.required("dedupe").string
        var recorded: [String] = []
        for node in try keys.required("recorded").list { recorded.append(try node.string) }
        self.recorded = recorded
    }
}
