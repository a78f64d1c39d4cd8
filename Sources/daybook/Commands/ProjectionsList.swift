import Arguments
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook projections list`.
enum ProjectionsListCommand: ProgramCommand {
    static let path = ["projections", "list"]
    static let command = Command(
        "list",
        "lists definitions and the versions that are built",
        discussion: """
            A projection that was never asked for has no version that answers; the first question \
            makes one.
            """,
        options: [Rows.formatOption],
        examples: [Example("daybook projections list", "shows what can be asked about")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let built = try views.versions()
        let folder = "\(views.ledger.path)/projections"
        var rows: [(name: String, version: Int, cells: [Cell])] = []
        for definition in views.files.definitions {
            let view = built.first {
                $0.name == definition.name && $0.version == definition.version
            }
            let place =
                Files.isFolder(folder) ? views.files.path(of: definition.name) : "built in"
            rows.append(
                (
                    definition.name, definition.version,
                    cells(view, isBuilt: view != nil, about: definition.about, from: place)
                )
            )
        }
        for view in built
        where !rows.contains(where: { $0.name == view.name && $0.version == view.version }) {
            rows.append(
                (view.name, view.version, cells(view, isBuilt: true, about: nil, from: "views/"))
            )
        }
        rows.sort { ($0.name, $0.version) < ($1.name, $1.version) }
        try Rows.print(
            columns,
            rows.map { [.text($0.name), .integer(Int64($0.version))] + $0.cells },
            context
        )
        return .done
    }

    private static let columns = [
        Column("name", title: "NAME", shrinking: .keep),
        Column("version", title: "VERSION", alignment: .right),
        Column("active", title: "ACTIVE"),
        Column("built", title: "BUILT"),
        Column("about", title: "ABOUT"),
        Column("from", title: "FROM", shrinking: .middle),
    ]

    private static func cells(
        _ view: ProjectionVersion?,
        isBuilt: Bool,
        about: String?,
        from place: String
    ) -> [Cell] {
        [
            .boolean(view?.isActive ?? false), .boolean(isBuilt),
            about.map { .text($0) } ?? .absent, .text(place),
        ]
    }
}
