/// What an evidence bundle is to hold.
package struct BundleRequest: Sendable {
    /// What is shown of the selected events' bodies.
    package enum Bodies: String, Sendable, CaseIterable {
        /// The body records, byte for byte.
        case whole
        /// Nothing but the digests that the lines hold.
        case digests
        /// Their content with personal values masked, which proves nothing by itself.
        case redacted
    }

    /// Which events.
    package var selection: EventSelection
    package var bodies = Bodies.whole
    /// Whether all lines of the stretch are shown, which proves that none was left out.
    package var isComplete = true
    /// Whether each event gets a proof of its own, however many there are.
    package var hasProofs = false

    /// A whole bundle of a selection.
    package init(_ selection: EventSelection) {
        self.selection = selection
    }

    /// The request as one line of text: what the log records, and `rerun` reads.
    package var text: String {
        var words = [selection.text, Self.mark, "bodies=\(bodies.rawValue)"]
        if !isComplete { words.append("lines=selected") }
        if hasProofs { words.append("proofs=all") }
        return words.joined(separator: " ")
    }

    /// Stands between the selection and the rest; no selection has it, for it escapes spaces.
    private static let mark = "|"

    /// Reads what `text` gives.
    package init(text: String) throws(AuditProblem) {
        let words = text.split(separator: " ")
        guard let mark = words.firstIndex(where: { $0 == Self.mark }) else {
            throw .usage("\"\(text)\" is no request for an evidence bundle")
        }
        self.init(try EventSelection(text: words[..<mark].joined(separator: " ")))
        for word in words[(mark + 1)...] {
            switch word {
            case "lines=selected": isComplete = false
            case "proofs=all": hasProofs = true
            default:
                guard word.hasPrefix("bodies="),
                    let bodies = Bodies(rawValue: String(word.dropFirst(7)))
                else { throw .usage("\"\(word)\" is no part of a request for an evidence bundle") }
                self.bodies = bodies
            }
        }
    }
}
