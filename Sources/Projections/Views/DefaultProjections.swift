internal import Bytes

/// The definitions that a new ledger gets, with their cases: the folder `projections/` of the
/// source, embedded.
package enum DefaultProjections {
    /// A projection's files.
    package struct Files: Sendable {
        package let name: String
        /// `projection.yaml`.
        package let definition: [UInt8]
        /// `cases/stories.yaml`.
        package let stories: [UInt8]
    }

    /// The default projections, in the order in which they are listed.
    package static let all: [Files] = [
        Files(
            name: "order-status",
            definition: PackageResources.order_status_yaml,
            stories: PackageResources.order_status_stories_yaml
        ),
        Files(
            name: "member-status",
            definition: PackageResources.member_status_yaml,
            stories: PackageResources.member_status_stories_yaml
        ),
        Files(
            name: "stock-levels",
            definition: PackageResources.stock_levels_yaml,
            stories: PackageResources.stock_levels_stories_yaml
        ),
        Files(
            name: "rate-limit-usage",
            definition: PackageResources.rate_limit_usage_yaml,
            stories: PackageResources.rate_limit_usage_stories_yaml
        ),
        Files(
            name: "payments",
            definition: PackageResources.payments_yaml,
            stories: PackageResources.payments_stories_yaml
        ),
        Files(
            name: "invoices",
            definition: PackageResources.invoices_yaml,
            stories: PackageResources.invoices_stories_yaml
        ),
        Files(
            name: "shipments",
            definition: PackageResources.shipments_yaml,
            stories: PackageResources.shipments_stories_yaml
        ),
        Files(
            name: "sync-health",
            definition: PackageResources.sync_health_yaml,
            stories: PackageResources.sync_health_stories_yaml
        ),
        Files(
            name: "integration-health",
            definition: PackageResources.integration_health_yaml,
            stories: PackageResources.integration_health_stories_yaml
        ),
    ]

    static func definitions() throws -> [Definition] {
        try all.map { files in
            let file = "projections/\(files.name)/projection.yaml"
            let bytes = files.definition
            return try Definition(yaml: bytes.span, file: file)
        }
    }
}
