internal import Bytes
internal import JSON

/// The members of a report, each once and none that is unknown.
struct SyncReportFields {
    private static let known = [
        "sync", "status", "records", "errors", "source_count", "destination_count", "started",
        "duration_ms", "id", "message", "details",
    ]

    private enum Value {
        case text(String)
        case number(UInt64)
        /// Another kind of value, in words.
        case other(String)
    }

    private var values: [String: Value] = [:]
    /// The first member that no report has.
    private(set) var problem: SyncReportError?

    /// Takes the whole document.
    mutating func take(_ root: JSONValue) {
        guard root.kind == .object else {
            problem = .found("\(root.kind)", expected: "an object")
            return
        }
        var members = root.members
        var names: Set<String> = []
        while let member = members.next() {
            let name = member.name
            guard Self.known.contains(name) else {
                return refuse("the unknown key \"\(name.prefix(64))\"")
            }
            guard names.insert(name).inserted else { return refuse("the key \(name) twice") }
            take(name, member.value)
        }
    }

    private mutating func take(_ name: String, _ value: JSONValue) {
        // Many programs write what they do not know as null.
        if value.isNull { return }
        if name == "details" {
            guard value.kind != .object else { return }
            problem = .found("\(value.kind) as details", expected: "an object")
        } else if let text = value.string {
            values[name] = .text(text)
        } else if let number = value.uint64 {
            values[name] = .number(number)
        } else {
            values[name] = .other("\(value.kind)")
        }
    }

    private mutating func refuse(_ what: String) {
        problem = .found(
            what,
            expected: "each at most once of " + Self.known.joined(separator: " ")
        )
    }

    /// A member that is a text; `nil` if there is none.
    func text(_ name: String, atMost bytes: Int) throws(SyncReportError) -> String? {
        guard let value = values[name] else { return nil }
        guard case .text(let text) = value else { throw mismatch(name, value, "a text") }
        // A zero byte ends a text in many programs that read the log.
        guard text.utf8.count <= bytes, !text.utf8.contains(0) else {
            throw .found(
                "\(text.utf8.count) bytes as \(name)",
                expected: "at most \(bytes) and no zero byte"
            )
        }
        return text
    }

    /// A member that counts something; `nil` if there is none.
    func number(_ name: String) throws(SyncReportError) -> UInt64? {
        guard let value = values[name] else { return nil }
        let most = UInt64(CanonicalJSON.largestExactInteger)
        guard case .number(let number) = value, number <= most else {
            throw mismatch(name, value, "a whole number from 0 to \(most)")
        }
        return number
    }

    private func mismatch(_ name: String, _ value: Value, _ expected: String) -> SyncReportError {
        let found =
            switch value {
            case .text: "a text"
            case .number(let number): "\(number)"
            case .other(let kind): kind
            }
        return .found("\(found) as \(name)", expected: expected)
    }
}
