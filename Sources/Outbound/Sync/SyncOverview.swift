package import Bytes
package import Ledger

/// How the syncs of a log stand: a fold of its lines.
package struct SyncOverview: Sendable {
    /// What is known of one sync.
    package struct Standing: Sendable {
        /// When its newest run began, or was recorded if it does not say; `nil`: it never ran.
        package private(set) var lastRun: Timestamp?
        /// `completed` or `failed`.
        package private(set) var lastStatus: String?
        /// When the newest run began that completed.
        package private(set) var lastSuccess: Timestamp?
        /// How often it was late, and how often it did not run at all.
        package private(set) var late: UInt64 = 0
        package private(set) var missed: UInt64 = 0

        /// Before the log's first line.
        package init() {}

        fileprivate mutating func take(_ type: String, at time: Timestamp) {
            switch type {
            case "sync.completed", "sync.failed":
                let status = type == "sync.completed" ? "completed" : "failed"
                if status == "completed" { lastSuccess = max(lastSuccess ?? .min, time) }
                // Runs may be reported in any order.
                if time >= lastRun ?? .min { (lastRun, lastStatus) = (time, status) }
            case "sync.late": late += 1
            case "sync.missed": missed += 1
            default: break
            }
        }
    }

    /// What is known of each sync that the log names.
    package private(set) var standings: [String: Standing] = [:]

    /// Begins before the log's first line.
    package init() {}

    /// Takes the log's next line.
    package mutating func take(_ line: borrowing Line) {
        guard line.raw(.kind)?.equals(ascii: "sync") == true,
            line.outcome?.takesEffect == true, let name = line.text(.source),
            let type = line.text(.type), let recorded = line.recordedTime
        else { return }
        let time = line.text(.time).flatMap { Timestamp(rfc3339: $0) } ?? recorded
        standings[name, default: Standing()].take(type, at: time)
    }
}
