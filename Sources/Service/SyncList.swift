package import Bytes
internal import Ledger
internal import Outbound
internal import POSIX
internal import YAML

/// How the syncs of a ledger stand (`daybook syncs`).
package enum SyncList {
    /// A sync that the configuration or the log names.
    package struct Row: Sendable {
        package let name: String
        /// Its schedule as cron writes it, and by whose clocks; `nil` if it has none.
        package let schedule: String?
        package let zone: String?
        /// When it is due next.
        package let nextDue: Timestamp?
        /// When its newest run began; `nil` if it never ran.
        package let lastRun: Timestamp?
        /// `completed` or `failed`.
        package let lastStatus: String?
        /// When the newest run began that completed.
        package let lastSuccess: Timestamp?
        /// How often it was late, and how often it did not run at all.
        package let late: UInt64
        package let missed: UInt64
    }

    /// All syncs by name; reads the whole log.
    package static func rows(ledger path: String) throws -> [Row] {
        let schedules = try schedules(ledger: path)
        let ledger = try Ledger(path: path, options: .init(appends: false))
        let standings = try standings(ledger)
        let now = Timestamp(microseconds: Clock.microseconds)
        return Set(standings.keys).union(schedules.keys).sorted().map { name in
            let schedule = schedules[name]
            let standing = standings[name] ?? SyncOverview.Standing()
            return Row(
                name: name,
                schedule: schedule?.cron.text,
                zone: schedule?.zone.name,
                nextDue: schedule?.next(after: now),
                lastRun: standing.lastRun,
                lastStatus: standing.lastStatus,
                lastSuccess: standing.lastSuccess,
                late: standing.late,
                missed: standing.missed
            )
        }
    }

    /// The configured schedules by name, without reading secrets.
    private static func schedules(ledger path: String) throws -> [String: SyncSchedule] {
        guard Files.exists(Configuration.file(path)) else { return [:] }
        do {
            let node = try Configuration.read(path).mapping["syncs"]
            let all = try node.map { try SyncSchedule.all($0) } ?? []
            return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        } catch {
            throw ConfigurationProblem("\(error)")
        }
    }

    private static func standings(_ ledger: Ledger) throws -> [String: SyncOverview.Standing] {
        var overview = SyncOverview()
        try ledger.forEachLine(from: 0) { _, line in
            overview.take(line)
            return true
        }
        return overview.standings
    }
}
