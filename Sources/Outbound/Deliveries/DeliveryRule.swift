internal import Ledger
package import YAML

/// A rule of `daybook.yaml`: which events go where, how they are signed, and when they are tried
/// again.
package struct DeliveryRule: Sendable {
    /// What the log says of it.
    package let terms: DeliveryTerms
    /// The destination, whole.
    package let url: String
    /// Signs what is sent.
    let signer: DeliverySigner

    /// The rule's name.
    package var name: String { terms.name }

    /// Reads an entry of `deliveries`; `resolve` gives the value of a secret reference.
    package init(
        _ node: YAMLNode,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) {
        let keys = try node.mapping(allowed: [
            "name", "from", "to", "secret", "secrets", "ordered", "concurrent", "retries",
            "timeout", "allow_private",
        ])
        let allowsPrivate = try keys["allow_private"].map { node throws(YAMLError) in
            try node.boolean
        }
        url = try Self.url(try keys.required("to"), allowsPrivate: allowsPrivate ?? false)
        terms = DeliveryTerms(
            name: try Self.name(try keys.required("name")),
            selection: try DeliverySelection(try keys.required("from")),
            to: String(url.prefix { $0 != "?" }),
            isOrdered: try keys["ordered"].map { node throws(YAMLError) in
                try node.boolean
            } ?? false,
            concurrent: try keys["concurrent"].map { node throws(YAMLError) in
                try node.integer(in: 1...DeliveryLimits.concurrent)
            } ?? 10,
            retries: try keys["retries"].map(Self.retries) ?? DeliveryTerms.usualRetries,
            timeout: try keys["timeout"].map { node throws(YAMLError) in
                try Self.milliseconds(node, in: DeliveryLimits.timeoutMilliseconds)
            } ?? 15_000,
            allowsPrivate: allowsPrivate ?? false
        )
        signer = try DeliverySigner(keys, resolve)
    }

    /// Reads the list of `deliveries`: no name twice, and no ring of deliveries of deliveries.
    package static func list(
        _ node: YAMLNode,
        resolve: (String) throws -> [UInt8]
    ) throws(YAMLError) -> [DeliveryRule] {
        let nodes = try node.list
        guard nodes.count <= DeliveryLimits.rules else {
            throw node.error(
                "found \(nodes.count) rules",
                expected: "at most \(DeliveryLimits.rules)"
            )
        }
        var rules: [DeliveryRule] = []
        for node in nodes {
            let rule = try DeliveryRule(node, resolve: resolve)
            guard !rules.contains(where: { $0.name == rule.name }) else {
                throw node.error("found two rules called \"\(rule.name)\"", expected: "one")
            }
            rules.append(rule)
        }
        let ofDeliveries = rules.filter { $0.terms.selection.kinds.contains(.delivery) }
        for (node, rule) in zip(nodes, rules)
        where rule.terms.selection.kinds.contains(.delivery) {
            let sources = rule.terms.selection.source.map(\.text)
            if let other = ofDeliveries.first(where: { sources.contains($0.name) }) {
                throw node.error(
                    "it delivers the deliveries of \"\(other.name)\", which delivers deliveries",
                    expected: "rules that deliver something else"
                )
            }
        }
        return rules
    }

    private static func name(_ node: YAMLNode) throws(YAMLError) -> String {
        let name = try node.string
        guard SourceName.isValid(name) else { throw node.mismatch(expected: SourceName.rule) }
        return name
    }

    private static func retries(_ node: YAMLNode) throws(YAMLError) -> [Int] {
        let nodes = try node.list
        guard nodes.count <= DeliveryLimits.retries else {
            throw node.error(
                "found \(nodes.count) waits",
                expected: "at most \(DeliveryLimits.retries)"
            )
        }
        var waits: [Int] = []
        for node in nodes {
            waits.append(try milliseconds(node, in: 0...DeliveryLimits.waitMilliseconds))
        }
        return waits
    }

    private static func milliseconds(
        _ node: YAMLNode,
        in range: ClosedRange<Int>
    ) throws(YAMLError) -> Int {
        let (seconds, attoseconds) = try node.duration.components
        // A duration that is read has whole milliseconds, of which some 2^63 fit.
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        let whole = milliseconds.partialValue &+ attoseconds / 1_000_000_000_000_000
        guard !milliseconds.overflow, let count = Int(exactly: whole), range.contains(count) else {
            let (low, high) = (range.lowerBound / 1000, range.upperBound / 1000)
            throw node.mismatch(expected: "from \(low)s to \(high)s")
        }
        return count
    }

    /// An absolute URL of printable ASCII without user, password and fragment.
    private static func url(
        _ node: YAMLNode,
        allowsPrivate: Bool
    ) throws(YAMLError) -> String {
        let text = try node.string
        let schemes = allowsPrivate ? ["https://", "http://"] : ["https://"]
        let form =
            "a URL such as https://shop.example.com/hooks, plain http only with allow_private"
        guard let scheme = schemes.first(where: { text.hasPrefix($0) }),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "#") }),
            text.utf8.count <= DeliveryLimits.urlBytes
        else { throw node.error("found another text", expected: form) }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
        guard !authority.isEmpty, !authority.hasPrefix(":"), !authority.contains("@") else {
            // What stands before an @ may be a password: it is not told.
            throw node.error("found no host, or a user name", expected: form)
        }
        return text
    }
}
