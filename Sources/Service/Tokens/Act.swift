/// What can be asked of Daybook, at the command line and over HTTP; the raw value says it in words.
package enum Act: String, CaseIterable, Sendable {
    case callOut = "to call out"
    case reportCalls = "to report calls"
    case appendEvents = "to append events"
    case reportSyncs = "to report syncs"
    case prove = "to verify and prove"
    case readRows = "to read rows"
    case readEvents = "to read events"
    case readBodies = "to read what events contain"
    case makeReports = "to make reports"
    case closePeriods = "to close and reopen periods"
    case operate = "to run deliveries, projections and anchors"
    case administer = "to administer"
}

extension Act {
    /// The roles that suffice, for messages.
    package var roles: String {
        TokenRole.allCases.filter { $0.may(self) }.map(\.rawValue).joined(separator: ", ")
    }
}
