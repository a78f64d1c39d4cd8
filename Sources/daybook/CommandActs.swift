import Service

/// What each command does to the book, as a token must be good for it: the whole table in one place.
enum CommandActs {
    /// The act of a command by its path; `nil` for one that touches no ledger.
    ///
    /// A command that is not named here is an administrator's, so that a new one is never let in
    /// by oversight.
    static func act(of path: [String]) -> Act? {
        let name = path.joined(separator: " ")
        if free.contains(name) { return nil }
        return acts.first { $0.commands.contains(name) }?.act ?? .administer
    }

    /// Commands that work without a ledger, or make one.
    private static let free: Set = [
        "init", "hooks verify", "providers", "providers show", "providers test",
        "providers format", "projections schema", "completion", "man", "witness",
    ]

    private static let acts: [(act: Act, commands: Set<String>)] = [
        (.appendEvents, ["append", "import", "batch"]),
        (.reportSyncs, ["sync"]),
        (
            .prove,
            ["verify", "prove", "keys list", "anchor list", "anchors", "doctor"]
        ),
        (
            .readRows,
            [
                "state", "explain", "diff", "projections list", "projections status",
                "projections diff", "projections digest", "projections check",
            ]
        ),
        (
            .readEvents,
            [
                "log", "trace", "replay", "syncs", "deliveries list", "projections quarantine",
                "timeline", "rate-limits", "arrivals", "blast",
            ]
        ),
        (.readBodies, ["show"]),
        (
            .makeReports,
            [
                "access-log", "changes", "sod", "tokens list", "export", "rerun", "population",
                "sample", "late", "gaps", "retention", "reconcile", "reconcile orders",
                "reconcile provider", "incident", "hold list",
            ]
        ),
        (.closePeriods, ["close", "reopen"]),
        (
            .operate,
            [
                "deliveries retry", "deliveries pause", "deliveries resume",
                "projections rebuild", "projections promote", "projections rollback",
                "projections drop", "projections retry", "anchor", "anchor now",
            ]
        ),
    ]
}
