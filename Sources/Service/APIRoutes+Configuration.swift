internal import Ledger
internal import Outbound

extension APIRoutes {
    /// Routes of a configured service.
    convenience init(
        _ ledger: Ledger,
        _ writer: Writer,
        _ tokens: Tokens,
        _ configuration: Configuration
    ) {
        var known: [String: KnownService] = [:]
        for service in configuration.services {
            known[service.name] = KnownService(
                rateLimit: service.limits.notation,
                secrets: service.secrets
            )
        }
        self.init(
            ledger: ledger,
            writer: writer,
            tokens: tokens,
            reservedSources: Set(configuration.sources.keys)
                .union(known.keys).union(configuration.deliveries.map(\.name)),
            syncNames: Set(configuration.syncs.map(\.name)),
            service: { [known] in known[$0] },
            sync: { body, caller in try SyncReport.draft(body, by: caller) }
        )
    }
}
