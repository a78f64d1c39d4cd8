import Arguments
import Ledger
import POSIX

/// The options that choose among the log's events.
enum LogFilters {
    static let options = [
        Option("source", "of this source", value: "NAME"),
        Option("type", "of this type", value: "GLOB"),
        Option(
            "kind",
            "of this kind",
            value: "KIND",
            kind: .choice(Kind.allCases.map(\.rawValue))
        ),
        Option("subject", "about this entity", value: "GLOB"),
        Option(
            "outcome",
            "with this outcome",
            value: "OUTCOME",
            kind: .choice(Outcome.allCases.map(\.rawValue))
        ),
        Option("correlation", "of this thread", value: "ID"),
        Option("since", "recorded at or after", value: "TIME"),
        Option("until", "recorded before", value: "TIME"),
    ]

    static func query(_ context: Context, times: Bool = true) throws -> LogQuery {
        var query = LogQuery()
        let conditions: [(String, Attribute)] = [
            ("source", .source), ("type", .type), ("kind", .kind), ("subject", .subject),
            ("outcome", .outcome), ("correlation", .correlationid),
        ]
        for (name, attribute) in conditions {
            if let pattern = context.invocation.string(name) {
                query.conditions.append((attribute, pattern))
            }
        }
        guard times else { return query }
        query.since = try context.moment("since")
        query.until = try context.moment("until")
        return query
    }
}
