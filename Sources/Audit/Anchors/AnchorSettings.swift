internal import Bytes
package import Digest
internal import Ledger
package import Merkle
internal import POSIX
package import YAML

/// Who anchors the log, and how often: `anchors` of the configuration.
///
///     anchors:
///       every: 1h
///       policy: file:policy.txt
///       timestamp: { url: http://tsa.example.com/tsr, ca: file:ca.pem }
package struct AnchorSettings: Sendable {
    /// Whole seconds from one round to the next.
    package let seconds: UInt64
    /// The witnesses, and how many of them must cosign; `nil` where there are none.
    package let policy: TLogPolicy?
    /// The policy as it was written, for those who check without us.
    package private(set) var policyText: [UInt8]?
    /// Who stamps the time; `nil` for nobody.
    package let authority: TimestampAuthority?

    /// What may stand in the configuration.
    private static let keys = ["every", "policy", "timestamp"]
    /// The longest file of certificates.
    private static let longestRoots = 1 << 20
    /// A round more often than each second serves nobody, and one in two months is none.
    private static let allowedSeconds: ClosedRange<Int64> = 1...60 * 86_400

    /// The settings in a few words.
    package var text: String {
        var parts = ["every \(seconds) s"]
        if let policy { parts.append("cosigned by \(policy.quorumText)") }
        if let authority { parts.append("stamped by \(authority.url)") }
        return parts.joined(separator: ", ")
    }

    /// Takes settings that come from elsewhere than a configuration.
    package init(seconds: UInt64, policy: TLogPolicy?, authority: TimestampAuthority?) {
        self.seconds = seconds
        self.policy = policy
        self.authority = authority
    }

    /// Reads the settings and the files that they name; `path` makes a path of one in them.
    package init(_ node: YAMLNode, path: (String) -> String) throws {
        let keys = try node.mapping(allowed: Self.keys)
        if let node = keys["every"] {
            let seconds = try node.duration.components.seconds
            guard Self.allowedSeconds.contains(seconds) else {
                throw node.mismatch(expected: "from 1s to 60d")
            }
            self.seconds = UInt64(seconds)
        } else {
            seconds = 3600
        }
        if let node = keys["policy"] {
            let file = try Self.file(node, path)
            do {
                policyText = try Files.read(file, limit: TLogPolicy.longestText)
                policy = try Self.policy(file: file)
            } catch {
                throw node.error("\(error)")
            }
        } else {
            policy = nil
        }
        authority = try keys["timestamp"].map { try Self.authority($0, path) }
        guard policy != nil || authority != nil else {
            throw node.error("nobody anchors", expected: "policy, timestamp or both")
        }
    }

    /// Reads a policy's file and checks that its witnesses can be asked.
    package static func policy(file: String) throws -> TLogPolicy {
        let bytes = try Files.read(file, limit: TLogPolicy.longestText)
        let policy: TLogPolicy
        do {
            policy = try TLogPolicy(bytes.span, using: SHA256.self)
        } catch {
            throw AuditProblem.usage("\(file): \(error)")
        }
        for witness in policy.witnesses where witness.vkey.type != .cosignature {
            let vkey = try VKey(
                name: witness.vkey.name,
                type: .cosignature,
                publicKey: witness.vkey.publicKey,
                using: SHA256.self
            )
            throw AuditProblem.usage(
                "\(file): the key of witness \(witness.name) is one that signs notes (type 1), "
                    + "expected one that cosigns (type 4); if its operator means the same key: "
                    + "\(vkey)"
            )
        }
        return policy
    }

    /// Reads the certificates of a file in PEM form.
    package static func roots(file: String) throws -> [Certificate] {
        try Certificate.parseAll(pem: try Files.read(file, limit: longestRoots))
    }

    private static func authority(
        _ node: YAMLNode,
        _ path: (String) -> String
    ) throws -> TimestampAuthority {
        let keys = try node.mapping(allowed: ["url", "ca"])
        let url = try keys.required("url")
        guard isURL(try url.string) else {
            throw url.mismatch(expected: "such as http://tsa.example.com/tsr")
        }
        let ca = try keys.required("ca")
        do {
            return TimestampAuthority(
                url: try url.string,
                roots: try roots(file: try file(ca, path))
            )
        } catch let error as YAMLError {
            throw error
        } catch {
            throw ca.error("\(error)")
        }
    }

    /// A file that is named as `file:PATH`.
    private static func file(_ node: YAMLNode, _ path: (String) -> String) throws -> String {
        let text = try node.string
        guard text.hasPrefix("file:"), text.utf8.count > 5 else {
            throw node.mismatch(expected: "file:PATH")
        }
        return path(String(text.dropFirst(5)))
    }

    static func isURL(_ text: String) -> Bool {
        text.hasPrefix("http://") || text.hasPrefix("https://")
    }
}

/// A time stamp authority (RFC 3161).
package struct TimestampAuthority: Sendable {
    /// Where it takes queries.
    package let url: String
    /// The certificates that its own must lead to.
    package let roots: [Certificate]

    /// Names an authority.
    package init(url: String, roots: [Certificate]) {
        self.url = url
        self.roots = roots
    }
}
