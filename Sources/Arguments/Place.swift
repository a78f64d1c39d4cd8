/// A command together with the commands above it: where it stands in the table.
struct Place: Sendable {
    /// The command itself.
    let command: Command
    /// The commands above it, the root first; empty for the root.
    let above: [Command]

    init(_ command: Command, below above: [Command] = []) {
        self.command = command
        self.above = above
    }

    /// The names from below the root down to the command, such as `["hooks", "verify"]`.
    var path: [String] { Array((above + [command]).dropFirst().map(\.name)) }

    /// The words that call the command, such as `daybook hooks verify`.
    var title: String { (above + [command]).map(\.name).joined(separator: " ") }

    /// The places from the root down to this one.
    var places: [Place] {
        above.indices.map { Place(above[$0], below: Array(above[..<$0])) } + [self]
    }

    /// Every option that the command accepts: its own and those of the commands above it.
    var options: [Option] { command.options + above.reversed().flatMap(\.options) }

    /// The places directly below, in the order of the table.
    var children: [Place] { command.subcommands.map { Place($0, below: above + [command]) } }

    /// This place and every one below it, each before those below it.
    var all: [Place] { [self] + children.flatMap(\.all) }

    /// The place of the subcommand called `name`.
    func child(_ name: String) -> Place? {
        command.subcommands.first { $0.name == name }.map { Place($0, below: above + [command]) }
    }

    /// The deepest place reached by following `path` as far as the table knows it.
    func descend(_ path: [String]) -> Place {
        guard let name = path.first, let next = child(name) else { return self }
        return next.descend(Array(path.dropFirst()))
    }

    /// The subcommands under their headings, headings in the order of first appearance.
    var groups: [(heading: String, commands: [Command])] {
        var groups: [(heading: String, commands: [Command])] = []
        for child in command.subcommands {
            let heading = child.group ?? "Commands"
            if let index = groups.firstIndex(where: { $0.heading == heading }) {
                groups[index].commands.append(child)
            } else {
                groups.append((heading, [child]))
            }
        }
        return groups
    }

    /// How the command is called, in one line.
    var usage: String {
        var words = [title]
        for option in options where option.isRequired {
            words.append("\(option.long) \(option.value ?? "")")
        }
        if options.contains(where: { !$0.isRequired }) { words.append("[OPTIONS]") }
        if !command.subcommands.isEmpty {
            words.append(command.runsAlone ? "[COMMAND]" : "COMMAND")
        }
        words += command.operands.map(\.notation)
        if let rest = command.rest {
            words.append(rest.isRequired ? "-- \(rest.notation)" : "[-- \(rest.name)...]")
        }
        return words.joined(separator: " ")
    }
}
