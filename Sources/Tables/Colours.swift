/// Marks text for a terminal, or leaves it alone where colour is off.
///
/// Each mark ends only itself (ECMA-48 SGR 22 and 39), so that colours may stand inside bold.
package struct Colours: Sendable {
    /// Whether anything is marked.
    package let on: Bool

    /// Chooses whether text is marked at all.
    package init(on: Bool) { self.on = on }

    /// Makes text bold.
    package func bold(_ text: String) -> String { mark(text, "1", "22") }

    /// Makes text faint.
    package func dim(_ text: String) -> String { mark(text, "2", "22") }

    /// Makes text red: failed, refused.
    package func red(_ text: String) -> String { mark(text, "31", "39") }

    /// Makes text green: done, verified.
    package func green(_ text: String) -> String { mark(text, "32", "39") }

    /// Makes text yellow: look at this.
    package func yellow(_ text: String) -> String { mark(text, "33", "39") }

    private func mark(_ text: String, _ start: String, _ end: String) -> String {
        on && !text.isEmpty ? "\u{1B}[\(start)m\(text)\u{1B}[\(end)m" : text
    }
}
