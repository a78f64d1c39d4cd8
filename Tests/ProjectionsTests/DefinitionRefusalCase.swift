import Testing

/// A piece of a definition and why it is refused.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let fragment: String
    /// Line, column and message.
    let message: String

    var testDescription: String { fragment }

    /// Reads cases of two lines each: the piece, its own lines parted by `⏎`, then `=> ` and what
    /// is said of it.
    static func list(_ text: String) -> [RefusalCase] {
        var cases: [RefusalCase] = []
        var fragment = ""
        for line in text.split(separator: "\n").map(String.init) {
            if line.hasPrefix("=> ") {
                cases.append(RefusalCase(fragment: fragment, message: String(line.dropFirst(3))))
            } else {
                fragment = line.split(separator: "⏎", omittingEmptySubsequences: false)
                    .joined(separator: "\n")
            }
        }
        return cases
    }
}
