package import Bytes
package import Ledger
package import Merkle

/// What came of anchoring a checkpoint once.
package struct AnchorRound: Sendable {
    /// One who was asked.
    package struct Party: Sendable {
        package let kind: AnchorKind
        /// The witness's name in the policy, or the authority's address.
        package let name: String
        package let result: Result
    }

    /// What one who was asked did.
    package enum Result: Hashable, Sendable {
        /// Vouches for the checkpoint since this moment.
        case anchored(Timestamp)
        /// Did not, or not credibly.
        case failed(String)
        /// Knows another log under our name; the evidence is in this file.
        case fork(file: String)
    }

    /// What was anchored.
    package let checkpoint: Checkpoint
    /// Everyone who was asked, the witnesses first, in the policy's order.
    package let parties: [Party]
    /// Whether those that cosigned are a quorum.
    package let hasQuorum: Bool
    /// The quorum that the policy asks for: `2 of w1, w2, w3`.
    package let quorumText: String
    /// The events that tell of it.
    package let receipts: [Receipt]

    /// How many events were anchored.
    package var size: UInt64 { checkpoint.size }

    /// Whether all that the settings ask for was had.
    package var isComplete: Bool {
        hasQuorum && parties.allSatisfy { $0.kind != .timestamp || $0.isAnchored }
    }

    /// What went wrong, a sentence each.
    package var problems: [String] {
        parties.compactMap { party in
            switch party.result {
            case .anchored: nil
            case .failed(let reason): "\(party.kind.noun) \(party.name) \(reason)"
            case .fork(let file):
                "\(party.kind.noun) \(party.name) knows another log of this name: \(file)"
            }
        }
    }
}

extension AnchorRound.Party {
    var isAnchored: Bool {
        if case .anchored = result { return true }
        return false
    }
}

/// How somebody vouches for a checkpoint.
package enum AnchorKind: String, Hashable, Sendable {
    /// By a cosignature (C2SP tlog-cosignature).
    case witness
    /// By a time stamp (RFC 3161).
    case timestamp = "rfc3161"

    /// The word for who does it.
    package var noun: String {
        switch self {
        case .witness: "witness"
        case .timestamp: "time stamp authority"
        }
    }
}
