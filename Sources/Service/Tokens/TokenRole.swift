/// What a token lets its owner do.
package enum TokenRole: String, CaseIterable, Sendable {
    /// Appends facts, and reports calls and syncs.
    case ingest
    /// Calls out through the gateway, and reports calls made without it.
    case gateway
    /// Reads the rows of projections.
    case reader
    /// Reads everything, makes reports, and is the second person of a close.
    case auditor
    /// Runs what runs: deliveries, projections, anchors; sees lines, and no bodies.
    case `operator`
    /// All of it.
    case admin

    /// All roles, for messages.
    package static let list = allCases.map(\.rawValue).joined(separator: ", ")

    /// Reads a role's name as it stands in a file: `writer` is what `ingest` was called.
    init?(stored name: String) {
        self.init(rawValue: name == "writer" ? "ingest" : name)
    }

    /// Whether a token of this role suffices: who may what, here and nowhere else.
    package func may(_ act: Act) -> Bool {
        switch self {
        case .ingest: [.appendEvents, .reportCalls, .reportSyncs].contains(act)
        case .gateway: [.callOut, .reportCalls].contains(act)
        case .reader: [.readRows, .prove].contains(act)
        case .auditor:
            [.readRows, .readEvents, .readBodies, .makeReports, .closePeriods, .prove]
                .contains(act)
        case .operator: [.readRows, .readEvents, .operate, .prove].contains(act)
        case .admin: true
        }
    }

    /// Whether a scope can hold such a token: what it may do beyond is done to the whole book.
    package var canBeScoped: Bool { self != .operator && self != .admin }
}
