import Bytes
import Outbound
import YAML

/// The moment at which all answers of these tests are received: 2026-11-20T10:00:00Z.
let now = Timestamp(microseconds: 1_795_168_800_000_000)

/// Reads the keys of a `service:` half; `base` and `auth` are added.
func profile(_ keys: String) throws(YAMLError) -> ServiceProfile {
    try wholeProfile("base: https://api.example.com\nauth: bearer\n" + keys)
}

func wholeProfile(_ text: String) throws(YAMLError) -> ServiceProfile {
    let bytes = Array(text.utf8)
    let node = try parseYAML(bytes.span, file: "service.yaml")
    return try ServiceProfile(node, name: "example", about: "An example.")
}

extension ServiceProfile {
    /// What an answer says, its headers as lines of text.
    func answer(_ status: Int, _ headers: String, body: String = "") -> LimitReport {
        let headers = headers.split(separator: "\n").map { line in
            let parts = line.split(separator: ": ", maxSplits: 1)
            return (name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
        }
        let bytes = Array(body.utf8)
        return read(status: status, headers: headers, body: bytes.span, at: now)
    }
}

extension LimitReport {
    /// Everything it says, in a line for each thing.
    var lines: [String] {
        var lines = limits.map(\.line)
        if isLimited { lines.append("limited") }
        if let retryAt { lines.append("retry at \(offset(retryAt))") }
        if let problem { lines.append("problem \(problem)") }
        return lines + unread.map { "unread \($0)" }
    }
}

extension LimitState {
    /// Such as `core 1h: 10 of 60, 50 left, resets +41s`.
    var line: String {
        let amount = isPercentage ? "%" : ""
        var words = "\(used.map(String.init) ?? "?") of \(limit.map(String.init) ?? "?")\(amount)"
        if let remaining { words += ", \(remaining) left" }
        if let resets { words += ", resets \(offset(resets))" }
        if let restorePerSecond { words += ", restores \(restorePerSecond)/s" }
        let name = [name, window?.description, per.map { "per \($0)" }].compactMap(\.self)
            .joined(separator: " ")
        return name.isEmpty ? words : "\(name): \(words)"
    }
}

/// How far a moment is from now, such as `+41s` or `+1.5s`.
func offset(_ moment: Timestamp) -> String {
    let microseconds = moment.microseconds - now.microseconds
    let sign = microseconds < 0 ? "" : "+"
    return microseconds % 1_000_000 == 0
        ? "\(sign)\(microseconds / 1_000_000)s" : "\(sign)\(Double(microseconds) / 1_000_000)s"
}
