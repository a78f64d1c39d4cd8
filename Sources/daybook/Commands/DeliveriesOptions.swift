import Arguments
import Ledger
import Service

/// What the commands about deliveries share.
enum DeliveriesOptions {
    static let filters = [
        Option("type", "of events of this type", value: "GLOB"),
        Option("subject", "of events about this entity", value: "GLOB"),
        Option("since", "of events recorded at or after", value: "TIME"),
        Option("until", "of events recorded before", value: "TIME"),
    ]

    static func filter(
        _ context: Context,
        _ states: Set<DeliveryState>
    ) throws -> DeliveryFilter {
        var filter = DeliveryFilter(states)
        for (name, attribute) in [("type", Attribute.type), ("subject", .subject)] {
            if let pattern = context.invocation.string(name) {
                filter.query.conditions.append((attribute, pattern))
            }
        }
        filter.query.since = try context.moment("since")
        filter.query.until = try context.moment("until")
        return filter
    }
}
