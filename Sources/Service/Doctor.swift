internal import Audit
internal import Bytes
internal import Ledger
internal import Outbound
internal import POSIX
internal import Projections
internal import Webhooks

/// Looks for what would keep a ledger from working.
package enum Doctor {
    /// What one check found.
    package struct Check: Sendable {
        /// How it stands.
        package enum State: String, Sendable { case good, notice, bad }
        package let state: State
        package let name: String
        package let detail: String
    }

    /// Checks configuration, log, keys, head file, disk and clock; opens nothing for writing.
    package static func examine(ledger path: String) -> [Check] {
        var checks: [Check] = []
        func add(_ state: Check.State, _ name: String, _ detail: String) {
            checks.append(Check(state: state, name: name, detail: detail))
        }
        var headFile: String?
        do {
            let configuration = try Configuration.load(ledger: path)
            headFile = configuration.headFile
            add(.good, "configuration", "\(Configuration.file(path))")
            for source in configuration.sources.values.sorted(by: { $0.name < $1.name }) {
                add(.good, "source \(source.name)", "provider \(source.provider.name)")
            }
            for service in configuration.services {
                let limits = service.limits.notation
                add(
                    limits == nil ? .notice : .good,
                    "service \(service.name)",
                    "\(service.base), "
                        + (limits.map { "limits \($0)" }
                            ?? "no limits; \"daybook providers show NAME\" says what is documented")
                )
            }
            for rule in configuration.deliveries {
                add(.good, "delivery \(rule.name)", "to \(rule.terms.to)")
            }
            for sync in configuration.syncs {
                add(.good, "sync \(sync.name)", "\(sync.cron.text), \(sync.zone.name)")
            }
            if let anchors = configuration.anchors { add(.good, "anchors", anchors.text) }
            if configuration.sources.isEmpty {
                add(.notice, "sources", "none; name one in \(Configuration.file(path))")
            }
        } catch {
            add(.bad, "configuration", "\(error)")
        }
        do {
            for definition in try DefinitionFiles(ledger: path).definitions {
                add(.good, "projection \(definition.name)", "version \(definition.version)")
            }
        } catch {
            add(.bad, "projections", "\(error)")
        }
        do {
            let ledger = try Ledger(path: path, options: .init(appends: false, headFile: headFile))
            checks += examine(ledger)
        } catch {
            add(.bad, "log", "\(error)")
        }
        checks += examineMachine(path)
        return checks
    }

    private static func examine(_ ledger: Ledger) -> [Check] {
        var checks: [Check] = []
        do {
            let state = try ledger.condition()
            checks.append(Check(state: .good, name: "log", detail: "\(state.size) events"))
            checks.append(
                Check(
                    state: state.keyProblem == nil ? .good : .bad,
                    name: "key",
                    detail: state.keyProblem ?? state.vkey
                )
            )
            for path in state.leftoverKeys {
                checks.append(
                    Check(
                        state: .notice,
                        name: "retired key",
                        detail: "\(path) signs nothing any more; delete it"
                    )
                )
            }
            checks.append(
                Check(
                    state: state.headProblem == nil ? .good : .bad,
                    name: "head file",
                    detail: state.headProblem ?? state.headFile
                )
            )
            let now = Clock.microseconds
            let isAhead = state.lastTime.microseconds > now + 1_000_000
            checks.append(
                Check(
                    state: isAhead ? .bad : .good,
                    name: "clock",
                    detail: isAhead
                        ? "the last event was recorded at \(state.lastTime.short), after now; "
                            + "set the machine's clock"
                        : "after the last event, \(state.lastTime.short)"
                )
            )
        } catch {
            checks.append(Check(state: .bad, name: "log", detail: "\(error)"))
        }
        return checks
    }

    private static func examineMachine(_ path: String) -> [Check] {
        var checks: [Check] = []
        let isWritable = Files.isWritable("\(path)/log/data.mdb")
        checks.append(
            Check(
                state: isWritable ? .good : .bad,
                name: "folder",
                detail: isWritable
                    ? "\(path) can be written"
                    : "\(path) cannot be written by this user; nothing can be appended"
            )
        )
        if let free = Files.freeSpace(path) {
            let isLow = free < 1 << 30
            checks.append(
                Check(
                    state: isLow ? .notice : .good,
                    name: "disk",
                    detail: "\(free >> 20) MiB free" + (isLow ? "; make room" : "")
                )
            )
        }
        return checks
    }
}
