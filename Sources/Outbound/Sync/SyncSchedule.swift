package import Bytes
internal import Ledger
package import YAML

/// When a sync has to run, as `syncs:` of the configuration says.
package struct SyncSchedule: Sendable {
    /// The sync's name.
    package let name: String
    /// When it is due.
    package let cron: Cron
    /// By whose clocks.
    package let zone: TimeZone
    /// How many seconds after its due time a run may begin.
    package let graceSeconds: Int

    /// A schedule given by its parts.
    package init(name: String, cron: Cron, zone: TimeZone = .utc, graceSeconds: Int) {
        self.name = name
        self.cron = cron
        self.zone = zone
        self.graceSeconds = graceSeconds
    }

    /// Reads `NAME: { schedule: "0 2 * * *", zone: Europe/London, grace: 30m }`.
    ///
    /// Zones are looked up in `zones`, a folder of the IANA data base.
    package init(
        name: YAMLNode,
        node: YAMLNode,
        zones: String = TimeZone.usualFolder
    ) throws(YAMLError) {
        self.name = try name.string
        guard SourceName.isValid(self.name) else {
            throw name.error("found the sync \"\(self.name)\"", expected: SourceName.rule)
        }
        let keys = try node.mapping(allowed: ["schedule", "zone", "grace"])
        let schedule = try keys.required("schedule")
        let text = try schedule.string
        do throws(CronError) { cron = try Cron(text) } catch {
            throw schedule.error("\(error)")
        }
        zone = try keys["zone"].map { node throws(YAMLError) in try Self.zone(node, zones) } ?? .utc
        graceSeconds =
            try keys["grace"].map { node throws(YAMLError) in try Self.grace(node) }
            ?? SyncLimits.usualGraceSeconds
    }

    /// Reads all of `syncs:`.
    package static func all(
        _ node: YAMLNode,
        zones: String = TimeZone.usualFolder
    ) throws(YAMLError) -> [SyncSchedule] {
        let entries = try node.mapping.entries
        guard entries.count <= SyncLimits.schedules else {
            throw node.error(
                "found \(entries.count) syncs",
                expected: "at most \(SyncLimits.schedules)"
            )
        }
        return try entries.map { entry throws(YAMLError) in
            try SyncSchedule(name: entry.key, node: entry.value, zones: zones)
        }
    }

    private static func zone(_ node: YAMLNode, _ folder: String) throws(YAMLError) -> TimeZone {
        let name = try node.string
        do throws(TimeZoneError) { return try TimeZone.named(name, in: folder) } catch {
            throw node.error("\(error)")
        }
    }

    private static func grace(_ node: YAMLNode) throws(YAMLError) -> Int {
        let (seconds, fraction) = try node.duration.components
        guard fraction == 0, (1...Int64(SyncLimits.graceSeconds)).contains(seconds) else {
            throw node.mismatch(expected: "whole seconds from 1s to 7d")
        }
        return Int(seconds)
    }

    /// The first due time after a moment; `nil` beyond the year 9999.
    package func next(after moment: Timestamp) -> Timestamp? {
        cron.next(after: moment, in: zone)
    }

    /// All of it in a line, as the log records it: `0 2 * * * Europe/London, grace 30m`.
    package var notation: String {
        let grace = WindowLength(seconds: graceSeconds).map { "\($0)" } ?? "\(graceSeconds)s"
        return "\(cron.text) \(zone.name), grace \(grace)"
    }
}
