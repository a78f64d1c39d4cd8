/// Writes the completion script for fish: one `complete` line for each thing to offer.
struct FishCompletion {
    let root: Command

    var script: String {
        let blocks = Place(root).all.map(lines).filter { !$0.isEmpty }
        return ([functions] + blocks.map { $0.joined(separator: "\n") })
            .joined(separator: "\n\n") + "\n"
    }

    private var prefix: String { "_\(root.functionName)" }

    /// The functions that tell at which command the cursor stands.
    private var functions: String {
        let places = Place(root).all
        let paths = places.dropFirst().map { quoted($0.path.joined(separator: " ")) }
        // Below the commands without subcommands, a value cannot be taken for a command.
        let valued = places.filter { !$0.command.subcommands.isEmpty }
            .flatMap(\.command.options).filter { $0.value != nil }.flatMap(\.spellings)
        return """
            # Completes \(root.name) in fish: its commands, options, choices and paths.

            # Prints the path of the command that the words before the cursor call.
            function \(prefix)_path
                set -l paths \(paths.joined(separator: " "))
                set -l path
                set -l skip no
                set -l words (commandline -opc)
                set -e words[1]
                for word in $words
                    if test $skip = yes
                        set skip no
                    else if contains -- $word \(valued.joined(separator: " "))
                        set skip yes
                    else if contains -- (string join ' ' -- $path $word) $paths
                        set path $path $word
                    end
                end
                string join ' ' -- $path
            end

            # Tells whether that command is the one at path $argv.
            function \(prefix)_at
                set -l path (\(prefix)_path)
                test "$path" = "$argv"
            end

            # Tells whether that command is the one at path $argv or below it.
            function \(prefix)_in
                set -l path (\(prefix)_path)
                string match -q -- "$argv *" "$path "
            end

            complete -c \(root.name) -f
            """
    }

    private func lines(for place: Place) -> [String] {
        let path = place.path.joined(separator: " ")
        let isAt = "-n \(quoted(path.isEmpty ? "\(prefix)_at" : "\(prefix)_at \(path)"))"
        let isIn = place.above.isEmpty ? "" : "-n \(quoted("\(prefix)_in \(path)")) "
        var lines = place.groups.flatMap(\.commands).map { command in
            "\(isAt) -a \(command.name) -d \(quoted(command.summary))"
        }
        lines += place.command.operands.compactMap { operand in
            offer(operand.kind).map { "\(isAt) \($0) -d \(quoted(operand.name))" }
        }
        if let rest = place.command.rest, let offered = offer(rest.kind) {
            let isAfter = "\(prefix)_at \(path); and contains -- -- (commandline -opc)"
            lines.append("-n \(quoted(isAfter)) \(offered)")
        }
        lines += place.command.options.map { isIn + option($0) }
        return lines.map { "complete -c \(root.name) \($0)" }
    }

    private func option(_ option: Option) -> String {
        var words = ["-l \(option.name)"]
        if let short = option.short { words.append("-s \(short)") }
        if option.value != nil {
            words.append(option.kind == .file ? "-r -F" : "-x")
            if option.kind != .file, let offered = offer(option.kind) { words.append(offered) }
        }
        words.append("-d \(quoted(option.summary))")
        return words.joined(separator: " ")
    }

    /// What makes fish offer values of a kind; `nil` when there is nothing to offer.
    private func offer(_ kind: ValueKind) -> String? {
        switch kind {
        case .text, .integer: nil
        case .file: "-F"
        case .directory: "-a '(__fish_complete_directories)'"
        case .command: "-a '(__fish_complete_command)' -F"
        case .choice(let words): "-a \(quoted(words.joined(separator: " ")))"
        }
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
