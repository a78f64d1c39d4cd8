import Arguments
import Service
import Tables

/// The command `daybook doctor`.
enum DoctorCommand: ProgramCommand {
    static let command = Command(
        "doctor",
        "checks configuration, keys, disk, clock and secrets",
        group: "Help",
        discussion: "Exit status 1 when something must be mended; each line says how.",
        options: [Rows.formatOption],
        examples: [Example("daybook doctor", "says what would keep this ledger from working")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let checks = Doctor.examine(ledger: context.ledgerPath)
        try Rows.print(
            [
                Column("state", title: "STATE"), Column("check", title: "CHECK"),
                Column("detail", title: "DETAIL"),
            ],
            checks.map { [.text($0.state.rawValue), .text($0.name), .text($0.detail)] },
            context
        )
        return checks.contains { $0.state == .bad } ? .foundWanting : .done
    }
}
