/// Writes the completion script for zsh: a function for each command around `_arguments`.
struct ZshCompletion {
    let root: Command

    var script: String {
        """
        #compdef \(root.name)
        # Completes \(root.name) in zsh: its commands, options, choices and paths.

        \(Place(root).all.map(function).joined(separator: "\n\n"))

        # Read as a file of $fpath, this is the function's body; sourced, it is not.
        if [[ $funcstack[1] == \(root.functionName) ]]; then
            \(root.functionName) "$@"
        else
            compdef \(root.functionName) \(root.name)
        fi

        """
    }

    private func name(of place: Place) -> String {
        ([root.functionName] + place.path).joined(separator: "_")
    }

    private func function(_ place: Place) -> String {
        let own = place.command.options.flatMap(specifications).map { "        \($0.shellQuoted)" }
        // The commands above have filled $options already; zsh functions see their callers' locals.
        var lines = place.above.isEmpty ? ["    local -a options"] : []
        if !own.isEmpty { lines += ["    options+=("] + own + ["    )"] }
        lines += place.command.subcommands.isEmpty ? leaf(place.command) : group(place)
        return (["\(name(of: place))() {"] + lines + ["}"]).joined(separator: "\n")
    }

    private func leaf(_ command: Command) -> [String] {
        var words = command.operands.map { operand in
            let start = operand.repeats ? "*:" : operand.isRequired ? ":" : "::"
            return "\(start)\(escape(operand.name)):\(action(for: operand.kind))".shellQuoted
        }
        if let rest = command.rest {
            let name = escape(rest.name)
            // Three colons: to _normal, the words after "--" are a command line of their own.
            let specification =
                rest.kind == .command
                ? "*:::\(name): _normal" : "*:\(name):\(action(for: rest.kind))"
            words.append(specification.shellQuoted)
        }
        return ["    _arguments -s -S $options" + words.map { " \($0)" }.joined()]
    }

    private func group(_ place: Place) -> [String] {
        let entries = place.groups.flatMap(\.commands).map { command in
            let summary = command.summary.replacing("\\", with: "\\\\")
            return "            \("\(command.name):\(summary)".shellQuoted)"
        }
        let arms = place.children.map { child in
            "        \(child.command.name)) \(name(of: child)) ;;"
        }
        return [
            "    local curcontext=$curcontext state line",
            "    typeset -A opt_args",
            "    _arguments -s -S -C $options ':command:->command' '*::argument:->argument'",
            "    case $state in",
            "    command)",
            "        local -a commands",
            "        commands=(",
        ] + entries + [
            "        )",
            "        _describe command commands",
            "        ;;",
            "    argument)",
            "        case $line[1] in",
        ] + arms + [
            "        esac",
            "        ;;",
            "    esac",
        ]
    }

    /// An option's specifications for `_arguments`, one for each spelling.
    private func specifications(_ option: Option) -> [String] {
        let spellings = option.spellings
        let exclusion = option.repeats ? "*" : "(\(spellings.joined(separator: " ")))"
        let summary = "[\(escape(option.summary))]"
        return spellings.map { spelling in
            guard let value = option.value else { return exclusion + spelling + summary }
            let mark = spelling.hasPrefix("--") ? "=" : "+"
            let message = "\(escape(value)):\(action(for: option.kind))"
            return "\(exclusion)\(spelling)\(mark)\(summary):\(message)"
        }
    }

    private func action(for kind: ValueKind) -> String {
        switch kind {
        case .text, .integer: " "
        case .file: "_files"
        case .directory: "_files -/"
        case .command: "_command_names -e"
        case .choice(let words): "(\(words.joined(separator: " ")))"
        }
    }

    private func escape(_ text: String) -> String {
        var escaped = ""
        for character in text {
            if "[]:\\".contains(character) { escaped += "\\" }
            escaped.append(character)
        }
        return escaped
    }
}
