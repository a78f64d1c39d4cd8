/// A shell for which completion scripts are written.
package enum Shell: String, CaseIterable, Sendable {
    /// GNU bash, 3.2 or later.
    case bash
    /// The Z shell with its `compinit` completion.
    case zsh
    /// The fish shell, 3.0 or later.
    case fish
}

extension Command {
    /// Writes the script that completes this table, whose root this command is, in a shell.
    ///
    /// The script is static: it knows commands, options, choices and kinds of paths, and never
    /// runs the program.
    package func completionScript(for shell: Shell) -> String {
        switch shell {
        case .bash: BashCompletion(root: self).script
        case .zsh: ZshCompletion(root: self).script
        case .fish: FishCompletion(root: self).script
        }
    }

    /// The start of the names of a script's shell functions: `_` and the program's name.
    var functionName: String {
        "_" + String(name.map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}

extension String {
    /// The text as one word of a POSIX shell.
    var shellQuoted: String { "'" + replacing("'", with: "'\\''") + "'" }
}
