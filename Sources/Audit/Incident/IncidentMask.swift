internal import Ledger
internal import Projections

/// What is shown of texts that come from events.
///
/// Redacted, a report has no text that somebody may have put personal data in: entities, rows and
/// people are numbers in the order in which they are first met, and ids, paths, reasons and values
/// of text columns are left out. What stays is what the company's own configuration names
/// (sources, services, types, kinds of entities, columns and words of closed lists), and numbers,
/// times, money, statuses and hashes.
final class IncidentMask {
    let isOn: Bool
    private var numbers: [String: [String: Int]] = [:]

    /// What stands for a text that is left out.
    static let withheld = "withheld"

    init(isOn: Bool) { self.isOn = isOn }

    /// An entity: `order:1001`, or `order #1`.
    func subject(_ text: String) -> String {
        guard isOn else { return text }
        let kind = text.prefix { $0 != ":" }
        let isKind = kind.utf8.count < text.utf8.count && Self.isWord(kind)
        return "\(isKind ? String(kind) : "entity") #\(number(text, among: "subject"))"
    }

    /// A row's key.
    func key(_ key: String, of projection: String) -> String {
        isOn ? "row #\(number(key, among: "key \(projection)"))" : key
    }

    /// Who did something.
    func actor(_ name: String) -> String {
        isOn ? "person #\(number(name, among: "actor"))" : name
    }

    /// A thread.
    func thread(_ name: String) -> String {
        isOn ? "thread #\(number(name, among: "thread"))" : name
    }

    /// A name of the configuration, which events repeat: a source, a service, a type.
    func name(_ text: String) -> String {
        guard isOn else { return text }
        let isName =
            text.utf8.count <= 64
            && text.utf8.allSatisfy { byte in
                byte &- 0x61 < 26 || byte &- 0x41 < 26 || byte &- 0x30 < 10
                    || "._-/".utf8.contains(byte)
            }
        return isName ? text : "name #\(number(text, among: "name"))"
    }

    /// A text that can say anything; `nil` if it is left out.
    func free(_ text: String?) -> String? { isOn ? nil : text }

    /// Why an event was refused or failed: of a refusal the fixed word stays.
    func reason(_ event: TimelineEvent) -> String? {
        guard isOn else { return event.reason }
        return event.outcome == .rejected ? event.reasonWord : nil
    }

    /// A row's value.
    func value(_ value: ColumnValue?, _ column: String, free: Set<String>?) -> String {
        guard let value else { return "–" }
        let isOpen = free?.contains(column) != false || Redaction.isMasked(column)
        return isOn && isOpen ? Self.withheld : value.readable
    }

    private func number(_ text: String, among list: String) -> Int {
        if let known = numbers[list]?[text] { return known }
        let next = (numbers[list]?.count ?? 0) + 1
        numbers[list, default: [:]][text] = next
        return next
    }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.count <= 40
            && text.utf8.allSatisfy { $0 &- 0x61 < 26 || $0 == 0x5F || $0 == 0x2D }
    }
}
