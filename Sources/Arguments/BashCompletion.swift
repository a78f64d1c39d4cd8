/// Writes the completion script for bash.
///
/// Bash hands over the words of the line. The function enters one command after another, as the
/// parser does, and so knows what may stand at the cursor.
struct BashCompletion {
    let root: Command

    var script: String {
        """
        # Completes \(root.name) in bash: its commands, options, choices and paths.

        # Enters the command path $1: options and values add up, the rest is set anew.
        \(root.functionName)_enter() {
            commands='' operands=() many='' rest=''
            case $1 in
        \(Place(root).all.map(arm).joined(separator: "\n"))
            esac
        }

        \(Self.helpers(root.functionName))

        \(Self.function(root.functionName))

        complete -F \(root.functionName) \(root.name)

        """
    }

    /// What the function learns when it enters a command.
    private func arm(_ place: Place) -> String {
        let command = place.command
        var lines = ["    \(place.path.joined(separator: " ").shellQuoted))"]
        func set(_ assignment: String) { lines.append("        \(assignment)") }
        if !command.subcommands.isEmpty {
            set("commands=\(command.subcommands.map(\.name).joined(separator: " ").shellQuoted)")
        }
        let spellings = command.options.flatMap(\.spellings)
        if !spellings.isEmpty { set("options+=(\(spellings.joined(separator: " ")))") }
        for option in command.options where option.value != nil {
            let values = option.spellings.map { "\($0) \(word(for: option.kind))".shellQuoted }
            set("values+=(\(values.joined(separator: " ")))")
        }
        if !command.operands.isEmpty {
            let words = command.operands.map { word(for: $0.kind).shellQuoted }
            set("operands=(\(words.joined(separator: " ")))")
        }
        if command.operands.last?.repeats == true { set("many=1") }
        if let rest = command.rest { set("rest=\(word(for: rest.kind).shellQuoted)") }
        return (lines + ["        ;;"]).joined(separator: "\n")
    }

    /// What the function offers for a kind of value.
    private func word(for kind: ValueKind) -> String {
        switch kind {
        case .text, .integer: "text"
        case .file: "file"
        case .directory: "directory"
        case .command: "command"
        case .choice(let words): "words \(words.joined(separator: " "))"
        }
    }

    /// The functions that look options up and make offers; the same for every table.
    private static func helpers(_ name: String) -> String {
        #"""
        # Sets kind to what a value of option $1 may be; empty for a flag.
        \#(name)_kind() {
            local entry
            kind=''
            for entry in "${values[@]}"; do
                [[ $entry == "$1 "* ]] && kind=${entry#* }
            done
        }

        # Offers what begins with $current and is of kind $1.
        \#(name)_offer() {
            local candidate
            while IFS= read -r candidate; do
                COMPREPLY+=("$prefix$candidate")
            done < <(
                case $1 in
                file) compgen -f -- "$current" ;;
                directory) compgen -d -- "$current" ;;
                command) compgen -c -- "$current" ;;
                words\ *) compgen -W "${1#words }" -- "$current" ;;
                esac
            )
            # Bash 3.2 has no compopt; there a folder just gets no slash.
            case $1 in
            file | directory) compopt -o filenames 2>/dev/null ;;
            esac
        }
        """#
    }

    /// The function that bash calls; the same for every table.
    private static func function(_ name: String) -> String {
        #"""
        \#(name)() {
            local current=${COMP_WORDS[COMP_CWORD]} path='' kind='' prefix='' after='' count=0
            local commands='' options=() values=() operands=() many='' rest='' index word
            COMPREPLY=()
            \#(name)_enter ''
            for ((index = 1; index < COMP_CWORD; index++)); do
                word=${COMP_WORDS[index]}
                if [[ $word == [=:]* ]]; then
                    # Bash has split a word here; the next part still belongs to it.
                    [[ -n $kind ]] || kind=text
                elif [[ -n $kind ]]; then
                    kind=''
                elif [[ -n $after ]]; then
                    ((count++))
                elif [[ $word == -- ]]; then
                    after=1
                    [[ -z $rest ]] || count=0
                elif [[ $word == -?* ]]; then
                    \#(name)_kind "$word"
                elif [[ " $commands " == *" $word "* ]]; then
                    path=${path:+$path }$word
                    \#(name)_enter "$path"
                else
                    ((count++))
                fi
            done
            if [[ $current == [=:]* ]]; then
                current=''
                [[ -n $kind ]] || kind=text
            elif [[ -z $kind && -z $after && $current == --*=* ]]; then
                prefix=${current%%=*}=
                \#(name)_kind "${current%%=*}"
                current=${current#*=}
            fi
            if [[ -n $kind ]]; then
                \#(name)_offer "$kind"
            elif [[ -n $after && -n $rest ]]; then
                ((count == 0)) || rest=file
                \#(name)_offer "$rest"
            elif [[ $current == -* && -z $after ]]; then
                \#(name)_offer "words ${options[*]}"
            elif [[ -n $commands ]]; then
                \#(name)_offer "words $commands"
            elif ((count < ${#operands[@]})); then
                \#(name)_offer "${operands[count]}"
            elif [[ -n $many ]]; then
                \#(name)_offer "${operands[${#operands[@]} - 1]}"
            elif [[ -n $rest && -z $after ]]; then
                \#(name)_offer 'words --'
            fi
        }
        """#
    }
}
