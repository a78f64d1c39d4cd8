/// Why a text is not a policy: the line, counted from 1, and what is wrong there.
package struct PolicyError: Error, Hashable, CustomStringConvertible {
    /// The line; 0 for the text as a whole.
    package let line: Int
    /// What was found and expected.
    package let what: String

    package var description: String {
        line == 0 ? "policy \(what)" : "line \(line) of the policy \(what)"
    }
}

/// Which logs and witnesses somebody trusts, and how many of these must have cosigned (C2SP
/// tlog-policy).
package struct TLogPolicy: Hashable, Sendable {
    /// The longest policy text: far more than the most entries take.
    package static let longestText = 64 << 10
    /// The most logs, witnesses and groups, of each; the specification asks for 32.
    ///
    /// A note with so many cosignatures still is one (`SignedNote.mostSignatures`).
    package static let mostEntries = 64

    /// A log whose checkpoints are believed.
    package struct Log: Hashable, Sendable {
        /// Its key; the key's name is the log's origin.
        package let vkey: VKey
        /// Where it is served.
        package let url: String?
    }

    /// A witness whose cosignatures count.
    package struct Witness: Hashable, Sendable {
        /// Its name within the policy.
        package let name: String
        /// Its key, of either type, as it stands in the policy.
        package let vkey: VKey
        /// Where it takes checkpoints: the submission prefix of C2SP tlog-witness.
        package let url: String?
    }

    /// So many of these must agree.
    struct Group: Hashable, Sendable {
        let threshold: Int
        let members: [String]
    }

    /// The logs in the order of the text.
    package internal(set) var logs: [Log] = []
    /// The witnesses in the order of the text.
    package internal(set) var witnesses: [Witness] = []
    /// The groups by name.
    var groups: [String: Group] = [:]
    /// The witness or group that must agree; `nil` if nobody must.
    package internal(set) var quorum: String?

    init() {}

    /// Whether those who cosigned are a quorum.
    package func isMet(by cosigners: Set<VKey>) -> Bool {
        guard let quorum else { return true }
        return agrees(quorum, cosigners)
    }

    private func agrees(_ name: String, _ cosigners: Set<VKey>) -> Bool {
        if let group = groups[name] {
            return group.members.count { agrees($0, cosigners) } >= group.threshold
        }
        return witnesses.contains { $0.name == name && cosigners.contains($0.vkey) }
    }

    /// The fewest witnesses that can be a quorum.
    package var fewestWitnesses: Int { quorum.map { fewest($0) } ?? 0 }

    private func fewest(_ name: String) -> Int {
        guard let group = groups[name] else { return 1 }
        return group.members.map { fewest($0) }.sorted().prefix(group.threshold).reduce(0, +)
    }

    /// The quorum for a person: `2 of w1, w2, w3`.
    package var quorumText: String { quorum.map { text($0) } ?? "nobody" }

    private func text(_ name: String) -> String {
        guard let group = groups[name] else { return name }
        let members = group.members.map { groups[$0] == nil ? $0 : "(\(text($0)))" }
        return "\(group.threshold) of \(members.joined(separator: ", "))"
    }
}
